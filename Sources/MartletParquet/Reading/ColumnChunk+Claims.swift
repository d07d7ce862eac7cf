extension ColumnChunk {
  /// What the chunk's pages are, held against the schema and the row group.
  func checkedMetadata(
    for column: ParquetColumn, rowCount: Int
  ) throws(ParquetError) -> ColumnMetadata {
    guard encryption == nil, let metadata else { throw .unsupported("encrypted columns") }
    guard filePath == nil else { throw .unsupported("columns in other files") }
    guard metadata.type == column.physicalType else {
      throw .damaged("the chunk is \(metadata.type), the schema says \(column.physicalType)")
    }
    guard metadata.valueCount >= 0, !column.shape.lists.isEmpty || metadata.valueCount == rowCount
    else {
      throw .damaged("the chunk claims \(metadata.valueCount) values for \(rowCount) rows")
    }
    return metadata
  }
}

extension ColumnMetadata {
  /// Where the chunk's pages lie, which must be within a file of `byteCount`.
  func byteRange(within byteCount: Int) throws(ParquetError) -> Range<Int> {
    var start = dataPageOffset
    if let dictionaryPageOffset, dictionaryPageOffset > 0 {
      start = min(start, dictionaryPageOffset)
    }
    let (end, isOver) = start.addingReportingOverflow(compressedByteCount)
    guard !isOver, start >= 4, start <= end, end <= byteCount else {
      throw .damaged(
        "the chunk claims \(compressedByteCount) bytes from \(start) on of \(byteCount)")
    }
    return Int(start)..<Int(end)
  }
}
