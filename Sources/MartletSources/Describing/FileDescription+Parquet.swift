import MartletColumns
import MartletParquet

extension FileDescription {
  /// Fills in what a Parquet file holds: types as it says, nulls and distinct values as its rows do.
  mutating func describeParquet(_ bytes: any ByteSource, _ rowLimit: Int?) throws(SourceError) {
    let attempt = "reading `\(path)`"
    do throws(ParquetError) {
      let file = try ParquetFile(bytes)
      rowCount = min(file.rowCount, rowLimit ?? .max)
      isWhole = rowCount == file.rowCount
      for column in file.columns {
        let found: Column
        switch column.type {
        case .success(let type):
          let (nullCount, isDistinct) = try Self.values(
            of: column.name, type, file, rowCount: rowLimit == nil ? 0 : rowCount)
          found = Column(
            name: column.name, type: type, nullCount: nullCount, isDistinct: isDistinct)
        case .failure(let error):
          found = Column(name: column.name, remark: "\(error)", nullCount: 0)
        }
        columns.append(found)
      }
    } catch {
      throw SourceError(attempt: attempt, reason: .damaged("\(error)"))
    }
  }

  /// How many of the first rows are null in a column, and whether all differ.
  private static func values(
    of name: String, _ type: ColumnType, _ file: ParquetFile, rowCount: Int
  ) throws(ParquetError) -> (nullCount: Int, isDistinct: Bool) {
    guard rowCount > 0 else { return (0, false) }
    var reader = try BatchReader(
      file, columns: [name], rows: 0..<rowCount, batchRowCount: 16_384)
    var nullCount = 0
    var groups = type.canBeKey ? Grouper([type]) : nil
    var seen = 0
    while let batch = try reader.next() {
      nullCount += batch.columns[0].countNulls()
      seen += batch.rowCount
      guard groups != nil else { continue }
      _ = groups?.groups(of: batch.columns)
      // Once two agree the rest can change nothing.
      if groups?.count ?? 0 < seen { groups = nil }
    }
    return (nullCount, groups != nil && nullCount == 0)
  }
}
