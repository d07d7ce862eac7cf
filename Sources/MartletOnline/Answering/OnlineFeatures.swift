public import MartletColumns
public import MartletEngine
public import MartletPlan

/// What a store answers by one version of the definitions.
///
/// Any number of threads may ask and push. It stays good while the store is loaded and pushed to; for
/// changed definitions there is another.
public struct OnlineFeatures: Sendable {
  /// The store that it reads.
  public let store: OnlineStore

  /// The definitions.
  public let plan: Plan

  let zones: [String: ZoneRules]

  /// For each set of events whose measures have states, by its name, what reads them.
  let sweeps: [String: SweepPool]

  /// The features of `plan`, over `store`. Brings what was pushed while other definitions were in force
  /// into the tables of these.
  public init(
    _ plan: Plan, of store: OnlineStore, zones: [String: ZoneRules] = [:]
  ) throws(OnlineError) {
    self.store = store
    self.plan = plan
    self.zones = zones
    var sweeps: [String: SweepPool] = [:]
    for set in plan.sets { sweeps[set.name] = SweepPool(set) }
    self.sweeps = sweeps
    try store.feed(plan.sets, creating: false, zones: zones)
  }

  /// What a service answers, and up to which commit the store was seen.
  public struct Answers: Sendable {
    /// The values and statuses.
    public var answers: ServiceAnswers

    /// Every commit up to this one was seen.
    public var commit: UInt64
  }

  /// What `service` answers at `times`, all from one point in the store's history.
  ///
  /// - Parameter caller: The column of a key or of a given value, a row for each of `times`.
  public func answers(
    of service: ServicePlan, at times: Column, caller: (Field) throws -> Column
  ) throws -> Answers {
    var columns: [String: Column] = [:]
    for field in service.keys + service.given { columns[field.name] = try caller(field) }
    return try answers(of: service, at: times, columns)
  }

  /// As above, the caller's columns by their names.
  func answers(
    of service: ServicePlan, at times: Column, _ caller: [String: Column]
  ) throws(OnlineError) -> Answers {
    try store.reading(times.count) { (view) throws(OnlineError) in
      try answers(of: service, at: times, caller, in: view)
    }
  }

  private func answers(
    of service: ServicePlan, at times: Column, _ caller: [String: Column], in view: OnlineView
  ) throws(OnlineError) -> Answers {
    let attempt = "reading `\(service.name)`"
    let answers = try ServiceRun(service, zones: zones).answers(at: times) {
      (field) throws(OnlineError) -> Column in
      guard let column = caller[field.name] else {
        throw OnlineError(attempt, .refused("nobody gave `\(field.name)`"))
      }
      guard column.type == field.type, column.count == times.count else {
        throw OnlineError(
          attempt,
          .refused("`\(field.name)` is \(field.type), a value for each of \(times.count) questions")
        )
      }
      return column
    } lookup: { (lookup, keys) throws(OnlineError) -> (SetAnswers, [Field]) in
      guard let set = plan.set(lookup.set) else {
        preconditionFailure("no set is called \(lookup.set)")
      }
      return (try view.answers(of: set, keys: keys, at: times, by: sweeps[set.name]), set.features)
    }
    return Answers(answers: answers, commit: view.commit)
  }

  /// What `set` answers about the entities of `keys`, each as of its row of `times`, all from one point
  /// in the store's history.
  public func answers(
    of set: SetPlan, keys: [Column], at times: Column
  ) throws(OnlineError) -> SetAnswers {
    try store.reading(times.count) { (view) throws(OnlineError) in
      try view.answers(of: set, keys: keys, at: times, by: sweeps[set.name])
    }
  }
}

extension OnlineFeatures {
  /// What became of rows that were pushed.
  public struct Receipt: Sendable {
    /// The commit that they are in.
    public var commit: UInt64

    /// What the source's expectations made of them.
    public var verdict: RowJudge.Verdict

    /// What each set of the source kept, by its name.
    public var counts: [String: RowCounts]
  }

  /// Appends `rows` to `source`. When this returns they are on the disk and count in the next answer.
  ///
  /// Rows that an expectation drops are dropped; nothing stops at one that asks to fail, which is for
  /// the caller to see in the receipt's verdict, or beforehand by a `RowJudge`.
  @discardableResult
  public func push(_ rows: Batch, to source: SourcePlan) throws(OnlineError) -> Receipt {
    try push(rows, to: source, .synced)
  }

  func push(
    _ rows: Batch, to source: SourcePlan, _ durability: Durability
  ) throws(OnlineError) -> Receipt {
    let (kept, verdict) = RowJudge(source, zones: zones).judge(rows)
    let record = LoggedBatch.encoded(kept)
    let sets = plan.sets.filter { $0.source == source.name }
    while true {
      if sets.contains(where: { store.catalog.current($0) == nil }) {
        try store.feed(sets, creating: true, zones: zones)
      }
      let catalog = store.catalog
      var counts: [String: RowCounts] = [:]
      var tables: [UInt64: SetPlan] = [:]
      var writes = WriteBatch()
      for set in sets {
        let (own, count) = RowKeeper(set, zones: zones).keep(kept)
        counts[set.name] = count
        // A set without a table waits for its first load, which brings the log over.
        guard let table = catalog.current(set) else { continue }
        EntityRows(own, of: set).append(to: table.number, RowFormat(set), in: &writes)
        tables[table.number] = set
      }
      let request = PushRequest(
        source: source.name, record: record, tables: tables, rows: writes, durability: durability)
      if case .committed(let commit) = try store.push(request) {
        return Receipt(commit: commit, verdict: verdict, counts: counts)
      }
      try store.feed(sets, creating: true, zones: zones)
    }
  }
}
