import MartletColumns

/// Which types the values of a column of texts may all have, narrowed with each that is met.
///
/// What reading as a number would change is none: `007` and digits beyond 64 bits are texts, most often
/// names that happen to be digits.
struct TypeGuess {
  private struct Types: OptionSet {
    var rawValue: UInt8
    static let bool = Types(rawValue: 1)
    static let int = Types(rawValue: 2)
    static let double = Types(rawValue: 4)
    static let time = Types(rawValue: 8)
    static let string = Types(rawValue: 16)
    static let list = Types(rawValue: 32)
    static let object = Types(rawValue: 64)
  }

  /// How many values were nulls.
  private(set) var nullCount = 0

  /// How many were none.
  private(set) var valueCount = 0

  private var possible: Types = [.bool, .int, .double, .time, .string, .list, .object]

  /// What the elements of lists may be; an array of one, since a guess holds a guess.
  private var elements: [TypeGuess] = []

  /// A null was met.
  mutating func noteNull() { nullCount += 1 }

  /// A value of JSON was met that is an object.
  mutating func noteObject() {
    valueCount += 1
    possible.formIntersection(.object)
  }

  /// A list was met, into whose elements `note` looks.
  mutating func noteList<Failure: Error>(
    _ note: (inout TypeGuess) throws(Failure) -> Void
  ) throws(Failure) {
    valueCount += 1
    possible.formIntersection(.list)
    var element = elements.first ?? TypeGuess()
    try note(&element)
    elements = [element]
  }

  /// A text was met.
  mutating func note(_ text: UnsafeRawBufferPointer, _ kind: TextPlace.Kind) {
    valueCount += 1
    switch kind {
    case .null: return
    case .flag: possible.formIntersection(.bool)
    case .number: possible.formIntersection(Self.isInt(text) ? [.int, .double] : .double)
    case .quoted: possible.formIntersection(Self.isTime(text) ? [.time, .string] : .string)
    case .plain: possible.formIntersection(plainTypes(text))
    case .array: possible.formIntersection(.list)
    case .object: possible.formIntersection(.object)
    }
  }

  private func plainTypes(_ text: UnsafeRawBufferPointer) -> Types {
    // Once a column holds other texts, nothing need be looked at.
    guard possible != .string else { return .string }
    if Self.isInt(text) { return [.int, .double, .string] }
    if FieldText.bool(text) != nil { return [.bool, .string] }
    if Self.isTime(text) { return [.time, .string] }
    if !Self.isDigitsOnly(text), FieldText.double(text) != nil { return [.double, .string] }
    return .string
  }

  /// The type that the values have; `nil` where there was none, or none fits all.
  var type: ColumnType? {
    guard valueCount > 0 else { return nil }
    if possible.contains(.bool) { return .bool }
    if possible.contains(.int) { return .int }
    if possible.contains(.double) { return .double }
    if possible.contains(.time) { return .time }
    if possible.contains(.string) { return .string }
    if possible.contains(.list) { return .list(elements.first?.type ?? .string) }
    return nil
  }

  /// Why there is no type, where there were values.
  var remark: String? {
    guard type == nil else { return nil }
    return valueCount == 0
      ? "it holds nulls only" : "its values have no type in common"
  }

  /// Digits that come back from an int as they were.
  private static func isInt(_ text: UnsafeRawBufferPointer) -> Bool {
    let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
    guard let first = digits.first, first &- 0x30 < 10 else { return false }
    if first == UInt8(ascii: "0"), text.count > 1 { return false }
    return FieldText.int(text) != nil
  }

  /// Digits that are no int: too many, or zeros before others.
  private static func isDigitsOnly(_ text: UnsafeRawBufferPointer) -> Bool {
    let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    if digits.allSatisfy({ $0 &- 0x30 < 10 }) { return true }
    // A zero before another digit: no program writes a number so.
    return digits.first == UInt8(ascii: "0") && (digits.dropFirst().first ?? 0) &- 0x30 < 10
  }

  private static func isTime(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count >= 10, text[4] == UInt8(ascii: "-") else { return false }
    return FieldText.time(text, zone: .utc) != nil
  }
}
