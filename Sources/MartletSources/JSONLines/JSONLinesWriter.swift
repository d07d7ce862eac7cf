import MartletColumns
import MartletDiagnostics

/// Rows written as JSON Lines: every column a member of every object, nulls too.
final class JSONLinesWriter: TableWriter {
  private let sink: TextSink

  /// `{"a":` or `,"b":`, for each column.
  private let names: [[UInt8]]

  init(_ schema: Schema, sink: any ByteSink) {
    self.sink = TextSink(sink)
    names = schema.fields.enumerated().map { index, field in
      Array("\(index == 0 ? "{" : ",")\(JSON.string(field.name).text):".utf8)
    }
  }

  func append(_ batch: Batch) throws {
    let cells = batch.columns.map { CellText.append($0, .json) { Self.enclose($0, &$1) } }
    for row in 0..<batch.rowCount {
      for (index, column) in batch.columns.enumerated() {
        sink.bytes += names[index]
        if column.isNull(at: row) {
          sink.bytes += "null".utf8
        } else {
          cells[index](row, &sink.bytes)
        }
      }
      sink.bytes += (batch.columns.isEmpty ? "{}\n" : "}\n").utf8
      try sink.settle()
    }
  }

  func finish() throws { try sink.finish() }

  private static func enclose(_ text: UnsafeRawBufferPointer, _ bytes: inout [UInt8]) {
    guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F }) else {
      bytes += JSON.string(String(decoding: text, as: UTF8.self)).text.utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    bytes += text
    bytes.append(UInt8(ascii: "\""))
  }
}
