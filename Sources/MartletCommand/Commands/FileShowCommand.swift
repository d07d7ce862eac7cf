import Martlet
import MartletColumns
import MartletDiagnostics
import MartletParquet

extension Command {
  /// `martlet file show`
  static let fileShow = Command(
    "show", "Show the first rows of a file.",
    operands: [input], flags: [limit, columns],
    examples: [
      Example("martlet file show data/orders.parquet --limit 5"),
      Example(
        "martlet file show data/orders.parquet --columns customer_id,amount --json",
        "One JSON object a row."),
    ],
    run: showFile)
}

private let input = Operand.required(.file, "The Parquet file.")
private let limit = Flag.value(
  "limit", short: "n", .int(in: 0...Int.max), default: 10, "Show at most this many rows.")
private let columns = Flag.optional("columns", .columnNames, "Show these columns alone.")

private func showFile(_ invocation: Invocation) throws -> ExitCode {
  let path = invocation[input]
  let file = try ParquetFile.opened(at: path)
  let rows = 0..<min(invocation[limit], file.rowCount)
  do {
    var reader = try BatchReader(file, columns: invocation[columns], rows: rows)
    switch invocation.form {
    case .text: try showTable(&reader, invocation)
    case .json: try showLines(&reader, invocation)
    }
  } catch let error as ParquetError {
    throw CommandError.failed("reading `\(path)`", "\(error)")
  }
  return .done
}

private func showTable(_ reader: inout BatchReader, _ invocation: Invocation) throws {
  var table = Table(
    reader.schema.fields.map {
      $0.type == .int || $0.type == .double ? .right($0.name) : .left($0.name)
    })
  while let batch = try reader.next() {
    for row in 0..<batch.rowCount { table.append(batch.columns.map { $0[row].shown }) }
  }
  let columns = invocation.terminal.output.columns
  for line in table.lines(columns: columns, paint: invocation.paint) {
    try invocation.output.line(line)
  }
}

private func showLines(_ reader: inout BatchReader, _ invocation: Invocation) throws {
  while let batch = try reader.next() {
    for row in 0..<batch.rowCount {
      let members = zip(batch.schema.fields, batch.columns).map { field, column in
        JSON.Member(field.name, column[row].json)
      }
      try invocation.output.line(JSON.object(members).text)
    }
    try invocation.interruption.check()
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
