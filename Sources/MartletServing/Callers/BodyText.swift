public import MartletColumns
import MartletDiagnostics

/// The bodies of requests, for callers: values as a server reads them.
public enum BodyText {
  /// A column and its name.
  public typealias Named = (name: String, column: Column)

  /// The body of a `POST /v1/get`.
  ///
  /// - Parameter moment: The moment of the answer; `nil` for now.
  public static func question(
    to service: String, entities: [Named], given: [Named] = [], at moment: Instant? = nil
  ) -> [UInt8] {
    var text = ByteQueue()
    text.append("{\"service\":")
    text.append(quoted: service)
    if let moment {
      text.append(",\"at\":")
      text.append(moment)
    }
    text.append(",\"entities\":")
    text.append(entities)
    if !given.isEmpty {
      text.append(",\"given\":")
      text.append(given)
    }
    text.append("}")
    return Array(text.unsafeBytes)
  }

  /// Rows as JSON Lines, the body of a `POST /v1/push/SOURCE`. What is null is left out.
  public static func lines(_ rows: Batch) -> [UInt8] {
    let names = rows.schema.fields.map { Array((JSON.string($0.name).text + ":").utf8) }
    var text = ByteQueue()
    for row in 0..<rows.rowCount {
      text.append("{")
      var isFirst = true
      for (place, column) in rows.columns.enumerated() where !column.isNull(at: row) {
        if !isFirst { text.append(",") }
        isFirst = false
        text.append(names[place])
        text.append(values: column.slice(row..<row + 1))
      }
      text.append("}\n")
    }
    return Array(text.unsafeBytes)
  }
}

extension ByteQueue {
  /// Appends an object of arrays.
  fileprivate mutating func append(_ columns: [BodyText.Named]) {
    append("{")
    for (place, column) in columns.enumerated() {
      if place > 0 { append(",") }
      append(quoted: column.name)
      append(":[")
      append(values: column.column)
      append("]")
    }
    append("}")
  }
}
