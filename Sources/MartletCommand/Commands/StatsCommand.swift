import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletRegistry

extension Command {
  /// `martlet stats`
  static let stats = Command(
    "stats", "Show what the values of a set's features and columns look like, run by run.",
    about: """
      Each run that adds rows keeps, for each column that the set keeps of them: how many values there are, \
      nulls, about how many different ones, least, mean, quantiles, greatest and the most frequent. It keeps \
      the same of each feature, as of the moments of some of these rows: what a training set of them would \
      have. Of a large run a part from all over is looked at. SET shows the newest run's, SET.NAME one feature \
      or column in all runs.
      """,
    operands: [wantedName], flags: [wantedRun, otherRun, allRuns, limit],
    examples: [
      Example("martlet stats customer_spend"),
      Example("martlet stats customer_spend.spend_24h", "Has it moved?"),
      Example("martlet stats customer_spend --runs"),
      Example("martlet stats customer_spend --run 9 --against 7", "What moved between two runs?"),
    ],
    run: showStatistics)
}

private let wantedName = Operand.required(
  .text("NAME"), "A feature set, SET.FEATURE or SET.COLUMN.")
private let wantedRun = Flag.optional(
  "run", .int(in: 1...Int.max).called("RUN"), "The rows of this run, not of the newest.")
private let otherRun = Flag.optional(
  "against", .int(in: 1...Int.max).called("RUN"), "Compare with those of this run.")
private let allRuns = Flag.switch("runs", "The newest runs below each other, name by name.")
private let limit = Flag.value(
  "limit", .int(in: 1...Int.max), default: 20, "Of at most so many runs.")

private func showStatistics(_ invocation: Invocation) throws -> ExitCode {
  let parts = invocation[wantedName].split(separator: ".", maxSplits: 1).map(String.init)
  let set = parts.first ?? ""
  let name = parts.count == 2 ? parts[1] : nil
  let isOneRun = name == nil && !invocation[allRuns] || invocation[otherRun] != nil
  let found = try invocation.statistics(
    of: set, called: name, run: invocation[wantedRun],
    runLimit: isOneRun ? 1 : invocation[limit])
  if let other = invocation[otherRun] {
    let before = try invocation.statistics(of: set, called: name, run: other, runLimit: 1)
    return try compare(found, with: before, of: set, invocation)
  }
  switch invocation.form {
  case .json:
    for one in found {
      let line: JSON = [
        "set": .string(set), one.kind.rawValue: .string(one.name), "run": .count(one.run),
        "started_at": .string("\(one.startedAt)"),
        "facts": (try? JSON(reading: one.facts)) ?? .string(one.facts),  // as it was kept
      ]
      try invocation.output.line(line.text)
    }
  case .text:
    var table = Table(
      .right("Run"), .left("Of"), .left("Name"), .right("Values"), .right("Nulls"),
      .right("Distinct"), .right("Min"), .right("Mean"), .right("Median"), .right("p95"),
      .right("Max"), .left("Top"))
    for one in isOneRun ? found : found.byName { table.append(one.cells) }
    try invocation.write(table)
  }
  return .done
}

extension Invocation {
  /// The statistics that are kept; it is refused where there are none.
  fileprivate func statistics(
    of set: String, called name: String?, run: Int?, runLimit: Int
  ) throws -> [KeptStatistics] {
    let registry = try withProjectErrors { try Registry.ifThere(of: self) }
    let definitions = try registry.flatMap { try applied(in: $0) }
    let names = definitions.map { KeptColumnNames(of: set, in: $0) }
    let found = try withProjectErrors {
      guard let registry else { return [KeptStatistics]() }
      func statistics(called name: String?) throws -> [KeptStatistics] {
        try registry.statistics(of: set, run: run, called: name, runLimit: runLimit)
      }
      let named = try statistics(called: name)
      guard named.isEmpty, let kept = name.flatMap({ names?.kept($0) }) else { return named }
      return try statistics(called: kept)
    }
    guard found.isEmpty else { return names.map { found.written(by: $0) } ?? found }
    let whose = self[wantedName]
    var help = ["a run keeps them when it adds rows to a set; `martlet runs list` shows the runs"]
    if let definitions, let hint = definitions.nearStatistics(of: set, called: name) {
      help.insert(hint, at: 0)
    }
    var error = CommandError.failed(
      path.spelled,
      "there are no statistics of `\(whose)`" + (run.map { " from run \($0)" } ?? ""))
    error.help = help
    throw error
  }

  /// The definitions that are applied; `nil` where there are none.
  private func applied(in registry: Registry) throws -> Definitions? {
    try withRegistryErrors { () throws(RegistryError) in
      let version = try registry.currentVersion()
      return version == 0 ? nil : meaning(of: try registry.snapshot(of: version))
    }
  }

  fileprivate func write(_ table: Table) throws {
    for line in table.lines(columns: terminal.output.columns, paint: paint) {
      try output.line(line)
    }
  }
}

