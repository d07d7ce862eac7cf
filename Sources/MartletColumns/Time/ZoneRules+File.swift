/// The bytes of a time zone's file could not be read.
public struct ZoneFileError: Error, Equatable {
  /// The part that is wrong.
  public var part: String
}

extension ZoneRules {
  /// Reads a file of the time zone database (RFC 8536). Any bytes at all may be given.
  ///
  ///     header v1 · data in 32 bits · header v2 · data in 64 bits · \n rule \n
  public init(file bytes: [UInt8]) throws(ZoneFileError) {
    var reader = ZoneFileReader(bytes: bytes)
    var counts = try reader.header()
    if counts.version >= 2 {
      try reader.skip(counts.dataSize(wordSize: 4), "first data")
      counts = try reader.header()
    }
    let wordSize = counts.version >= 2 ? 8 : 4
    var transitions: [Int64] = []
    for _ in 0..<counts.transitions { transitions.append(try reader.word(wordSize)) }
    let types = try reader.bytes(counts.transitions, "types of transitions")
    var offsets: [Int64] = []
    for _ in 0..<counts.types {
      offsets.append(try reader.word(4))
      try reader.skip(2, "types")
    }
    guard let first = offsets.first, types.allSatisfy({ $0 < offsets.count }),
      offsets.allSatisfy({ abs($0) <= 86_400 * 7 }),
      zip(transitions, transitions.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw ZoneFileError(part: "transitions") }
    try reader.skip(counts.tailSize(wordSize: wordSize), "leap seconds and names")
    var yearly: YearlyRule?
    if counts.version >= 2 {
      let rule = try reader.line()
      yearly = YearlyRule(rule)
      if yearly == nil, !rule.isEmpty { throw ZoneFileError(part: "the yearly rule") }
    }
    self.init(
      transitions: transitions, offsets: types.map { offsets[Int($0)] }, firstOffset: first,
      yearly: yearly)
  }
}

private struct ZoneFileReader {
  let bytes: [UInt8]
  var position = 0

  /// How many things a block has.
  struct Counts {
    var version: UInt8
    var utcFlags: Int
    var standardFlags: Int
    var leapSeconds: Int
    var transitions: Int
    var types: Int
    var nameBytes: Int

    func dataSize(wordSize: Int) -> Int {
      transitions * (wordSize + 1) + types * 6 + tailSize(wordSize: wordSize)
    }

    func tailSize(wordSize: Int) -> Int {
      nameBytes + leapSeconds * (wordSize + 4) + standardFlags + utcFlags
    }
  }

  mutating func header() throws(ZoneFileError) -> Counts {
    let magic = try bytes(4, "header")
    guard magic.elementsEqual("TZif".utf8) else { throw ZoneFileError(part: "header") }
    let version = try bytes(16, "header").first ?? 0
    var counts: [Int] = []
    for _ in 0..<6 {
      let count = Int(try word(4))
      // Claimed counts are believed as far as the file has bytes for them.
      guard 0...bytes.count ~= count else { throw ZoneFileError(part: "header") }
      counts.append(count)
    }
    return Counts(
      version: version == 0 ? 1 : version &- UInt8(ascii: "0"), utcFlags: counts[0],
      standardFlags: counts[1], leapSeconds: counts[2], transitions: counts[3], types: counts[4],
      nameBytes: counts[5])
  }

  mutating func bytes(_ count: Int, _ part: String) throws(ZoneFileError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else { throw ZoneFileError(part: part) }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int, _ part: String) throws(ZoneFileError) {
    _ = try bytes(count, part)
  }

  /// A signed number, its highest byte first.
  mutating func word(_ size: Int) throws(ZoneFileError) -> Int64 {
    let bytes = try bytes(size, "numbers")
    let bits = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return size == 8 ? Int64(bitPattern: bits) : Int64(Int32(truncatingIfNeeded: bits))
  }

  /// What stands between two line ends.
  mutating func line() throws(ZoneFileError) -> ArraySlice<UInt8> {
    let newline = UInt8(ascii: "\n")
    guard try bytes(1, "footer").first == newline,
      let end = bytes[position...].firstIndex(of: newline)
    else { throw ZoneFileError(part: "footer") }
    return bytes[position..<end]
  }
}
