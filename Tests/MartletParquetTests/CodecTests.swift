import MartletColumns
import MartletParquet
import Testing

struct CodecTests {
  static let compressions: [Compression] = [
    .none, .snappy, .gzip, .brotli, .lz4Raw, .zstd(level: 1), .zstd(), .zstd(level: 19),
  ]

  @Test(arguments: compressions)
  func `what is compressed comes back`(compression: Compression) throws {
    for bytes in Self.samples {
      let squeezed = compress(bytes, compression)
      #expect(squeezed.count <= bytes.count + bytes.count / 8 + 64)
      #expect(bytes.count <= compression.codec.mostBytes(from: squeezed.count))
      #expect(try decompress(squeezed, compression.codec, claiming: bytes.count) == bytes)
    }
  }

  @Test(arguments: compressions)
  func `one context serves page after page`(compression: Compression) throws {
    var compressor = Compressor(compression)
    var decompressor = Decompressor()
    for bytes in Self.samples + Self.samples.reversed() {
      var squeezed = BufferBuilder<UInt8>()
      bytes.withUnsafeBytes { compressor.compress($0, into: &squeezed) }
      #expect(squeezed.finish().array() == compress(bytes, compression))
      var back = [UInt8](repeating: 0, count: bytes.count)
      try compress(bytes, compression).withUnsafeBytes { input in
        try back.withUnsafeMutableBytes {
          try decompressor.decompress(input, compression.codec, into: $0)
        }
      }
      #expect(back == bytes)
    }
  }

  @Test(arguments: compressions)
  func `a claim of another size is refused`(compression: Compression) {
    for bytes in Self.samples {
      let squeezed = compress(bytes, compression)
      for claim in [0, bytes.count - 1, bytes.count + 1, bytes.count * 2 + 7]
      where claim >= 0 && claim != bytes.count {
        #expect(throws: CodecError.self, "\(bytes.count) claimed as \(claim)") {
          try decompress(squeezed, compression.codec, claiming: claim)
        }
      }
    }
  }

  @Test(arguments: [Codec.snappy, .gzip, .brotli, .zstd, .lz4Raw])
  func `no bytes at all, or cut ones, are refused`(codec: Codec) throws {
    let compression = try #require(Self.compressions.first { $0.codec == codec })
    let bytes = Self.samples[3]
    let squeezed = compress(bytes, compression)
    for kept in 0..<squeezed.count {
      #expect(throws: CodecError.self, "\(kept) of \(squeezed.count)") {
        try decompress(Array(squeezed[..<kept]), codec, claiming: bytes.count)
      }
    }
  }

  @Test func `no flipped bit in a zstd frame goes unnoticed`() throws {
    let bytes = Self.samples[3]
    let squeezed = compress(bytes, .zstd())
    for bit in 0..<squeezed.count * 8 {
      var damaged = squeezed
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      if let back = try? decompress(damaged, .zstd, claiming: bytes.count) {
        #expect(back == bytes, "bit \(bit)")
      }
    }
  }

  @Test func `a wrong checksum is called one`() {
    var squeezed = compress(Self.samples[3], .zstd())
    squeezed[squeezed.count - 1] ^= 1
    #expect(
      throws: CodecError(
        codec: .zstd, what: "the frame's checksum does not match its content")
    ) { try decompress(squeezed, .zstd, claiming: Self.samples[3].count) }
  }

  /// Nothing, a byte, a short text, a page of numbers, and noise.
  static let samples: [[UInt8]] = {
    var state: UInt64 = 1
    let noise = (0..<4_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    return [
      [], [7], Array("martlet".utf8),
      (0..<1_000).flatMap { [UInt8($0 % 251), 0, UInt8($0 / 251)] },
      noise, [UInt8](repeating: 0, count: 70_000),
    ]
  }()

  private func compress(_ bytes: [UInt8], _ compression: Compression) -> [UInt8] {
    var compressor = Compressor(compression)
    var output = BufferBuilder<UInt8>()
    bytes.withUnsafeBytes { compressor.compress($0, into: &output) }
    return output.finish().array()
  }

  private func decompress(
    _ bytes: [UInt8], _ codec: Codec, claiming count: Int
  ) throws -> [UInt8] {
    var decompressor = Decompressor()
    var output = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeBytes { input in
      try output.withUnsafeMutableBytes { try decompressor.decompress(input, codec, into: $0) }
    }
    return output
  }
}

extension Buffer {
  /// The values as an array, which `#expect` can show.
  fileprivate func array() -> [Element] { withUnsafeBufferPointer { Array($0) } }
}
