import Martlet
import MartletDiagnostics
import MartletSources

extension Command {
  /// `martlet describe`
  static let describe = Command(
    "describe", "Look at files, and write the definition of a source for each.",
    about: """
      Parquet files say their types; of CSV and JSON Lines files the first rows tell them. What cannot \
      be known is a guess: which column is the time, which names a row, whether rows happen or hold. A \
      pattern in quotes is one source of many files, of which the first is looked at.
      """,
    operands: [inputs], flags: [rowLimit],
    examples: [
      Example("martlet describe data/orders.csv"),
      Example("martlet describe \"data/orders/*.parquet\" >> featuredefs/orders.martlet"),
    ],
    run: describeFiles)
}

private let inputs = Operand.rest(.file, atLeast: 1, "The files, or patterns in quotes.")
private let rowLimit = Flag.value(
  "rows", .int(in: 0...Int.max), default: 100_000,
  "Look at this many rows of a file that does not say its types; 0 is all.")

private func describeFiles(_ invocation: Invocation) throws -> ExitCode {
  for (number, path) in invocation[inputs].enumerated() {
    try invocation.interruption.check()
    let draft = try SourceDraft.of(path, writtenAs: path, rowLimit: invocation[rowLimit])
    switch invocation.form {
    case .text: try invocation.output.write((number > 0 ? "\n" : "") + draft.text)
    case .json: try invocation.output.line(draft.json.text)
    }
  }
  return .done
}

extension SourceDraft {
  /// A draft of the source that reads `path`, relative to this folder; definitions say `written`.
  static func of(
    _ path: String, writtenAs written: String, rowLimit: Int
  ) throws(CommandError) -> SourceDraft {
    do throws(SourceError) {
      let isPattern = path.contains { "*?[".contains($0) }
      let first = isPattern ? try FilePattern(path, below: ".").files().first ?? path : path
      let seen = try FileDescription(of: first, rowLimit: rowLimit == 0 ? nil : rowLimit)
      return SourceDraft(seen, name: SourceDraft.name(for: path), reading: written)
    } catch {
      throw CommandError(error)
    }
  }

  fileprivate var json: JSON {
    [
      "file": .string(description.path), "format": .string("\(description.format)"),
      "rows": .count(description.rowCount), "is_whole": .bool(description.isWhole),
      "columns": .array(
        description.columns.map { column in
          [
            "name": .string(column.name), "type": column.type.map { .string("\($0)") } ?? nil,
            "nulls": .count(column.nullCount), "is_distinct": .bool(column.isDistinct),
            "remark": column.remark.map { .string($0) } ?? nil,
          ]
        }),
      "times": .strings(description.timeCandidates), "ids": .strings(description.idCandidates),
      "keys": .strings(description.keyCandidates), "definition": .string(text),
    ]
  }
}
