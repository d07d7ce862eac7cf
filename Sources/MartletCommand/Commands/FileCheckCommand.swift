import MartletDiagnostics
import MartletParquet

extension Command {
  /// `martlet file check`
  static let fileCheck = Command(
    "check", "Read all of a file and verify every checksum.",
    about: """
      Every page of every column is read, its checksum held against its bytes, decompressed and \
      decoded. What is damaged is listed, all of it; exits with 1 when something is.
      """,
    operands: [input], examples: [Example("martlet file check data/orders.parquet")],
    run: checkFile)
}

private let input = Operand.required(.file, "The Parquet file.")

private func checkFile(_ invocation: Invocation) throws -> ExitCode {
  let path = invocation[input]
  let file = try ParquetFile.opened(at: path)
  let faults = try faults(in: file, invocation)
  switch invocation.form {
  case .text:
    for fault in faults { try invocation.output.line("\(path): \(fault)") }
    if faults.isEmpty {
      let groups = file.metadata.rowGroups.count
      try invocation.output.line(
        "\(path): sound: \(file.rowCount) rows, \(file.columns.count) columns, \(groups) row groups"
      )
    }
  case .json:
    let report: JSON = [
      "path": .string(path), "sound": .bool(faults.isEmpty), "rows": .count(file.rowCount),
      "faults": .strings(faults.map { "\($0)" }),
    ]
    try invocation.output.line(report.text)
  }
  return faults.isEmpty ? .done : .no
}

/// What is wrong, the first fault of each column of each row group.
private func faults(in file: ParquetFile, _ invocation: Invocation) throws -> [ParquetError] {
  var faults: [ParquetError] = []
  let total = file.rowCount * file.columns.count
  try invocation.talk.showingProgress(of: "checking", counting: "values", total: total) {
    progress in
    for (index, rowGroup) in file.metadata.rowGroups.enumerated() {
      for position in file.columns.indices {
        try invocation.interruption.check()
        do throws(ParquetError) {
          _ = try file.read(column: position, ofRowGroup: index)
        } catch { faults.append(error) }
        progress.advance(by: Int(rowGroup.rowCount))
      }
    }
  }
  return faults
}