extension Definitions {
  /// What was probably meant by a set or one of its names of which nothing is kept.
  fileprivate func nearStatistics(of set: String, called name: String?) -> String? {
    let stored = featureSets.filter { if case .stored = $0.kind { true } else { false } }
    guard let found = stored.first(where: { $0.name == set }) else {
      if source(set) != nil {
        let readers = stored.filter { one in
          if case .stored(let stored) = one.kind { stored.source == set } else { false }
        }
        return "`\(set)` is a source; statistics are kept of the sets that read it"
          + (readers.isEmpty ? "" : ": " + readers.map { "`\($0.name)`" }.joined(separator: ", "))
      }
      return nearName(to: set, among: stored.map(\.name)).map { near in
        "did you mean `\(near)\(name.map { ".\($0)" } ?? "")`?"
      }
    }
    guard let name, case .stored(let kind) = found.kind else { return nil }
    let columns = source(kind.source)?.columns.map(\.name) ?? []
    return nearName(to: name, among: found.features.map(\.name) + columns)
      .map { "did you mean `\(set).\($0)`?" }
  }
}

/// Shows what moved from `before` to `now`, what moved farthest first.
private func compare(
  _ now: [KeptStatistics], with before: [KeptStatistics], of set: String, _ invocation: Invocation
) throws -> ExitCode {
  let pairs = now.compactMap { one -> Comparison? in
    guard let other = before.first(where: { $0.kind == one.kind && $0.name == one.name }),
      let profile = ReadProfile(one.facts), let earlier = ReadProfile(other.facts)
    else { return nil }
    return Comparison(kind: one.kind, name: one.name, now: profile, before: earlier)
  }
  let runs = (before.first?.run ?? 0, now.first?.run ?? 0)
  switch invocation.form {
  case .json:
    for pair in pairs {
      let line: JSON = [
        "set": .string(set), pair.kind.rawValue: .string(pair.name), "run": .count(runs.1),
        "against": .count(runs.0),
        "moved": pair.shift.map { .number($0) } ?? nil,
        "values": [.count(pair.before.count), .count(pair.now.count)],
        "null_share": [.double(pair.before.nullShare), .double(pair.now.nullShare)],
        "distinct": [.count(pair.before.distinct), .count(pair.now.distinct)],
        "mean": [pair.before.mean, pair.now.mean],
        "median": [pair.before.quantile("0.5"), pair.now.quantile("0.5")],
        "top": [pair.before.top.first?.value ?? nil, pair.now.top.first?.value ?? nil],
      ]
      try invocation.output.line(line.text)
    }
  case .text:
    var table = Table(
      .left("Of"), .left("Name"), .right("Moved"), .right("Values"), .right("Nulls"),
      .right("Distinct"), .right("Mean"), .right("Median"), .left("Top"))
    let sorted = pairs.enumerated().sorted { one, other in
      (other.element.shift ?? -1, one.offset) < (one.element.shift ?? -1, other.offset)
    }
    for (_, pair) in sorted { table.append(pair.cells) }
    try invocation.output.line("run \(runs.0) → run \(runs.1)")
    try invocation.write(table)
  }
  return .done
}

/// What one feature or column looked like in two runs.
private struct Comparison {
  var kind: KeptStatistics.Kind
  var name: String
  var now: ReadProfile
  var before: ReadProfile

  var shift: Double? { now.shift(since: before) }

  var cells: [String] {
    [
      kind.rawValue, name, shift.map { $0.isFinite ? $0.asPercent : "all" } ?? "",
      change("\(before.count)", "\(now.count)"),
      change(before.nullShare.asPercent, now.nullShare.asPercent),
      change("\(before.distinct)", "\(now.distinct)"), change(before.mean.cell, now.mean.cell),
      change(before.quantile("0.5").cell, now.quantile("0.5").cell),
      change(before.top.first?.value.cell ?? "", now.top.first?.value.cell ?? ""),
    ]
  }

  private func change(_ before: String, _ now: String) -> String {
    before == now ? now : "\(before) → \(now)"
  }
}

extension [KeptStatistics] {
  /// What is of one name below each other, the newest run first; names as the newest run has them.
  fileprivate var byName: [KeptStatistics] {
    var places: [String: Int] = [:]
    for name in map({ "\($0.kind) \($0.name)" }) where places[name] == nil {
      places[name] = places.count
    }
    func place(_ one: KeptStatistics) -> Int { places["\(one.kind) \(one.name)"] ?? 0 }
    return enumerated()
      .sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }
      .map(\.element)
  }
}

extension KeptStatistics {
  fileprivate var cells: [String] {
    guard let profile = ReadProfile(facts) else {
      return ["\(run)", kind.rawValue, name] + [String](repeating: "", count: 9)
    }
    let top = profile.top.first.map { "\($0.value.cell) \($0.share.asPercent)" }
    return [
      "\(run)", kind.rawValue, name, "\(profile.count)", "\(profile.nullCount)",
      "\(profile.distinct)", profile.least.cell, profile.mean.cell, profile.quantile("0.5").cell,
      profile.quantile("0.95").cell, profile.greatest.cell, top ?? "",
    ]
  }
}
