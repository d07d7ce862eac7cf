import MartletParquet

/// The records of a CSV file, one at a time, as RFC 4180 writes them.
///
/// The bytes of one record lie together in `room`, and its fields are places there:
///
///     room   │ …done… │ a,"b ""c""",d⏎ │ …read ahead… │ …free… │
///                     start            next           end
struct CSVRecords {
  /// A field's place in `room`.
  struct Place {
    var bytes: Range<Int>

    /// An empty text stands in quotes; without, the field is null.
    var isQuoted: Bool
  }

  /// Why the bytes are no CSV: "a field goes on behind its closing quote".
  struct Damage: Error, Equatable {
    var words: String
  }

  /// The fields of the record that was read last.
  private(set) var fields: [Place] = []

  private let source: any ByteSource
  private let delimiter: UInt8
  private let mostBytes: Int
  private var room: [UInt8]
  private var start = 0
  private var end = 0
  private var readCount = 0

  /// The records of `source`, none of them longer than `mostBytes`, read `chunk` bytes at a time.
  init(_ source: any ByteSource, delimiter: UInt8, mostBytes: Int, chunk: Int) {
    self.source = source
    self.delimiter = delimiter
    self.mostBytes = mostBytes
    room = [UInt8](repeating: 0, count: min(chunk, max(source.byteCount, 1)))
  }

  /// Steps to the next record; `false` behind the last.
  mutating func next() throws -> Bool {
    if readCount == 0 {
      try readAhead()
      if end >= 3, room[..<3].elementsEqual([0xEF, 0xBB, 0xBF]) { start = 3 }
    }
    while true {
      if start == end, readCount == source.byteCount { return false }
      if let next = try cut() {
        unquote()
        start = next
        return true
      }
      guard end - start < mostBytes else {
        throw Damage(words: "a row is longer than \(mostBytes) bytes")
      }
      try readAhead()
    }
  }

  /// Hands over the bytes of all fields' room.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try room.withUnsafeBytes(body)
  }

  /// Moves what is not yet cut to the front, and fills the rest of the room; makes more where there
  /// is none.
  private mutating func readAhead() throws {
    let rest = start..<end
    room.withUnsafeMutableBytes { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[rest]))
    }
    end -= start
    start = 0
    if end == room.count {
      room.append(contentsOf: repeatElement(0, count: min(room.count, source.byteCount)))
    }
    let count = min(room.count - end, source.byteCount - readCount)
    let (source, place, offset) = (source, end, readCount)
    try room.withUnsafeMutableBytes { bytes in
      try source.read(
        at: offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + count]))
    }
    end += count
    readCount += count
  }

  /// Finds the fields of the record at `start`, and where the next one begins; `nil` where the record
  /// goes on behind what has been read.
  private mutating func cut() throws(Damage) -> Int? {
    fields.removeAll(keepingCapacity: true)
    let isAll = readCount == source.byteCount
    var index = start
    while true {
      let isQuoted = index < end && room[index] == UInt8(ascii: "\"")
      let first = isQuoted ? index + 1 : index
      guard let last = isQuoted ? closingQuote(from: first) : try plainEnd(from: first) else {
        guard isAll else { return nil }
        throw Damage(words: "a quote is not closed")
      }
      fields.append(Place(bytes: first..<last, isQuoted: isQuoted))
      index = isQuoted ? last + 1 : last
      // The byte behind a field, and the one behind a carriage return, must have been read.
      guard index < end else { return isAll ? end : nil }
      if room[index] == delimiter {
        index += 1
        guard index < end || isAll else { return nil }
        continue
      }
      if room[index] == UInt8(ascii: "\r") {
        index += 1
        guard index < end || isAll else { return nil }
      }
      guard index < end, room[index] == UInt8(ascii: "\n") else {
        throw Damage(
          words: isQuoted
            ? "a field goes on behind its closing quote"
            : "a carriage return stands without a line feed")
      }
      return index + 1
    }
  }

  /// Where the quote stands that ends a field: one that is not doubled. `nil` where that is not known.
  private func closingQuote(from first: Int) -> Int? {
    var index = first
    while index < end {
      if room[index] == UInt8(ascii: "\"") {
        let next = index + 1
        if next == end { return readCount == source.byteCount ? index : nil }
        guard room[next] == UInt8(ascii: "\"") else { return index }
        index = next
      }
      index += 1
    }
    return nil
  }

  /// Where a field without quotes ends: before a delimiter, a line's end, or the end of what is read.
  private func plainEnd(from first: Int) throws(Damage) -> Int? {
    var index = first
    while index < end {
      let byte = room[index]
      if byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if byte == UInt8(ascii: "\"") {
        throw Damage(words: "a quote stands in a field that does not begin with one")
      }
      index += 1
    }
    return index
  }

  /// Makes one quote of two, in place: what is written never overtakes what is read.
  private mutating func unquote() {
    for number in fields.indices where fields[number].isQuoted {
      let bytes = fields[number].bytes
      var written = bytes.lowerBound
      var index = bytes.lowerBound
      while index < bytes.upperBound {
        room[written] = room[index]
        written += 1
        index += room[index] == UInt8(ascii: "\"") ? 2 : 1
      }
      fields[number].bytes = bytes.lowerBound..<written
    }
  }
}
