import MartletColumns
import Testing

@testable import MartletParquet

/// What is not read is refused by its name, and claims are held against what is there.
struct BadInputTests {
  @Test(arguments: [(CompressionCodec.lz4, "LZ4"), (.lzo, "LZO"), (.init(rawValue: 9), "codec 9")])
  func `a codec that is not read is refused by name`(codec: CompressionCodec, name: String) {
    let error = #expect(throws: ParquetError.self) { try Codec(reading: codec) }
    #expect(error?.description == "Martlet does not read the codec \(name)")
  }

  @Test func `levels in what has no levels are refused by name`() throws {
    let bytes: [UInt8] = [1, 0, 0, 0, 0xFF] + [UInt8](repeating: 0, count: 64)
    let error = try bytes.withUnsafeBytes { all in
      let nothing = try #require(all.baseAddress)
      var body = UnsafeRawBufferPointer(rebasing: all[..<5])
      return #expect(throws: ParquetError.self) {
        try LevelReader.take(8, from: &body, most: 1, .plain, nothing: nothing)
      }
    }
    #expect(error?.description == "Martlet does not read levels in PLAIN")
  }

  @Test(arguments: [Codec.snappy, .gzip, .brotli, .zstd, .lz4Raw])
  func `a page of a few bytes cannot claim gigabytes`(codec: Codec) {
    #expect(codec.mostBytes(from: 1_024) <= 1 << 26)
    #expect(codec.mostBytes(from: .max) == .max)
  }

  @Test(arguments: [ColumnType.list(.int), .vector(width: 2)])
  func `rows are not called sorted by what has no order`(type: ColumnType) async {
    await #expect(processExitsWith: .failure) {
      guard let schema = Schema([Field("a", .list(.int))]) else { return }
      var options = WritingOptions()
      options.sortedBy = [.init("a")]
      _ = ParquetWriter<Never>(schema, options) { _ in }
    }
    #expect(!type.canBeKey)
  }

  static let broken: [(name: String, bytes: [UInt8], says: String)] = [
    ("no end", [0x15, 0x02], "the bytes end too early"),
    ("a type that is none", [0x1D, 0], "there is no type 13"),
    (
      "a list longer than the bytes", [0x15, 0x02, 0x19, 0xFC, 0xFF, 0x7F],
      "the bytes end too early"
    ),
    ("fields that are missing", [0x15, 0x02, 0], "FileMetadata lacks its field 2"),
    ("a number beyond 64 bits", [0x15] + [UInt8](repeating: 0xFF, count: 10), "64 bits"),
    (
      "a field nested without end",
      [UInt8](repeating: 0xFC, count: 1) + [UInt8](repeating: 0x1C, count: 99),
      "a field is nested too deep"
    ),
    (
      "text where a number belongs", [0x18, 0x01, 0x41, 0], "field 1 is binary where int32 belongs"
    ),
  ]

  @Test(arguments: broken)
  func `metadata that is none is refused with what is wrong`(
    input: (name: String, bytes: [UInt8], says: String)
  ) {
    let error = #expect(throws: ParquetError.self, "\(input.name)") {
      try input.bytes.withUnsafeBytes { try CompactReader.read(FileMetadata.self, from: $0) }
    }
    #expect(error?.description.contains(input.says) == true, "\(input.name): \(error as Any)")
  }

  @Test func `fields that were invented since are stepped over`() throws {
    var location = PageLocation()
    (location.offset, location.byteCount, location.firstRow) = (70, 5, 3)
    let bytes = CompactWriter.bytes(of: location).dropLast()
    // Field 9: a list of two maps, one of which is empty; field 10: a struct.
    let newer: [UInt8] = [0x69, 0x2B, 1, 0x88, 1, 0x41, 1, 0x42, 0, 0x1C, 0x11, 0, 0]
    let all = Array(bytes) + newer
    let (read, byteCount) = try all.withUnsafeBytes {
      try CompactReader.read(PageLocation.self, from: $0)
    }
    #expect((read, byteCount) == (location, all.count))
  }
}
