import MartletColumns
import MartletEngine
import MartletPlan

/// The law that training and serving give one answer, tried: rows come to a store and to training in
/// random batches, with loads, ways back, restarts and compactions between, and both are asked the same.
///
///     rows ──push, load──▶ store ──▶ values, statuses ─┐
///       └────────────────▶ training ─────────────────┴─ the same, to the last bit
struct Replay {
  private var features: OnlineFeatures?
  private var training: ReplayTraining
  private var rows = ReplayRows()
  private let folder: String

  /// How many values were compared, each with its status.
  private(set) var comparisonCount = 0

  /// What was not the same.
  private(set) var mismatches: [ReplayMismatch] = []

  /// What reads services one entity at a time, by their names.
  private var readers: [String: ServiceReader] = [:]

  /// For each source the rows that came in files, and the pushes with their commits.
  private var files: [String: [Batch]] = [:]
  private var pushes: [String: [(commit: UInt64, rows: Batch)]] = [:]

  /// A replay over `store`, an empty one, whose loads are written to `folder`.
  init(
    _ store: OnlineStore, folder: String, using random: inout ReplayNumbers
  ) throws(OnlineError) {
    let plan = ReplayDefinitions(using: &random).plan
    self.folder = folder
    training = ReplayTraining(plan)
    features = try OnlineFeatures(plan, of: store)
    for set in plan.sets { try store.load(set, [], in: folder, holdingPushesUpTo: 0) }
  }

  private var plan: Plan { training.plan }

  /// The store, which is open but within `reopen`.
  private var open: OnlineFeatures {
    guard let features else { preconditionFailure("the store is closed") }
    return features
  }

  /// A reader of `service`, the same while the store is open: it holds on to what it knows of the store.
  private mutating func reader(of service: ServicePlan) -> ServiceReader {
    if let reader = readers[service.name] { return reader }
    let reader = open.reader(of: service)
    readers[service.name] = reader
    return reader
  }

  /// Something that happens to a store, or questions about all that did.
  mutating func step(using random: inout ReplayNumbers) throws {
    switch Int.random(in: 0...10, using: &random) {
    case 0...4: try push(using: &random)
    case 5: try load(using: &random)
    case 6: try goBack(using: &random)
    case 7: try open.store.engine.compact(.rows)
    case 8: try forget(using: &random)
    default: try compare(using: &random)
    }
  }

  /// Closes the store and goes on with the one that `body` opens, which must be where this one was.
  mutating func reopen(_ body: (UInt64) throws(OnlineError) -> OnlineStore) throws(OnlineError) {
    let commit = open.store.lastCommit
    features = nil
    readers = [:]
    features = try OnlineFeatures(plan, of: body(commit))
    comparisonCount += 1
    if open.store.lastCommit != commit {
      note("the last commit", "\(commit)", "\(open.store.lastCommit)", "after a restart")
    }
  }

  private mutating func push(using random: inout ReplayNumbers) throws(OnlineError) {
    guard let source = plan.sources.randomElement(using: &random) else { return }
    let batch = rows.next(Int.random(in: 0...12, using: &random), of: source, using: &random)
    let commit = try open.push(batch, to: source).commit
    pushes[source.name, default: []].append((commit, batch))
    training.add(batch, of: source.name)
  }

  /// Rows come in a file, and every set of their source is loaded anew: from the files, and from the
  /// pushes up to some commit; the others have to be brought over.
  private mutating func load(using random: inout ReplayNumbers) throws(OnlineError) {
    let store = open.store
    guard let source = plan.sources.randomElement(using: &random) else { return }
    let batch = rows.next(Int.random(in: 0...20, using: &random), of: source, using: &random)
    files[source.name, default: []].append(batch)
    training.add(batch, of: source.name)
    let pushed = pushes[source.name] ?? []
    let held = pushed.randomElement(using: &random)?.commit ?? 0
    var known = ReplayTraining(plan)
    for batch in (files[source.name] ?? []).shuffled(using: &random) {
      known.add(batch, of: source.name)
    }
    for push in pushed where push.commit <= held { known.add(push.rows, of: source.name) }
    for set in plan.sets where set.source == source.name {
      var writer = try store.writer(
        for: set, in: folder, mostRows: Int.random(in: 1...200, using: &random))
      for batch in known.kept(set) { try writer.add(batch) }
      try store.take(try writer.finish(), of: set, holdingPushesUpTo: held)
    }
  }

