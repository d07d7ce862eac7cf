import CZlib
import MartletColumns

/// Turns one column of one row group into the bytes of its pages.
///
/// 1. The column becomes a leaf: values without gaps, and levels.
/// 2. An encoding is chosen for all its values.
/// 3. The dictionary, if there is one, becomes a page; then each cut of rows does.
///
/// What comes out depends on the column and the options alone, so chunks may be encoded side by
/// side.
struct ChunkEncoder: ~Copyable {
  private let options: WritingOptions
  private var compressor: Compressor
  private var output = BufferBuilder<UInt8>()
  private var body = BufferBuilder<UInt8>()
  private var squeezed = BufferBuilder<UInt8>()

  /// The first page as the codec makes it, where that was tried.
  private var firstPage: (byteCount: Int, squeezed: Buffer<UInt8>)?
  private var uncompressedByteCount = 0

  init(_ options: WritingOptions) {
    self.options = options
    compressor = Compressor(options.compression)
  }

  /// The bytes of `column`, a row group's part of the column called `name`.
  static func encode(
    _ column: Column, named name: String, _ options: WritingOptions
  ) -> EncodedChunk {
    var encoder = ChunkEncoder(options)
    let stored = options.stored[name]
    let leaf = stored.map { Leaf(column, storing: $0) } ?? Leaf(column, named: name)
    return encoder.encode(leaf, named: name)
  }

  private mutating func encode(_ leaf: Leaf, named name: String) -> EncodedChunk {
    let encoding = ValueEncoding(for: leaf, trying: &compressor)
    let cuts = leaf.cut(every: rowsPerPage(of: leaf))
    if !saves(on: cuts, of: leaf, as: encoding) { compressor = Compressor(.none) }
    let hasDictionary = appendDictionary(encoding, of: leaf)
    var summary = ChunkSummary()
    for cut in cuts {
      let offset = output.count
      appendPage(cut, of: leaf, as: encoding)
      summary.add(
        PageSummary(
          location: PageLocation(offset: offset, end: output.count, firstRow: cut.rows.lowerBound),
          bounds: leaf.bounds(in: cut.values, as: encoding), valueCount: cut.values.count,
          nullCount: cut.slots.count - cut.values.count))
    }
    var metadata = ColumnMetadata()
    metadata.type = leaf.storage.physicalType
    metadata.path = leaf.path
    metadata.codec = compressor.compression.codec.choice
    metadata.encodings = Set([encoding.encoding, .rle] + (hasDictionary ? [.plain] : []))
      .sorted { $0.rawValue < $1.rawValue }
    metadata.valueCount = Int64(summary.slotCount)
    metadata.uncompressedByteCount = Int64(uncompressedByteCount)
    metadata.compressedByteCount = Int64(output.count)
    metadata.dictionaryPageOffset = hasDictionary ? 0 : nil
    metadata.dataPageOffset = summary.pages.first?.location.offset ?? 0
    metadata.statistics = summary.statistics
    metadata.encodingStatistics = counts(summary.pages.count, encoding, hasDictionary)
    let filter = options.filteredColumns.contains(name) ? leaf.bloomFilter(as: encoding) : nil
    let bytes = exchange(&output, with: BufferBuilder()).finish()
    return EncodedChunk(
      bytes: bytes, metadata: metadata,
      offsetIndex: summary.offsetIndex, columnIndex: summary.columnIndex,
      bloomFilter: filter?.bytes)
  }

  private func rowsPerPage(of leaf: Leaf) -> Int {
    let bytesPerRow = max(1, leaf.plainByteCount / max(leaf.rowCount, 1))
    return max(1, min(options.mostRowsPerPage, options.bytesPerPage / bytesPerRow))
  }

  private func counts(
    _ pageCount: Int, _ encoding: ValueEncoding, _ hasDictionary: Bool
  ) -> [PageEncodingCount] {
    var counts: [PageEncodingCount] = []
    if hasDictionary {
      var count = PageEncodingCount()
      (count.pageType, count.pageCount) = (.dictionary, 1)
      counts.append(count)
    }
    var count = PageEncodingCount()
    (count.encoding, count.pageCount) = (encoding.encoding, Int32(pageCount))
    return counts + [count]
  }

  // MARK: Pages

