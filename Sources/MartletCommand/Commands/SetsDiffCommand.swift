import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletParquet
import MartletRegistry
import MartletSources

extension Command {
  /// `martlet sets diff`
  static let setsDiff = Command(
    "diff", "Say how one training set differs from another.",
    about: """
      Names the columns that came, went or changed, and counts the rows that did, with what the values \
      look like in each. Rows are the same where they agree in the keys and the time; --by names other \
      columns. Exits with 1 where something differs.
      """,
    operands: [earlier, later], flags: [by],
    examples: [Example("martlet sets diff 3 4"), Example("martlet sets diff 3 4 --by order_id")],
    run: diffSets)
}

private let earlier = Operand.required(
  .int(in: 1...Int.max).called("A"), "The earlier training set's number.")
private let later = Operand.required(
  .int(in: 1...Int.max).called("B"), "The later one's.")
private let by = Flag.repeated(
  "by", .text("COLUMN"), "Tell rows apart by this column; else by the keys and the time.")

private func diffSets(_ invocation: Invocation) throws -> ExitCode {
  let sets = try [invocation[earlier], invocation[later]].map {
    try TrainingSetRecord.numbered($0, invocation)
  }
  let identity = invocation[by].isEmpty ? sets[0].identity : invocation[by]
  let rows = try sets.map { try $0.rows(invocation) }
  guard let difference = TrainingSetDifference(from: rows[0], to: rows[1], identity: identity)
  else {
    let names = identity.map { "`\($0)`" }.joined(separator: ", ")
    throw CommandError.failed(
      invocation.path.spelled,
      identity.isEmpty
        ? "it is not recorded what tells their rows apart"
        : "not both have columns of one type called \(names)",
      help: "`--by COLUMN` names the columns that tell rows apart")
  }
  switch invocation.form {
  case .json: try invocation.output.line(difference.json.text)
  case .text: try difference.write(to: invocation)
  }
  return difference.isEmpty ? .done : .no
}

extension TrainingSetRecord {
  /// The rows of its files, which must be as they were built.
  fileprivate func rows(_ invocation: Invocation) throws -> Batch {
    let attempt = "reading training set \(number)"
    guard try TrainingRecorder.content(of: files, invocation) == content else {
      throw CommandError.failed(
        attempt, "its bytes are not those that were built",
        help: "`martlet sets rebuild \(number) --out FILE` makes them again")
    }
    var batches: [Batch] = []
    for file in files {
      let spine = try Spine(
        at: file, FileFormat(path: file) == nil ? FileFormat(.parquet) : nil, wanted: [:],
        to: .jsonLines, .asManyAsProcessors, invocation)
      batches.append(try spine.carried(to: .jsonLines).rows)
    }
    guard let schema = batches.first?.schema, batches.allSatisfy({ $0.schema == schema }) else {
      throw CommandError.failed(attempt, "its files have unlike columns")
    }
    var columns: [Column] = []
    for (place, field) in schema.fields.enumerated() {
      let parts = batches.map { $0.columns[place] }
      guard let column = Column.concatenated(parts, of: field.type) else {
        throw CommandError.failed(attempt, "`\(field.name)` holds more than 2 GiB of text")
      }
      columns.append(column)
    }
    return Batch(schema, columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
  }
}

extension TrainingSetDifference {
  fileprivate func write(to invocation: Invocation) throws {
    let names = [
      ("columns added", addedColumns), ("columns lost", lostColumns),
      ("columns of another type", retypedColumns),
    ]
    for (words, columns) in names where !columns.isEmpty {
      try invocation.output.line("\(words): \(columns.joined(separator: ", "))")
    }
    try invocation.output.line(
      "\(count(addedRowCount, "row")) added, \(lostRowCount) lost, \(commonRowCount) in both, "
        + "\(changedRowCount) of them changed")
    let changed = columns.filter { $0.changedCount > 0 || $0.before != $0.after }
    guard !changed.isEmpty else { return }
    var table = Table(
      [.left("column"), .right("changed")]
        + ["null", "min", "max", "mean", "distinct"].map { .right($0) })
    for column in changed {
      func cell(_ value: (FeatureStatistics) -> String) -> String {
        let (before, after) = (value(column.before), value(column.after))
        return before == after ? before : "\(before) → \(after)"
      }
      table.append(
        column.before.name, "\(column.changedCount)", cell { "\($0.statuses[.null] ?? 0)" },
        cell { $0.least?.shown ?? "" }, cell { $0.greatest?.shown ?? "" },
        cell { $0.mean.map { "\($0)" } ?? "" }, cell { $0.distinct.map { "\($0)" } ?? "" })
    }
    for line in table.lines(columns: invocation.terminal.output.columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }

  fileprivate var json: JSON {
    [
      "columns_added": .strings(addedColumns), "columns_lost": .strings(lostColumns),
      "columns_retyped": .strings(retypedColumns),
      "rows": [
        "added": .count(addedRowCount), "lost": .count(lostRowCount),
        "common": .count(commonRowCount), "changed": .count(changedRowCount),
      ],
      "columns": .array(
        columns.map { column in
          [
            "name": .string(column.before.name), "changed": .count(column.changedCount),
            "before": column.before.values, "after": column.after.values,
          ]
        }),
    ]
  }
}

extension FeatureStatistics {
  fileprivate var values: JSON {
    var members = [JSON.Member("null", .count(statuses[.null] ?? 0))]
    if let least { members.append(JSON.Member("min", least.json)) }
    if let greatest { members.append(JSON.Member("max", greatest.json)) }
    if let mean { members.append(JSON.Member("mean", Value.double(mean).json)) }
    if let distinct { members.append(JSON.Member("distinct", .count(distinct.count))) }
    return .object(members)
  }
}
