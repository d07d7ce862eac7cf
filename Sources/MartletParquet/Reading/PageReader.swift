import CZlib
import MartletColumns

/// Reads the pages of a column chunk, one after the other: header, checksum, decompression.
struct PageReader: ~Copyable {
  /// A page as its values are read: nothing is compressed any more.
  struct Page {
    var header: PageHeader
    /// Repetition and definition levels of a page of the second version; empty otherwise.
    var levels: UnsafeRawBufferPointer
    /// Values, and before them the levels of a page of the first version.
    var body: UnsafeRawBufferPointer
  }

  private var window: ByteWindow
  private let codec: Codec
  private var decompressor = Decompressor()
  private let room = Room()
  private var offset: Int
  private let end: Int

  /// The number of the page that was begun last, from 0.
  private(set) var pageIndex = -1
  /// Where its header begins in the file.
  private(set) var pageOffset = 0

  /// The pages that were read so far.
  private(set) var verified = ParquetFile.VerifiedPages()

  /// The pages in `range` of `source`.
  init(_ source: any ByteSource, _ range: Range<Int>, _ codec: Codec) {
    window = ByteWindow(source, range)
    self.codec = codec
    offset = range.lowerBound
    end = range.upperBound
  }

  /// The place of the page that was begun last.
  var place: ParquetError.Place { .init(page: pageIndex, offset: pageOffset) }

  /// The next page's header, or `nil` at the chunk's end. Its body is what is read or skipped next.
  mutating func nextHeader() throws(ParquetError) -> PageHeader? {
    guard offset < end else { return nil }
    pageIndex += 1
    pageOffset = offset
    var size = 4_096
    while true {
      let bytes = try window.bytes(at: offset, atLeast: size)
      do throws(ParquetError) {
        let (header, byteCount) = try CompactReader.read(PageHeader.self, from: bytes)
        offset += byteCount
        try check(header)
        return header
      } catch {
        // A header with long statistics may reach over what is held.
        guard error == .truncated, bytes.count < end - offset else { throw error }
        size = bytes.count * 4
      }
    }
  }

  private func check(_ header: PageHeader) throws(ParquetError) {
    guard header.uncompressedByteCount >= 0, header.compressedByteCount >= 0 else {
      throw .damaged("the page claims fewer than no bytes")
    }
    guard Int(header.compressedByteCount) <= end - offset else {
      throw .damaged("the page claims \(header.compressedByteCount) bytes of \(end - offset)")
    }
  }

  /// Goes to where a page of `byteCount` bytes begins, `index` among all of the chunk; nothing behind it
  /// is read along.
  mutating func seek(to offset: Int, byteCount: Int, pageIndex index: Int) {
    self.offset = offset
    pageIndex = index - 1
    window.stride = min(byteCount, ByteWindow.usualStride)
  }

  /// Whether there is nothing behind the page that was begun last.
  var isAtEnd: Bool { offset >= end }

  /// Steps over the body of the page of `header`.
  mutating func skip(_ header: PageHeader) { offset += Int(header.compressedByteCount) }

  /// The page of `header`, which was read last. Its bytes are good until the next header is read.
  mutating func read(_ header: PageHeader) throws(ParquetError) -> Page {
    let stored = try window.bytes(at: offset, atLeast: Int(header.compressedByteCount))
    let bytes = UnsafeRawBufferPointer(rebasing: stored[0..<Int(header.compressedByteCount)])
    offset += bytes.count
    try checkSum(of: bytes, header)
    guard let second = header.dataV2 else {
      let body = try decompressed(bytes, to: Int(header.uncompressedByteCount), codec)
      return Page(header: header, levels: .init(start: nil, count: 0), body: body)
    }
    let repetition = Int(second.repetitionLevelByteCount)
    let definition = Int(second.definitionLevelByteCount)
    let (levelCount, isOver) = repetition.addingReportingOverflow(definition)
    guard !isOver, repetition >= 0, definition >= 0, levelCount <= bytes.count,
      levelCount <= Int(header.uncompressedByteCount)
    else { throw .damaged("the page claims \(repetition) and \(definition) bytes of levels") }
    let body = try decompressed(
      UnsafeRawBufferPointer(rebasing: bytes[levelCount...]),
      to: Int(header.uncompressedByteCount) - levelCount,
      second.isCompressed ?? true ? codec : .none)
    return Page(
      header: header, levels: UnsafeRawBufferPointer(rebasing: bytes[0..<levelCount]), body: body)
  }

  private mutating func checkSum(
    of bytes: UnsafeRawBufferPointer, _ header: PageHeader
  ) throws(ParquetError) {
    verified.count += 1
    guard let claimed = header.crc else { return }
    verified.checkedCount += 1
    let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    guard martlet_crc32(start, bytes.count) == UInt32(bitPattern: claimed) else {
      throw ParquetError(.checksum("the page's checksum does not match its bytes"))
    }
  }

  private mutating func decompressed(
    _ bytes: UnsafeRawBufferPointer, to byteCount: Int, _ codec: Codec
  ) throws(ParquetError) -> UnsafeRawBufferPointer {
    if byteCount == 0, bytes.isEmpty { return UnsafeRawBufferPointer(room.reserve(0)) }
    if codec == .none {
      guard bytes.count == byteCount else {
        throw .damaged("the page has \(bytes.count) bytes where it claims \(byteCount)")
      }
      return bytes
    }
    guard byteCount <= codec.mostBytes(from: bytes.count) else {
      throw .damaged("\(bytes.count) bytes of \(codec) cannot hold the claimed \(byteCount)")
    }
    let target = room.reserve(byteCount)
    do throws(CodecError) { try decompressor.decompress(bytes, codec, into: target) } catch {
      throw .damaged("\(error)")
    }
    return UnsafeRawBufferPointer(target)
  }

  /// Memory with slack that an empty page may point to.
  var nothing: UnsafeRawPointer { UnsafeRawPointer(room.start) }
}

extension Codec {
  /// The codec that a file calls `codec`.
  init(reading codec: CompressionCodec) throws(ParquetError) {
    switch codec {
    case .uncompressed: self = .none
    case .snappy: self = .snappy
    case .gzip: self = .gzip
    case .brotli: self = .brotli
    case .zstd: self = .zstd
    case .lz4Raw: self = .lz4Raw
    default: throw .unsupported("the codec \(codec)")
    }
  }
}
