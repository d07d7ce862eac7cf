import MartletColumns

/// Rows that wait until they fill a row group.
///
/// A row group ends after `rowsPerGroup` rows, or before the row that would take it over
/// `mostBytesPerGroup`. Both are counted by rows, so that it ends at the same row however the rows
/// came in batches.
struct PendingRows {
  private let schema: Schema
  private let options: WritingOptions
  private var batches: [Batch] = []
  private var rowCount = 0
  private var byteCount = 0

  init(_ schema: Schema, _ options: WritingOptions) {
    self.schema = schema
    self.options = options
  }

  /// Takes `batch` in.
  mutating func add(_ batch: Batch) {
    guard batch.rowCount > 0 else { return }
    batches.append(batch)
    rowCount += batch.rowCount
    byteCount += batch.byteCount(to: batch.rowCount)
  }

  /// The columns of the next row group, if there is a whole one.
  mutating func takeFullGroup() -> [Column]? {
    guard rowCount >= options.rowsPerGroup || byteCount > options.mostBytesPerGroup else {
      return nil
    }
    return take()
  }

  /// The columns of the last row group, if rows are left.
  mutating func takeRest() -> [Column]? { rowCount == 0 ? nil : take() }

  private mutating func take() -> [Column] {
    var taken: [Batch] = []
    var rows = options.rowsPerGroup
    var bytes = options.mostBytesPerGroup
    while rows > 0, let batch = batches.first {
      // What fits with all that waits fits by itself.
      let fitting =
        byteCount <= bytes
        ? batch.rowCount : batch.rowsFitting(into: bytes, atLeast: taken.isEmpty ? 1 : 0)
      let count = min(rows, fitting)
      if count > 0 { taken.append(batch.slice(0..<count)) }
      let takenBytes = batch.byteCount(to: count)
      (rows, bytes) = (rows - count, bytes - takenBytes)
      (rowCount, byteCount) = (rowCount - count, byteCount - takenBytes)
      if count < batch.rowCount {
        batches[0] = batch.slice(count..<batch.rowCount)
        break
      }
      batches.removeFirst()
    }
    return schema.fields.indices.map { index in
      let parts = taken.map { $0.columns[index] }
      if parts.count == 1 { return parts[0] }
      // Their bytes are under `mostBytesPerGroup`, or they are one row; a column holds 2 GiB.
      guard let column = Column.concatenated(parts, of: schema.fields[index].type) else {
        preconditionFailure("`\(schema.fields[index].name)` does not fit a row group")
      }
      return column
    }
  }
}

extension Batch {
  /// The bytes of the first `count` rows: eight for each number, the bytes of each text.
  fileprivate func byteCount(to count: Int) -> Int {
    columns.reduce(0) { $0 + $1.values.byteCount(to: count) }
  }

  /// How many rows take `bytes` or fewer.
  fileprivate func rowsFitting(into bytes: Int, atLeast least: Int) -> Int {
    if byteCount(to: rowCount) <= bytes { return rowCount }
    var low = least
    var high = rowCount
    while low + 1 < high {
      let middle = (low + high) / 2
      if byteCount(to: middle) <= bytes { low = middle } else { high = middle }
    }
    return low
  }
}

extension Column.Values {
  fileprivate func byteCount(to count: Int) -> Int {
    switch self {
    case .bool, .int, .double, .time: count * 8
    case .string(let texts), .bytes(let texts):
      8 * count + Int(texts.offsets[count] - texts.offsets[0])
    // As if every row had its own text, so that a row group ends at the same row either way.
    case .dictionary(let texts): 8 * count + texts.flattenedByteCount(to: count)
    case .vector(let vectors): count * vectors.width * 4
    case .list(let lists):
      8 * count
        + lists.elements.values.slice(Int(lists.offsets[0])..<lists.elements.count)
        .byteCount(to: Int(lists.offsets[count] - lists.offsets[0]))
    }
  }
}
