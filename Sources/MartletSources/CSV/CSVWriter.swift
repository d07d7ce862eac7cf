import MartletColumns

/// Rows written as CSV, below a line of their columns' names.
///
/// A null is a field without bytes, an empty text `""`. Texts stand in quotes where they must.
final class CSVWriter: TableWriter {
  private let sink: TextSink
  private let delimiter: UInt8

  init(_ schema: Schema, delimiter: UInt8, sink: any ByteSink) {
    self.sink = TextSink(sink)
    self.delimiter = delimiter
    for (index, field) in schema.fields.enumerated() {
      if index > 0 { self.sink.bytes.append(delimiter) }
      let name = Array(field.name.utf8)
      name.withUnsafeBytes { Self.enclose($0, delimiter, &self.sink.bytes) }
    }
    self.sink.bytes.append(UInt8(ascii: "\n"))
  }

  func append(_ batch: Batch) throws {
    let delimiter = delimiter
    let cells = batch.columns.map { column in
      CellText.append(column, .csv) { Self.enclose($0, delimiter, &$1) }
    }
    for row in 0..<batch.rowCount {
      for (index, column) in batch.columns.enumerated() {
        if index > 0 { sink.bytes.append(delimiter) }
        if !column.isNull(at: row) { cells[index](row, &sink.bytes) }
      }
      sink.bytes.append(UInt8(ascii: "\n"))
      try sink.settle()
    }
  }

  func finish() throws { try sink.finish() }

  private static func enclose(
    _ text: UnsafeRawBufferPointer, _ delimiter: UInt8, _ bytes: inout [UInt8]
  ) {
    let quote = UInt8(ascii: "\"")
    let isPlain =
      !text.isEmpty
      && text.allSatisfy { $0 != delimiter && $0 != quote && $0 != 0x0A && $0 != 0x0D }
    guard !isPlain else {
      bytes += text
      return
    }
    bytes.append(quote)
    for byte in text {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}
