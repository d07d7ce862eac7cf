import Glibc
import MartletColumns
import MartletDiagnostics

/// The objects of a file of JSON Lines, some at a time: where the texts lie of the members that are
/// wanted.
struct JSONLines: ~Copyable {
  /// Why a line is no row: "column 12: a colon is expected".
  struct Damage: Error, Equatable, CustomStringConvertible {
    var words: String
    var description: String { words }

    init(words: String) { self.words = words }

    init(_ error: JSONError) { words = "column \(error.offset + 1): \(error.reason)" }
  }

  /// Of which columns there was a member so far, be it null.
  private(set) var met: [Bool]

  private let width: Int
  private let mostBytes: Int
  private var room: ReadingRoom
  private var members: JSONMembers
  private var reader = JSONReader(UnsafeRawBufferPointer(start: nil, count: 0))
  private var places = BufferBuilder<TextPlace>()

  /// What is wrong with the line behind those that were read last.
  private var damage: Damage?

  /// The lines of `stream`, of which the members that are `names` are wanted; none longer than
  /// `mostBytes`, and read `chunk` bytes at a time.
  init(_ stream: any ByteStream, _ names: [String], mostBytes: Int = 16 << 20, chunk: Int = 1 << 20)
  {
    room = ReadingRoom(stream, capacity: chunk)
    members = JSONMembers(names)
    met = Array(repeating: false, count: names.count)
    width = names.count
    self.mostBytes = mostBytes
  }

  /// Calls `body` with the next rows, at most `count`; `false`, and no call, behind the last.
  ///
  /// What is wrong with a line is thrown when those before it have been handed over.
  mutating func next(_ count: Int, _ body: (TextRows) throws -> Void) throws -> Bool {
    if let damage { throw damage }
    places.removeAll()
    var (rows, index) = (0, room.start)
    while rows < count {
      // What lies in the room is handed over before it moves.
      guard let line = try rows == 0 ? nextLine() : heldLine(from: index) else { break }
      do throws(Damage) { try read(line.bytes) } catch {
        guard rows > 0 else { throw error }
        damage = error
        break
      }
      index = line.next
      rows += 1
    }
    guard rows > 0 else { return false }
    let base = UnsafeRawPointer(room.base)
    let byteCount = index - room.start
    try places.withUnsafeMutableBufferPointer { places in
      // What the reader lets pass is UTF-8.
      try body(
        TextRows(
          base: base, places: UnsafeBufferPointer(places), width: width, count: rows,
          byteCount: byteCount, isUnicode: true))
    }
    room.use(upTo: index)
    return true
  }

  /// Calls `body` with a reader of the next line's object; `false`, and no call, behind the last.
  mutating func nextObject(
    _ body: (inout JSONReader) throws(JSONError) -> Void
  ) throws -> Bool {
    guard let line = try nextLine() else { return false }
    reader.restart(
      UnsafeRawBufferPointer(
        start: room.base + line.bytes.lowerBound, count: line.bytes.count))
    do throws(JSONError) {
      try body(&reader)
      try reader.end()
    } catch {
      throw Damage(error)
    }
    room.use(upTo: line.next)
    return true
  }

  /// Steps over a line; `false` behind the last.
  mutating func skip() throws -> Bool {
    guard let line = try nextLine() else { return false }
    room.use(upTo: line.next)
    return true
  }

  /// The next line, for which more is read where it must be; `nil` behind the last.
  private mutating func nextLine() throws -> (bytes: Range<Int>, next: Int)? {
    while true {
      if let line = heldLine(from: room.start) { return line }
      if room.isAll { return nil }
      guard room.end - room.start < mostBytes else {
        throw Damage(words: "a line is longer than \(mostBytes) bytes")
      }
      try room.readAhead()
    }
  }

  /// The line at `start`, where all of it is in the room.
  private func heldLine(from start: Int) -> (bytes: Range<Int>, next: Int)? {
    guard start < room.end else { return nil }
    let first = UnsafeRawPointer(room.base) + start
    guard let found = memchr(first, 0x0A, room.end - start) else {
      return room.isAll ? (start..<room.end, room.end) : nil
    }
    let end = start + (UnsafeRawPointer(found) - first)
    return (start..<end, end + 1)
  }

  private mutating func read(_ line: Range<Int>) throws(Damage) {
    let bytes = UnsafeRawBufferPointer(start: room.base + line.lowerBound, count: line.count)
    let first = places.count
    places.append(repeating: .null, count: width)
    reader.restart(bytes)
    do throws(JSONError) {
      try readMembers(of: 0, line.lowerBound, into: first)
      try reader.end()
    } catch {
      throw Damage(error)
    }
  }

  /// Reads an object, and goes as deep into those inside as the columns' names do.
  private mutating func readMembers(
    of node: Int, _ lineStart: Int, into first: Int
  ) throws(JSONError) {
    try reader.beginObject()
    var index = 0
    while try reader.nextMember() {
      let (column, inner) = members.wanted(reader, at: index, in: node)
      index += 1
      let kind = try reader.nextKind()
      if let inner, kind == .object, column == nil {
        try readMembers(of: inner, lineStart, into: first)
      } else if let column {
        let start = reader.offset
        let place = try place(kind, lineStart)
        guard places[first + column].isNull else {
          throw JSONError(reason: .duplicateName("member of column \(column + 1)"), offset: start)
        }
        places[first + column] = place
        met[column] = true
      } else {
        try reader.skip()
      }
    }
  }

  /// Where the value lies that comes next; a text is put in the place of its escapes.
  private mutating func place(
    _ kind: JSONReader.Kind, _ lineStart: Int
  ) throws(JSONError) -> TextPlace {
    let start = lineStart + reader.offset
    switch kind {
    case .null:
      try reader.readNull()
      return .null
    case .string:
      try reader.readText()
      let room = room.base + start + 1
      let count = reader.withText { text in
        if let bytes = text.baseAddress, bytes != UnsafeRawPointer(room) {
          room.copyMemory(from: bytes, byteCount: text.count)
        }
        return text.count
      }
      return TextPlace(start + 1, count: count, .quoted)
    case .number: _ = try reader.readNumber()
    case .bool: _ = try reader.readBool()
    case .array, .object: try reader.skip()
    }
    let written: TextPlace.Kind =
      switch kind {
      case .number: .number
      case .bool: .flag
      case .array: .array
      default: .object
      }
    return TextPlace(start, count: lineStart + reader.offset - start, written)
  }
}
