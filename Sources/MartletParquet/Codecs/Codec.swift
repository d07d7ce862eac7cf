/// A way of making bytes fewer, of those that Parquet knows and we can undo.
public enum Codec: Hashable, Sendable, CaseIterable {
  case none, snappy, gzip, brotli, zstd, lz4Raw

  /// The most bytes that `count` compressed ones can stand for.
  ///
  /// A claimed size is held against this before memory is set aside for it. Each bound is the
  /// format's densest construct over and over: a copy of 64 bytes told in three (Snappy), 258 told
  /// in two bits (DEFLATE), 255 told in one byte (LZ4), a block of 128 KiB told in four bytes
  /// (zstd). Brotli's own is 16 MiB told in a few bytes, over and over; pages are not so large, and
  /// 64 MiB or 1,024 times the bytes is as much as is believed.
  public func mostBytes(from count: Int) -> Int {
    switch self {
    case .none: count
    case .snappy: saturating(count, times: 32)
    case .gzip: saturating(count, times: 1_032)
    case .lz4Raw: saturating(count, times: 256)
    case .zstd: saturating(count, times: 32_768)
    case .brotli: max(1 << 26, saturating(count, times: 1_024))
    }
  }

  private func saturating(_ count: Int, times factor: Int) -> Int {
    let (product, isOver) = count.multipliedReportingOverflow(by: factor)
    return isOver ? .max : product
  }
}

extension Codec: CustomStringConvertible {
  public var description: String {
    switch self {
    case .none: "none"
    case .snappy: "snappy"
    case .gzip: "gzip"
    case .brotli: "brotli"
    case .zstd: "zstd"
    case .lz4Raw: "lz4_raw"
    }
  }
}

/// Bytes that a codec could not undo.
public struct CodecError: Error, Equatable {
  /// The codec.
  public var codec: Codec

  /// What was wrong: "the checksum does not match".
  public var what: String

  /// `codec` could not be undone: `what` was wrong.
  public init(codec: Codec, what: String) {
    self.codec = codec
    self.what = what
  }
}

extension CodecError: CustomStringConvertible {
  public var description: String { "\(codec): \(what)" }
}
