import MartletColumns
import MartletParquet
import Testing

struct RoundTripTests {
  @Test func `what is written is read back, to the bit`() throws {
    for sample in WrittenSample.all {
      let file = try ParquetFile(BytesInMemory(sample.fileBytes()))
      var reader = try BatchReader(file, batchRowCount: 64)
      var row = 0
      while let batch = try reader.next() {
        let range = row..<row + batch.rowCount
        for (index, field) in sample.batch.schema.fields.enumerated() {
          let written = sample.batch.columns[index].slice(range)
          #expect(
            same(batch.columns[index], written), "\(sample), `\(field.name)`, rows \(range)")
        }
        row += batch.rowCount
      }
      #expect(row == sample.batch.rowCount, "\(sample)")
    }
  }

  /// A vector comes back as the list of floats that Parquet has for it.
  private func same(_ read: Column, _ written: Column) -> Bool {
    guard case .vector = written.type, case .list = read.type else { return read == written }
    return (0..<written.count).allSatisfy { row in
      switch (read[row], written[row]) {
      case (.null, .null): true
      case (.list(let numbers), .vector(let floats)):
        numbers.map { number in
          if case .double(let double) = number { double.bitPattern } else { 0 }
        } == floats.map { Double($0).bitPattern }
      default: false
      }
    }
  }
}