  private mutating func appendDictionary(_ encoding: ValueEncoding, of leaf: Leaf) -> Bool {
    body.removeAll()
    guard let count = leaf.appendDictionary(of: encoding, to: &body) else { return false }
    var dictionary = DictionaryPageHeader()
    dictionary.valueCount = Int32(count)
    var header = PageHeader()
    header.type = .dictionary
    header.dictionary = dictionary
    finishPage(header)
    return true
  }

  /// Whether the codec saves what it is asked to of the pages of `cuts`, as the first of them and the
  /// dictionary tell.
  private mutating func saves(
    on cuts: [PageCut], of leaf: Leaf, as encoding: ValueEncoding
  ) -> Bool {
    guard options.leastSaving > 0, compressor.compression != .none, cuts.count > 1 else {
      return true
    }
    fillBody(cuts[0], of: leaf, as: encoding)
    let page = squeezedBody()
    firstPage = (body.count, Buffer(copying: squeezed.span))
    var (before, after) = (body.count * cuts.count, page * cuts.count)
    body.removeAll()
    // A small dictionary does not matter, whatever is saved of it.
    if leaf.appendDictionary(of: encoding, to: &body) != nil,
      Double(body.count) > Double(before) * options.leastSaving
    {
      before += body.count
      after += squeezedBody()
    }
    let saves = Double(after) <= Double(before) * (1 - options.leastSaving)
    if !saves { firstPage = nil }
    return saves
  }

  /// How many bytes the codec makes of the body.
  private mutating func squeezedBody() -> Int {
    squeezed.removeAll()
    body.withUnsafeMutableBufferPointer { $0.compress(with: &compressor, into: &squeezed) }
    return squeezed.count
  }

  private mutating func fillBody(_ cut: PageCut, of leaf: Leaf, as encoding: ValueEncoding) {
    body.removeAll()
    leaf.appendLevels(of: cut.slots, to: &body)
    leaf.append(cut.values, as: encoding, to: &body)
  }

  private mutating func appendPage(_ cut: PageCut, of leaf: Leaf, as encoding: ValueEncoding) {
    var data = DataPageHeader()
    data.valueCount = Int32(cut.slots.count)
    data.encoding = encoding.encoding
    var header = PageHeader()
    header.data = data
    if let (byteCount, bytes) = firstPage.take() {
      squeezed.removeAll()
      squeezed.append(contentsOf: bytes.span)
      appendSqueezed(header, byteCount: byteCount)
    } else {
      fillBody(cut, of: leaf, as: encoding)
      finishPage(header)
    }
  }

  private mutating func finishPage(_ header: PageHeader) {
    _ = squeezedBody()
    appendSqueezed(header, byteCount: body.count)
  }

  private mutating func appendSqueezed(_ header: PageHeader, byteCount: Int) {
    var header = header
    header.uncompressedByteCount = Int32(byteCount)
    header.compressedByteCount = Int32(squeezed.count)
    header.crc = squeezed.withUnsafeMutableBufferPointer { $0.crc }
    let headerBytes = CompactWriter.bytes(of: header)
    output.append(contentsOf: headerBytes.span)
    squeezed.withUnsafeMutableBufferPointer { output.append(contentsOf: UnsafeBufferPointer($0)) }
    uncompressedByteCount += headerBytes.count + byteCount
  }
}

extension UnsafeMutableBufferPointer<UInt8> {
  fileprivate func compress(
    with compressor: inout Compressor, into output: inout BufferBuilder<UInt8>
  ) {
    compressor.compress(UnsafeRawBufferPointer(self), into: &output)
  }

  /// The CRC-32 of these bytes.
  fileprivate var crc: Int32 {
    Int32(bitPattern: martlet_crc32(baseAddress, count))
  }
}

extension PageLocation {
  fileprivate init(offset: Int, end: Int, firstRow: Int) {
    self.init()
    self.offset = Int64(offset)
    self.byteCount = Int32(end - offset)
    self.firstRow = Int64(firstRow)
  }
}

extension Codec {
  /// The codec by Parquet's number.
  var choice: CompressionCodec {
    switch self {
    case .none: .uncompressed
    case .snappy: .snappy
    case .gzip: .gzip
    case .brotli: .brotli
    case .zstd: .zstd
    case .lz4Raw: .lz4Raw
    }
  }
}
