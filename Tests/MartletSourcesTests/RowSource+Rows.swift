import MartletColumns
import MartletSources
import Testing

extension RowSource {
  /// All rows, value by value.
  func rows(stretchRowCount: Int = .max) throws -> [[Value]] {
    var rows: [[Value]] = []
    for stretch in stretches(of: stretchRowCount) {
      try read(stretch) { batch in
        rows += (0..<batch.rowCount).map { row in batch.columns.map { $0[row] } }
      }
    }
    return rows
  }
}

func schema(_ columns: [(String, ColumnType)]) throws -> Schema {
  try #require(Schema(columns.map { Field($0.0, $0.1) }))
}
