public import MartletColumns
import MartletEngine
public import MartletPlan

extension OnlineStore {
  /// A number for the table that a load becomes, never given twice.
  public func reserveTable(for set: SetPlan) throws(OnlineError) -> UInt64 {
    var number: UInt64 = 0
    try changeTables { book, batch in
      number = book.nextNumber
      // What is written from now on leaves out what only questions before the horizon could see.
      book.note(Table(number, of: set, .loading, fed: 0, swept: book.horizon), in: &batch)
    }
    return number
  }

  /// A writer for rows of `set`, to be taken in by this store.
  public func writer(
    for set: SetPlan, in folder: String, mostRows: Int = 4_000_000
  ) throws(OnlineError) -> LoadWriter {
    try writer(for: set, in: folder, mostRows: mostRows, sizing: sizing)
  }

  func writer(
    for set: SetPlan, in folder: String, mostRows: Int, sizing: Sizing
  ) throws(OnlineError) -> LoadWriter {
    LoadWriter(
      set, table: try reserveTable(for: set), in: folder, mostRows: mostRows,
      sizing: sizing, horizon: catalog.horizon
    ) { [engine] (path) throws(OnlineError) in try engine.makeFile(at: path) }
  }

  /// Makes `load` what answers for `set`, in one step: readers see all of it or nothing. What answered
  /// before is kept to go back to.
  ///
  /// - Parameters:
  ///   - pushes: The load holds the pushes up to this commit. Those that came later are brought over
  ///     from the log in the same step.
  ///   - zones: The clocks by which pushed rows are worked out.
  /// - Returns: The number of the commit.
  @discardableResult
  public func take(
    _ load: SealedLoad, of set: SetPlan, holdingPushesUpTo pushes: UInt64,
    zones: [String: ZoneRules] = [:]
  ) throws(OnlineError) -> UInt64 {
    for file in load.files { try engine.ingest([file]) }
    return try changeTables { (book, batch) throws(OnlineError) in
      guard let reserved = book.tables[load.table], reserved.role == .loading else {
        throw OnlineError(
          "taking in a load of `\(set.name)`", .refused("table \(load.table) is not being loaded"))
      }
      for table in book.tables.values where table.holds(set) {
        switch table.role {
        case .previous: book.remove(table, in: &batch)
        case .current:
          var past = table
          past.role = .previous
          book.note(past, in: &batch)
        case .loading: break
        }
      }
      let table = Table(load.table, of: set, .current, fed: pushes, swept: reserved.swept)
      try book.feed(
        table, of: set, upTo: book.pushed[set.source] ?? pushes, from: engine, zones: zones,
        in: &batch)
    }
  }

  /// Loads the rows of `batches` in one go.
  @discardableResult
  public func load(
    _ set: SetPlan, _ batches: some Sequence<Batch>, in folder: String,
    holdingPushesUpTo pushes: UInt64, zones: [String: ZoneRules] = [:]
  ) throws(OnlineError) -> UInt64 {
    var writer = try writer(for: set, in: folder)
    for batch in batches { try writer.add(batch) }
    let load = try writer.finish()
    return try take(load, of: set, holdingPushesUpTo: pushes, zones: zones)
  }

  /// Whether a load before the current one is kept for `set`.
  public func canGoBack(_ set: SetPlan) -> Bool { catalog.previous(set) != nil }

  /// Lets the load before the current one answer for `set` again, with every push that came since. The
  /// current one is what it can go back to.
  @discardableResult
  public func goBack(
    _ set: SetPlan, zones: [String: ZoneRules] = [:]
  ) throws(OnlineError) -> UInt64 {
    try changeTables { (book, batch) throws(OnlineError) in
      let tables = book.tables.values.filter { $0.holds(set) }
      guard let current = tables.first(where: { $0.role == .current }),
        let previous = tables.first(where: { $0.role == .previous })
      else {
        throw OnlineError("going back with `\(set.name)`", .nothingBefore(set: set.name))
      }
      guard previous.fed >= book.forgotten[set.source] ?? 0 else {
        throw OnlineError("going back with `\(set.name)`", .nothingBefore(set: set.name))
      }
      var (past, present) = (current, previous)
      past.role = .previous
      present.role = .current
      book.note(past, in: &batch)
      try book.feed(
        present, of: set, upTo: book.pushed[set.source] ?? 0, from: engine, zones: zones,
        in: &batch)
    }
  }

  /// Removes what answers for none of `sets`: tables of sets and layouts that are no longer defined.
  @discardableResult
  public func keepOnly(_ sets: [SetPlan]) throws(OnlineError) -> Int {
    var removed = 0
    try changeTables { book, batch in
      for table in book.tables.values where table.role != .loading {
        guard !sets.contains(where: { table.holds($0) }) else { continue }
        book.remove(table, in: &batch)
        removed += 1
      }
    }
    return removed
  }

  /// The rows that were pushed to `source` in commits after `commit`, in their order.
  ///
  /// - Returns: The last commit that was read, or `commit` where there was none.
  @discardableResult
  public func pushes(
    to source: String, after commit: UInt64, _ body: (UInt64, Batch) throws(OnlineError) -> Void
  ) throws(OnlineError) -> UInt64 {
    guard commit < .max else { return commit }
    let prefix = Ledger.pushes(of: source)
    var last = commit
    try view().reader.scan(.pushes, prefix: prefix, from: Ledger.push(source, commit + 1)) {
      (key, record) throws(OnlineError) in
      last = try Ledger.number(Array(key.dropFirst(prefix.count)))
      let rows: Batch
      do throws(RowsError) { rows = try LoggedBatch.decoded(record) } catch {
        throw OnlineError(
          "reading what was pushed to `\(source)`", .damaged("the \(error.part) of commit \(last)"))
      }
      try body(last, rows)
      return .next
    }
    return last
  }

  /// The rows that `set` keeps of what was pushed to its source in commits after `commit`.
  public func keptPushes(
    of set: SetPlan, after commit: UInt64, zones: [String: ZoneRules] = [:],
    _ body: (UInt64, Batch) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    let keeper = RowKeeper(set, zones: zones)
    try pushes(to: set.source, after: commit) { (commit, rows) throws(OnlineError) in
      try body(commit, keeper.keep(try rows.completed(for: set)).kept)
    }
  }

  /// Gives up the log of pushes to `source` up to `commit`: they are kept elsewhere by now.
  ///
  /// Every table that is not current loses what it would need to be brought up to date.
  public func forgetPushes(to source: String, upTo commit: UInt64) throws(OnlineError) {
    try changeTables { book, batch in
      guard commit < .max, commit > book.forgotten[source] ?? 0 else { return }
      book.forgotten[source] = commit
      batch.put(.ledger, Ledger.forgotten(source), Table.prefix(commit))
      batch.remove(
        .pushes, from: Ledger.pushes(of: source), upTo: Ledger.push(source, commit + 1))
    }
  }
}
