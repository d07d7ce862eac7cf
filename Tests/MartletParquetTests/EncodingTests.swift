import CZlib
import MartletColumns
import Testing

@testable import MartletParquet

/// Encodings against answers known from the format's own examples, and there and back.
struct EncodingTests {
  static let spans: [UInt64] = [0, 1, 99, 4_000, 8_191, 8_192, 1 << 40]

  @Test(arguments: spans)
  func `a dictionary has each word once, in the order in which they came`(span: UInt64) throws {
    let price = DictionaryPrice(valueCount: 20_000, bitsPerEntry: 0, rivalBits: 64)
    for lowest in [0, UInt64.max - 50, UInt64(Int64.max) - span, UInt64(bitPattern: .min)] {
      let values = (0..<20_000).map { (index: UInt64) in
        lowest &+ (index % 3_000 &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: span + 1).high
      }
      let dictionary = try #require(
        values.withUnsafeBufferPointer { WordDictionary($0, price: price) })
      var (known, words) = (Set<UInt64>(), [UInt64]())
      for value in values where known.insert(value).inserted { words.append(value) }
      #expect(dictionary.words == Buffer(words))
      #expect(dictionary.codes.count == values.count)
      #expect(values.indices.allSatisfy { words[Int(dictionary.codes[$0])] == values[$0] })
    }
  }

  /// How many words there are, in runs of how many each comes, and whether they come round in turn.
  static let repeats: [(words: Int, run: Int, inTurn: Bool)] = [
    (20_000, 1, false), (60_000, 1, false), (20_000, 10, false), (40_000, 5, false),
    (12_000, 1, true),
  ]

  @Test(arguments: repeats)
  func `a dictionary that pays is begun, and one that does not is given up`(
    words: Int, run: Int, inTurn: Bool
  ) throws {
    let values = (0..<200_000).map { (index: Int) -> UInt64 in
      var drawn = UInt64(index / run) &* 0x9E37_79B9_7F4A_7C15
      drawn = (drawn ^ drawn >> 30) &* 0xBF58_476D_1CE4_E5B9
      drawn = (drawn ^ drawn >> 27) &* 0x94D0_49BB_1331_11EB
      let word = inTurn ? UInt64(index % words) : (drawn ^ drawn >> 31) % UInt64(words)
      return (word + 1) &* 0xBF58_476D_1CE4_E5B9
    }
    // As many bits as a dictionary of all its words costs, and a few more or fewer.
    let count = Set(values).count
    let width = Double(Int.bitWidth - (count - 1).leadingZeroBitCount)
    let cost = width + 64 * Double(count) / 200_000
    for (rival, pays) in [(cost * 1.25, count * 8 < DictionaryPrice.mostBytes), (cost - 1, false)] {
      let price = DictionaryPrice(valueCount: 200_000, bitsPerEntry: 64, rivalBits: rival)
      let dictionary = values.withUnsafeBufferPointer { WordDictionary($0, price: price) }
      #expect((dictionary != nil) == pays, "\(count) words, \(rival) bits of \(cost)")
    }
  }

  @Test func `a checksum is zlib's, however many bytes it is of`() {
    let bytes = (0..<1_400).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    bytes.withUnsafeBufferPointer { bytes in
      for start in 0..<17 {
        for count in Array(0...300) + [1_023, 1_024, 1_383] {
          let part = UnsafeBufferPointer(rebasing: bytes[start..<start + count])
          let known = UInt32(truncatingIfNeeded: crc32_z(0, part.baseAddress, count))
          #expect(martlet_crc32(part.baseAddress, count) == known, "\(count) from \(start)")
        }
      }
    }
  }

  @Test func `distances of one are told in ten bytes`() throws {
    let bytes: [UInt8] = [0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0]
    #expect(delta([1, 2, 3, 4, 5]) == bytes)
    #expect(try undelta(bytes, 5) == [1, 2, 3, 4, 5])
  }

  @Test func `distances that fall and rise are told above the least of them`() throws {
    // The least is -2; above it they are 0 0 0 3 3 3 3, two bits each.
    let bytes: [UInt8] =
      [0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111] + [UInt8](repeating: 0, count: 6)
    #expect(delta([7, 5, 3, 1, 2, 3, 4, 5]) == bytes)
    #expect(try undelta(bytes, 8) == [7, 5, 3, 1, 2, 3, 4, 5])
  }

  @Test(arguments: [0, 1, 2, 31, 32, 33, 127, 128, 129, 130, 161, 1_000])
  func `numbers of every size come back from their distances`(count: Int) throws {
    for manner in 0..<4 {
      for isNarrow in [false, true] {
        let values = numbers(count, manner, isNarrow)
        let bytes = delta(values, isNarrow: isNarrow)
        #expect(try undelta(bytes, count, isNarrow: isNarrow) == values, "manner \(manner)")
        #expect(try undelta(bytes, count, by: 7, isNarrow: isNarrow) == values)
        #expect(throws: ParquetError.self) { try undelta(bytes, count + 1) }
      }
    }
  }

  @Test(arguments: [32, 1_000])
  func `32 bits of distance are never exceeded where values have 32`(count: Int) throws {
    let bytes = delta(numbers(count, 3, true), isNarrow: true)
    // Behind the header and the least distance stand the widths of the first block.
    let header = 2 + 1 + (count < 128 ? 1 : 2)
    let first = bytes[header...].firstIndex { $0 < 128 } ?? 0
    let least = bytes[(first + 1)...].firstIndex { $0 < 128 } ?? 0
    #expect(bytes[least + 1..<least + 5].allSatisfy { $0 <= 32 })
  }

  @Test func `values grow over what they share with the one before, and shrink again`() throws {
    // What each shares with the one before, and what follows.
    let parts: [(shared: Int, rest: String)] = [
      (0, ""), (0, "ab"), (1, String(repeating: "c", count: 300)), (301, ""), (200, "d"),
      (201, String(repeating: "e", count: 5_000)), (2, ""), (0, "f"),
    ]
    var (expected, last) = ([String](), "")
    for part in parts {
      last = String(last.prefix(part.shared)) + part.rest
      expected.append(last)
    }
    let all =
      delta(parts.map { Int64($0.shared) }) + delta(parts.map { Int64($0.rest.utf8.count) })
      + parts.flatMap { Array($0.rest.utf8) }
    let padded = all + [UInt8](repeating: 0, count: 64)
    var found: [String] = []
    try padded.withUnsafeBytes { padded in
      let page = UnsafeRawBufferPointer(rebasing: padded[..<all.count])
      var reader = try TextReader(
        page, .deltaByteArray, fixedByteCount: nil, nothing: try #require(page.baseAddress))
      try reader.read(parts.count) { found.append(String(decoding: $0, as: UTF8.self)) }
    }
    #expect(found == expected)
  }

  @Test func `levels of old are packed from the highest bit, without a size before them`() throws {
    // The format's own example: the numbers from 0 to 7 in three bits each.
    let bytes: [UInt8] = [0b0000_0101, 0b0011_1001, 0b0111_0111, 0xAA]
    try withSlack(bytes) { bytes, nothing in
      var body = bytes
      var reader = try LevelReader.take(8, from: &body, most: 7, .bitPacked, nothing: nothing)
      #expect(Array(body) == [0xAA], "values begin behind the last whole byte")
      var levels = [Int32](repeating: -1, count: 7)
      try reader.read(7, into: &levels)
      #expect(levels == [0, 1, 2, 3, 4, 5, 6])
      #expect(try reader.readPresence(1) == Bitmap([true]))
      #expect(throws: ParquetError.truncated) { try reader.readPresence(1) }
    }
  }

  @Test(arguments: [25, .max])
  func `levels of old for which there are too few bytes are refused`(count: Int) throws {
    try withSlack([1, 2, 3]) { bytes, nothing in
      var body = bytes
      #expect(throws: ParquetError.truncated) {
        _ = try LevelReader.take(count, from: &body, most: 1, .bitPacked, nothing: nothing)
      }
    }
  }

  @Test func `runs and packed numbers are read as the format's examples have them`() throws {
    #expect(try unrun([0x03, 0x88, 0xC6, 0xFA], width: 3, 8) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(try unrun([0x0A, 0x04], width: 3, 5) == [4, 4, 4, 4, 4])
    #expect(
      try unrun([0x0A, 0x04, 0x03, 0x88, 0xC6, 0xFA], width: 3, 9) == [4, 4, 4, 4, 4, 0, 1, 2, 3])
    #expect(try unrun([0x90, 0x4E], width: 0, 5_000) == [Int32](repeating: 0, count: 5_000))
  }

  @Test(arguments: 0...32)
  func `numbers of every width come back from runs`(width: Int) throws {
    let mask = width == 32 ? UInt32.max : (1 << UInt32(width)) - 1
    for count in [0, 1, 7, 8, 9, 64, 100, 1_001] {
      let values = (0..<count).map { index in
        (index / 40 % 2 == 0 ? 0x9E37_79B9 &* UInt32(index) : 5) & mask
      }
      var bytes = BufferBuilder<UInt8>()
      values.withUnsafeBufferPointer { RunLengths.append($0, width: width, to: &bytes) }
      let written = bytes.finish().withUnsafeBufferPointer { Array($0) }
      #expect(try unrun(written, width: width, count).map { UInt32(bitPattern: $0) } == values)
      guard width > 0, count > 0 else { continue }
      #expect(throws: ParquetError.self) {
        try unrun(Array(written.prefix(1)), width: width, count)
      }
    }
  }

  static let brokenRuns: [(bytes: [UInt8], width: Int)] = [
    ([], 3), ([0x0A], 3), ([0x0A], 8), ([0x0A, 0x09], 3),
    ([0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 3), ([0x03], 3),
  ]

  @Test(arguments: brokenRuns)
  func `runs that are none are refused`(input: (bytes: [UInt8], width: Int)) {
    #expect(throws: ParquetError.self) { try unrun(input.bytes, width: input.width, 5) }
  }

  static let brokenDeltas: [[UInt8]] = [
    [], [0x80], [0, 4, 5, 2], [0x80, 1, 0, 5, 2], [0x80, 1, 3, 5, 2], [12, 4, 5, 2],
    [0x80, 1, 4, 5, 2, 2, 65, 0, 0, 0], [0x80, 1, 4, 5, 2, 2, 8, 0, 0, 0],
    [0x80, 1, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 2],
  ]

  @Test(arguments: brokenDeltas)
  func `distances that are none are refused`(bytes: [UInt8]) {
    #expect(throws: ParquetError.self) { try undelta(bytes, 5) }
  }

  // MARK: The door

  private func numbers(_ count: Int, _ manner: Int, _ isNarrow: Bool) -> [Int64] {
    (0..<count).map { index in
      let noise = Int64(bitPattern: UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
      let value: Int64 =
        switch manner {
        case 0: Int64(index) * 3
        case 1: noise >> 52
        case 2: noise
        default: index % 2 == 0 ? .min : .max
        }
      return isNarrow ? Int64(Int32(truncatingIfNeeded: manner == 3 ? value >> 32 : value)) : value
    }
  }

  private func delta(_ values: [Int64], isNarrow: Bool = false) -> [UInt8] {
    var bytes = BufferBuilder<UInt8>()
    values.withUnsafeBufferPointer { DeltaPacking.append($0, isNarrow: isNarrow, to: &bytes) }
    return bytes.finish().withUnsafeBufferPointer { Array($0) }
  }

  private func undelta(
    _ bytes: [UInt8], _ count: Int, by step: Int = .max, isNarrow: Bool = false
  ) throws -> [Int64] {
    try withSlack(bytes) { bytes, nothing in
      var reader = NumberReader.delta(
        try DeltaReader(bytes, nothing: nothing), width: isNarrow ? 4 : 8)
      var values = [Int64](repeating: 0, count: count)
      var index = 0
      while index < count {
        let more = min(step, count - index)
        try values.withUnsafeMutableBufferPointer { room in
          guard let start = room.baseAddress else { return }
          try reader.read(more, into: start + index)
        }
        index += more
      }
      return values
    }
  }

  private func unrun(_ bytes: [UInt8], width: Int, _ count: Int) throws -> [Int32] {
    try withSlack(bytes) { bytes, nothing in
      var reader = RunReader(bytes, width: width, nothing: nothing)
      var values = [Int32](repeating: 0, count: count)
      try values.withUnsafeMutableBufferPointer { room in
        guard let start = room.baseAddress else { return }
        try reader.read(count, into: start)
      }
      return values
    }
  }

  private func withSlack<Result>(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer, UnsafeRawPointer) throws -> Result
  ) throws -> Result {
    try (bytes + [UInt8](repeating: 0xA5, count: 64)).withUnsafeBytes { all in
      let start = try #require(all.baseAddress)
      return try body(UnsafeRawBufferPointer(rebasing: all[..<bytes.count]), start)
    }
  }
}
