import MartletColumns

/// A column of a row group as bytes, with what the footer says about it. Offsets count from the
/// chunk's beginning until the chunk is given its place.
struct EncodedChunk: Sendable {
  var bytes: Buffer<UInt8>
  var metadata: ColumnMetadata
  var offsetIndex: OffsetIndex
  var columnIndex: ColumnIndex?
  var bloomFilter: [UInt8]?

  /// Moves every offset to where the chunk begins in the file.
  mutating func place(at offset: Int64) {
    metadata.dataPageOffset += offset
    metadata.dictionaryPageOffset? += offset
    for index in offsetIndex.pages.indices { offsetIndex.pages[index].offset += offset }
  }
}
