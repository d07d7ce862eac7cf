import Martlet
import MartletColumns
import MartletDiagnostics
import MartletParquet
import MartletSources

extension Command {
  /// `martlet file show`
  static let fileShow = Command(
    "show", "Show the first rows of a file.",
    operands: [input], flags: [limit, columns],
    examples: [
      Example("martlet file show data/orders.parquet --limit 5"),
      Example("martlet file show data/orders.csv --columns order_id,placed_at"),
      Example(
        "martlet file show data/orders.parquet --columns customer_id,amount --json",
        "One JSON object a row."),
    ],
    run: showFile)
}

private let input = Operand.required(.file, "The file: Parquet, CSV or JSON Lines.")
private let limit = Flag.value(
  "limit", short: "n", .int(in: 0...Int.max), default: 10, "Show at most this many rows.")
private let columns = Flag.optional("columns", .columnNames, "Show these columns alone.")

private func showFile(_ invocation: Invocation) throws -> ExitCode {
  let path = invocation[input]
  guard let format = FileFormat.ofText(at: path) else {
    try showParquet(at: path, invocation)
    return .done
  }
  // More rows tell the types than are shown, so that they seldom differ from those of all rows, and at
  // least as many as are read to show these.
  let (most, isAll) = invocation[limit].addingReportingOverflow(100_000)
  let table = try TextTable(at: path, format, rowLimit: isAll ? nil : most, invocation)
  let schema = try table.schema(of: invocation[columns])
  try show(schema, invocation) { body in
    try table.read(schema, rowLimit: invocation[limit], invocation, body)
  }
  return .done
}

private func showParquet(at path: String, _ invocation: Invocation) throws {
  let file = try ParquetFile.opened(at: path)
  let rows = 0..<min(invocation[limit], file.rowCount)
  do {
    var reader = try BatchReader(file, columns: invocation[columns], rows: rows)
    try show(reader.schema, invocation) { body in
      while let batch = try reader.next() { try body(batch) }
    }
  } catch let error as ParquetError {
    throw CommandError.failed("reading `\(path)`", "\(error)")
  }
}

/// Shows the rows of the batches that `read` hands over.
private func show(
  _ schema: Schema, _ invocation: Invocation, _ read: ((Batch) throws -> Void) throws -> Void
) throws {
  switch invocation.form {
  case .text:
    var table = Table(
      schema.fields.map {
        $0.type == .int || $0.type == .double ? .right($0.name) : .left($0.name)
      })
    try read { batch in
      for row in 0..<batch.rowCount { table.append(batch.columns.map { $0[row].shown }) }
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  case .json:
    try read { batch in
      for row in 0..<batch.rowCount {
        let members = zip(schema.fields, batch.columns).map { field, column in
          JSON.Member(field.name, column[row].json)
        }
        try invocation.output.line(JSON.object(members).text)
      }
      try invocation.interruption.check()
    }
  }
}

extension ValueKind where Value == [String] {
  /// Names of columns, parted by commas.
  static var columnNames: Self {
    ValueKind(placeholder: "NAME,…", completion: .nothing) { text throws(WrongValue) in
      let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard !names.contains("") else { throw WrongValue(expected: "names parted by commas") }
      return names
    }
  }
}
