import MartletColumns

/// Where everything lies in the file that is being written, and its ending.
struct FileLayout {
  private var metadata = FileMetadata()
  private var groups: [[EncodedChunk]] = []
  private var offset = Int64(Footer.magic.count)
  private let sortingColumns: [SortingColumn]?

  init(_ schema: Schema, _ options: WritingOptions) {
    metadata.version = 2
    metadata.schema = SchemaElement.nodes(of: schema, stored: options.stored)
    // Readers of old distrust the bounds of texts in files whose writer they cannot parse.
    metadata.createdBy = "martlet version 0.1.0 (build 0)"
    metadata.columnOrders = schema.fields.map { _ in .typeDefined }
    var notes = options.notes.map { KeyValue(key: $0.key, value: $0.value) }
    for field in schema.fields {
      if case .vector(let width) = field.type, options.stored[field.name] == nil {
        notes.append(SchemaElement.widthNote(of: field.name, width: width))
      }
    }
    metadata.keyValues = notes.isEmpty ? nil : notes
    let sorting = options.sortedBy.map { sorted in
      guard let index = schema.position(of: sorted.column) else {
        preconditionFailure("sorted by `\(sorted.column)`, which is no column")
      }
      precondition(
        schema.fields[index].type.canBeKey, "sorted by `\(sorted.column)`, which has no order")
      var column = SortingColumn()
      column.columnIndex = Int32(index)
      column.isDescending = sorted.direction == .descending
      column.hasNullsFirst = sorted.nulls == .first
      return column
    }
    sortingColumns = sorting.isEmpty ? nil : sorting
  }

  /// Gives the chunks of the next row group their places.
  mutating func add(_ chunks: [EncodedChunk], rowCount: Int) {
    var group = RowGroup()
    group.rowCount = Int64(rowCount)
    group.fileOffset = offset
    group.sortingColumns = sortingColumns
    group.ordinal = Int16(exactly: groups.count)
    var placed: [EncodedChunk] = []
    for chunk in chunks {
      var chunk = chunk
      chunk.place(at: offset)
      offset += Int64(chunk.bytes.count)
      // The bytes are the sink's from now on.
      chunk.bytes = Buffer()
      placed.append(chunk)
    }
    group.byteCount = placed.reduce(0) { $0 + $1.metadata.uncompressedByteCount }
    group.compressedByteCount = placed.reduce(0) { $0 + $1.metadata.compressedByteCount }
    groups.append(placed)
    metadata.rowGroups.append(group)
    metadata.rowCount += Int64(rowCount)
  }

  /// The bytes behind the last row group: bloom filters, page indexes, footer.
  mutating func finish() -> [UInt8] {
    var bytes: [UInt8] = []
    var columns = groups.map { chunks in
      chunks.map { chunk in
        var column = ColumnChunk()
        column.metadata = chunk.metadata
        return column
      }
    }
    for (group, chunks) in groups.enumerated() {
      for (index, chunk) in chunks.enumerated() {
        guard let filter = chunk.bloomFilter else { continue }
        columns[group][index].metadata?.bloomFilterOffset = offset + Int64(bytes.count)
        columns[group][index].metadata?.bloomFilterByteCount = Int32(filter.count)
        bytes += filter
      }
    }
    for (group, chunks) in groups.enumerated() {
      for (index, chunk) in chunks.enumerated() {
        guard let columnIndex = chunk.columnIndex else { continue }
        let written = CompactWriter.bytes(of: columnIndex)
        columns[group][index].columnIndexOffset = offset + Int64(bytes.count)
        columns[group][index].columnIndexByteCount = Int32(written.count)
        bytes += written
      }
    }
    for (group, chunks) in groups.enumerated() {
      for (index, chunk) in chunks.enumerated() {
        let written = CompactWriter.bytes(of: chunk.offsetIndex)
        columns[group][index].offsetIndexOffset = offset + Int64(bytes.count)
        columns[group][index].offsetIndexByteCount = Int32(written.count)
        bytes += written
      }
    }
    for group in columns.indices { metadata.rowGroups[group].columns = columns[group] }
    return bytes + Footer.bytes(of: metadata)
  }
}