  /// There and back again: pushes that came between are in both.
  private mutating func goBack(using random: inout ReplayNumbers) throws(OnlineError) {
    let store = open.store
    guard let set = plan.sets.randomElement(using: &random),
      store.catalog.previous(set) != nil
    else { return }
    try store.goBack(set)
    try push(using: &random)
    try store.goBack(set)
  }

  /// Questions before the new horizon are refused, and those after it answered as ever.
  private mutating func forget(using random: inout ReplayNumbers) throws(OnlineError) {
    let store = open.store
    try store.forget(
      before: Instant(microseconds: rows.clock - Int64.random(in: 0...60, using: &random)))
    guard let service = plan.service("only_clicks") else { return }
    let before = Instant(microseconds: store.catalog.horizon - 1)
    comparisonCount += 1
    do throws(OnlineError) {
      _ = try reader(of: service).row(keys: [.string("a")], at: before)
      note("only_clicks", "refused", "answered", "\(before), before the horizon")
    } catch {
      guard case .forgotten = error.reason else { throw error }
    }
  }

  private mutating func compare(using random: inout ReplayNumbers) throws {
    let count = Int.random(in: 1...20, using: &random)
    let earliest = open.store.catalog.horizon
    let asked = (0..<count).map { _ -> [String: Value] in
      let name = (ReplayEntities.names + ["nobody"]).randomElement(using: &random) ?? ""
      let moment = max(earliest, rows.clock + Int64.random(in: -40...10, using: &random))
      return [
        "name": Int.random(in: 0...15, using: &random) == 0 ? .null : .string(name),
        "area": .int(Int64.random(in: -1...2, using: &random)),
        "factor": .double(Double.random(in: -1...1, using: &random)),
        "": .time(Instant(microseconds: moment)),
      ]
    }
    try compareTogether(asked)
    for name in ["only_profile", "only_clicks", "both", "worked_out", "only_worked_out"] {
      try compareOneByOne(name, asked)
    }
  }

  /// All questions in one call.
  private mutating func compareTogether(_ asked: [[String: Value]]) throws {
    guard let service = plan.service("everything") else { return }
    let times = column(Field("", .time), asked)
    let online = try open.answers(of: service, at: times) { column($0, asked) }.answers
    let wanted = try training.answers(of: service, at: times) { column($0, asked) }
    for (index, output) in service.outputs.enumerated() {
      comparisonCount += asked.count
      guard
        online.columns[index] != wanted.columns[index]
          || online.statuses[index] != wanted.statuses[index]
      else { continue }
      for row in asked.indices {
        let same =
          online.columns[index].slice(row..<row + 1)
          == wanted.columns[index].slice(row..<row + 1)
        guard !same || online.statuses[index][row] != wanted.statuses[index][row] else { continue }
        note(
          output.name, "\(wanted.columns[index][row]) (\(wanted.statuses[index][row]))",
          "\(online.columns[index][row]) (\(online.statuses[index][row]))", "\(asked[row])")
      }
    }
  }

  /// Each question by itself, the way a service that looks up one set is read.
  private mutating func compareOneByOne(_ name: String, _ asked: [[String: Value]]) throws {
    guard let service = plan.service(name) else { return }
    let reader = reader(of: service)
    let wanted = try training.answers(of: service, at: column(Field("", .time), asked)) {
      column($0, asked)
    }
    for (row, question) in asked.enumerated() {
      guard case .time(let moment)? = question[""] else { continue }
      let found = try reader.row(
        keys: service.keys.map { question[$0.name] ?? .null },
        given: service.given.map { question[$0.name] ?? .null }, at: moment)
      for (index, output) in service.outputs.enumerated() {
        comparisonCount += 1
        let same =
          Column(output.type, [found[index]]) == wanted.columns[index].slice(row..<row + 1)
        guard !same || found.statuses[index] != wanted.statuses[index][row] else { continue }
        note(
          output.name, "\(wanted.columns[index][row]) (\(wanted.statuses[index][row]))",
          "\(found[index]) (\(found.statuses[index]))", "\(question), by itself")
      }
    }
  }

  private func column(_ field: Field, _ asked: [[String: Value]]) -> Column {
    .made(of: asked.map { $0[field.name] ?? .null }, for: field)
  }

  private mutating func note(
    _ feature: String, _ training: String, _ online: String, _ question: String
  ) {
    mismatches.append(
      ReplayMismatch(feature: feature, training: training, online: online, question: question))
  }
}

/// A value that was not the same online as in training.
public struct ReplayMismatch: Equatable, Sendable {
  /// The output, and what was asked.
  public var feature: String

  /// The value and its status by training, and online.
  public var training: String
  public var online: String

  /// What was asked.
  public var question: String
}
