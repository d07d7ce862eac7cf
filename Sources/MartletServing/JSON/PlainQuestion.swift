import MartletColumns
import MartletDiagnostics
import MartletOnline

/// A question about one entity, read in one pass where it is written as it nearly always is.
///
///     {"service":"fraud_check","entities":{"customer_id":["c1"]},"given":{"amount":[12.5]}}
///
/// Plain is: these members, each at most once and no other; arrays of one element; texts of printable
/// ASCII without an escape; numbers without an exponent. Nothing is refused here. Whatever is not plain
/// is left to `QuestionBody`, which says what is wrong with it, if anything is; and what is plain means
/// the same there.
struct PlainQuestion {
  /// The service's name.
  let service: String

  private let bytes: UnsafeRawBufferPointer
  private var members: [Member] = []

  /// A part of the request that has members.
  enum Part { case entities, given }

  private struct Member {
    var part: Part
    var name: Range<Int>
    var kind: Kind
    var value: Range<Int>
  }

  private enum Kind { case text, number, word }

  /// The most members of both parts together.
  private static let mostMembers = 16

  /// The question of `bytes`, which must outlive it; `nil` where it is not plain.
  init?(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    members.reserveCapacity(4)
    var scan = PlainScan(bytes)
    var service: Range<Int>?
    var (hasEntities, hasGiven) = (false, false)
    guard scan.take(UInt8(ascii: "{")) else { return nil }
    repeat {
      guard let name = scan.text(), scan.take(UInt8(ascii: ":")) else { return nil }
      switch name.count {
      case 7 where service == nil && bytes.isCalled("service", at: name):
        guard let text = scan.text() else { return nil }
        service = text
      case 8 where !hasEntities && bytes.isCalled("entities", at: name):
        hasEntities = true
        guard Self.read(.entities, &scan, into: &members) else { return nil }
      case 5 where !hasGiven && bytes.isCalled("given", at: name):
        hasGiven = true
        guard Self.read(.given, &scan, into: &members) else { return nil }
      default: return nil
      }
    } while scan.take(UInt8(ascii: ","))
    guard scan.take(UInt8(ascii: "}")), scan.isAtEnd, let service else { return nil }
    self.service = String(decoding: bytes[service], as: UTF8.self)
  }

  private static func read(
    _ part: Part, _ scan: inout PlainScan, into members: inout [Member]
  ) -> Bool {
    guard scan.take(UInt8(ascii: "{")) else { return false }
    if scan.take(UInt8(ascii: "}")) { return true }
    repeat {
      guard members.count < mostMembers, let name = scan.text(), scan.take(UInt8(ascii: ":")),
        scan.take(UInt8(ascii: "["))
      else { return false }
      let member: Member
      if let text = scan.text() {
        member = Member(part: part, name: name, kind: .text, value: text)
      } else if let number = scan.number() {
        member = Member(part: part, name: name, kind: .number, value: number)
      } else if let word = scan.word() {
        member = Member(part: part, name: name, kind: .word, value: word)
      } else {
        return false
      }
      guard scan.take(UInt8(ascii: "]")) else { return false }
      members.append(member)
    } while scan.take(UInt8(ascii: ","))
    return scan.take(UInt8(ascii: "}"))
  }

  /// Lends `room` the values of `part`, one for each of `fields`; says `false` where they are others, or of
  /// other kinds.
  func lend(
    _ fields: [Field], in part: Part, to room: UnsafeMutableBufferPointer<OnlineRow.Lent>
  ) -> Bool {
    for (place, field) in fields.enumerated() {
      var found = false
      for member in members where member.part == part && bytes.isCalled(field.name, at: member.name)
      {
        // A name that comes twice is not plain.
        guard !found, let value = value(of: member, as: field.type) else { return false }
        room[place] = value
        found = true
      }
      guard found else { return false }
    }
    // As many as fields, each of which has one: there is no other.
    return members.count { $0.part == part } == fields.count
  }

  private func value(of member: Member, as type: ColumnType) -> OnlineRow.Lent? {
    let text = UnsafeRawBufferPointer(rebasing: bytes[member.value])
    switch (type, member.kind) {
    case (.string, .text): return .string(text)
    case (.int, .number): return DecimalText.int(text).map { .int($0) }
    case (.double, .number): return DecimalText(text)?.double.map { .double($0) }
    case (.bool, .word): return .bool(text.first == UInt8(ascii: "t"))
    default: return nil
    }
  }
}

/// Steps over the plain parts of JSON; whatever is not plain is not stepped over.
private struct PlainScan {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether nothing but space is left.
  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return place == bytes.count
    }
  }

  /// Steps over `byte`, and the space before it.
  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  /// Steps over a text in quotes, and gives what lies between them.
  mutating func text() -> Range<Int>? {
    skipSpace()
    guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return nil }
    let start = place + 1
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      let byte = bytes[end]
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
      end += 1
    }
    guard end < bytes.count else { return nil }
    place = end + 1
    return start..<end
  }

  /// Steps over a number without an exponent.
  mutating func number() -> Range<Int>? {
    skipSpace()
    let start = place
    var end = start
    if end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
    let whole = end
    end = digitsEnd(end)
    // JSON has no zeros before other digits.
    guard end > whole, end == whole + 1 || bytes[whole] != UInt8(ascii: "0") else { return nil }
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      let fraction = end + 1
      end = digitsEnd(fraction)
      guard end > fraction else { return nil }
    }
    place = end
    return start..<end
  }

  /// Steps over `true` or `false`.
  mutating func word() -> Range<Int>? {
    skipSpace()
    for word in ["true", "false"] as [StaticString]
    where bytes.isCalled(word, from: place) {
      defer { place += word.utf8CodeUnitCount }
      return place..<place + word.utf8CodeUnitCount
    }
    return nil
  }

  private func digitsEnd(_ start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] &- 0x30 < 10 { end += 1 }
    return end
  }

  private mutating func skipSpace() {
    while place < bytes.count,
      bytes[place] == 0x20 || bytes[place] == 0x0A || bytes[place] == 0x0D || bytes[place] == 0x09
    { place += 1 }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes at `range` are `name`.
  fileprivate func isCalled(_ name: String, at range: Range<Int>) -> Bool {
    var name = name
    return name.withUTF8 { name in
      name.count == range.count
        && zip(range, name).allSatisfy { self[$0] == $1 }
    }
  }

  /// Whether the bytes at `range` are `word`.
  fileprivate func isCalled(_ word: StaticString, at range: Range<Int>) -> Bool {
    word.utf8CodeUnitCount == range.count && isCalled(word, from: range.lowerBound)
  }

  /// Whether `word` stands at `place`.
  fileprivate func isCalled(_ word: StaticString, from place: Int) -> Bool {
    word.withUTF8Buffer { word in
      count - place >= word.count
        && word.indices.allSatisfy { self[place + $0] == word[$0] }
    }
  }
}
