import CZlib
import CZstd
import MartletColumns
import MartletParquet
@testable import MartletSources
import Testing

struct CompressionTests {
  @Test(arguments: [FileCompression.gzip, .zstd])
  func `parts that follow each other are read whole, however small the room`(
    compression: FileCompression
  ) throws {
    let parts = ["n\n", "1\n2\n", "", String(repeating: "3\n", count: 300_000)]
    let whole = Array(parts.joined().utf8)
    let bytes = try parts.flatMap { try compressed(Array($0.utf8), compression) }
    for room in [1 << 20, 1 << 16, 7] {
      #expect(try all(bytes, compression, room: room) == whole)
    }
    let source = try CSVSource(
      BytesInMemory(bytes), named: "a.csv", compressed: compression,
      declared: schema([("n", .int)]))
    #expect(try source.rows(stretchRowCount: 1).count == 300_002)
  }

  @Test(arguments: [FileCompression.gzip, .zstd])
  func `a file that ends too early is refused wherever it ends`(compression: FileCompression) throws
  {
    let bytes = try compressed(Array("n\n1\n2\n3\n".utf8), compression)
    for count in 0..<bytes.count {
      #expect(throws: CompressionError.self, "\(count) of \(bytes.count)") {
        try all(Array(bytes[..<count]), compression, room: 64)
      }
    }
  }

  @Test(arguments: [FileCompression.gzip, .zstd])
  func `a flipped bit is found`(compression: FileCompression) throws {
    let bytes = try compressed(Array(String(repeating: "12,34\n", count: 100).utf8), compression)
    let whole = try all(bytes, compression, room: 1_024)
    // The first bytes of gzip's header say things of no consequence, such as a time.
    for index in bytes.indices.dropFirst(10) {
      var damaged = bytes
      damaged[index] ^= 4
      // Refused, or of no consequence: never other bytes.
      let found = try? all(damaged, compression, room: 1_024)
      #expect(found == nil || found == whole, "byte \(index)")
    }
  }

  @Test func `what follows the last part and is none is refused`() throws {
    for compression in [FileCompression.gzip, .zstd] {
      let bytes = try compressed(Array("n\n".utf8), compression) + Array("rest".utf8)
      #expect(throws: CompressionError.self) { try all(bytes, compression, room: 64) }
    }
  }

  @Test func `endings tell the format`() {
    #expect(FileFormat(path: "a/b.csv.gz") == FileFormat(.csv, .gzip))
    #expect(FileFormat(path: "b.ndjson.zst") == FileFormat(.jsonLines, .zstd))
    #expect(FileFormat(path: "b.tsv") == FileFormat(.tsv))
    #expect(FileFormat(path: "b.parquet") == FileFormat(.parquet))
    for path in ["b.parquet.gz", "b.gz", "b.csvx", "csv", "b.json"] {
      #expect(FileFormat(path: path) == nil, "\(path)")
    }
  }

  private func all(
    _ bytes: [UInt8], _ compression: FileCompression, room count: Int
  ) throws -> [UInt8] {
    let stream = try compression.stream(BytesInMemory(bytes))
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { room.deallocate() }
    var all: [UInt8] = []
    while true {
      let count = try stream.read(into: room)
      if count == 0 { return all }
      all += room[..<count]
    }
  }

  private func compressed(_ bytes: [UInt8], _ compression: FileCompression) throws -> [UInt8] {
    var result = [UInt8](repeating: 0, count: bytes.count + 1_024)
    switch compression {
    case .none: return bytes
    case .zstd:
      let context = try #require(ZSTD_createCCtx())
      defer { ZSTD_freeCCtx(context) }
      ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
      let count = ZSTD_compress2(context, &result, result.count, bytes, bytes.count)
      try #require(ZSTD_isError(count) == 0)
      return Array(result[..<count])
    case .gzip:
      var stream = z_stream()
      try #require(
        deflateInit2_(
          &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
          Int32(MemoryLayout<z_stream>.size)) == Z_OK)
      defer { deflateEnd(&stream) }
      var bytes = bytes
      let count = bytes.withUnsafeMutableBufferPointer { input in
        result.withUnsafeMutableBufferPointer { output in
          stream.next_in = input.baseAddress
          stream.avail_in = UInt32(input.count)
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
          return output.count - Int(stream.avail_out)
        }
      }
      return Array(result[..<count])
    }
  }
}
