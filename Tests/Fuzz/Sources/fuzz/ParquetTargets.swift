import MartletColumns
import MartletParquet

/// Any bytes are a footer or are refused.
func fuzzParquetFooter(_ footer: [UInt8]) {
  let magic = Array("PAR1".utf8)
  let count = UInt32(footer.count)
  let size = (0..<4).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
  guard let file = try? ParquetFile(BytesInMemory(magic + footer + size + magic)) else { return }
  for position in file.columns.indices { _ = try? file.schema(of: [position]) }
}

/// Any bytes are a file of columns or are refused.
func fuzzParquetFile(_ bytes: [UInt8]) {
  guard let file = try? ParquetFile(BytesInMemory(bytes)) else { return }
  let rows = 0..<min(file.rowCount, 1_000)
  for column in file.columns.prefix(40) {
    guard
      var reader = try? BatchReader(file, columns: [column.name], rows: rows, batchRowCount: 300)
    else { continue }
    do {
      while let batch = try reader.next() {
        for column in batch.columns where column.count > 0 { _ = column[column.count - 1] }
      }
    } catch {}
  }
}
