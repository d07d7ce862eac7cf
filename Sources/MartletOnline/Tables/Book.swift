import MartletAggregates
import MartletColumns

/// The ledger while the store is open: what whoever writes knows, and readers need not.
///
/// Belongs to the one whose turn it is to write.
struct Book {
  /// The last commit.
  var commit: UInt64 = 0

  /// The earliest moment that is answered.
  var horizon = Int64.min

  /// How far back from now questions are answered; `nil` where the horizon moves when it is told to.
  var past: TimeLength?

  /// The tables by their numbers.
  var tables: [UInt64: Table] = [:]

  /// The highest number that a table ever had. No other gets it: what is left of the first, on its way
  /// out, must not be taken for rows of the second.
  var highestNumber: UInt64 = 0

  /// For each source, the last commit that was a push to it.
  var pushed: [String: UInt64] = [:]

  /// For each source, the last commit whose pushes the log has given up.
  var forgotten: [String: UInt64] = [:]

  /// The same for readers.
  var catalog: Catalog {
    Catalog(tables: tables.values.sorted { $0.number < $1.number }, horizon: horizon)
  }

  /// Records that `table` is as it is now.
  mutating func note(_ table: Table, in batch: inout WriteBatch) {
    tables[table.number] = table
    if table.number > highestNumber {
      highestNumber = table.number
      batch.put(.ledger, Ledger.numbers, Table.prefix(highestNumber))
    }
    batch.put(.ledger, Ledger.table(table.number), table.encoded)
    batch.put(.ledger, Ledger.fed(table.number), Table.prefix(table.fed))
    batch.put(.ledger, Ledger.swept(table.number), Table.prefix(UInt64(bitPattern: table.swept)))
  }

  /// Records that `table` and its rows are gone.
  mutating func remove(_ table: Table, in batch: inout WriteBatch) {
    tables[table.number] = nil
    batch.remove(.ledger, Ledger.table(table.number))
    batch.remove(.ledger, Ledger.fed(table.number))
    batch.remove(.ledger, Ledger.swept(table.number))
    table.removeRows(in: &batch)
  }

  /// The keys that belong to no table: all that lies there was removed.
  var removedRanges: [KeyRange] {
    var ranges: [KeyRange] = []
    var start: UInt64 = 0
    for number in tables.keys.sorted() + [highestNumber &+ 1] {
      if number > start {
        ranges.append(KeyRange(start: Table.prefix(start), end: Table.prefix(number)))
      }
      start = number &+ 1
    }
    return ranges
  }

  /// Records the next commit and returns its number.
  mutating func noteCommit(in batch: inout WriteBatch) -> UInt64 {
    commit += 1
    batch.put(.ledger, Ledger.commit, Table.prefix(commit))
    return commit
  }
}

extension Book {
  /// The book that `store` holds; an empty one in a new store.
  init(
    of store: any KeyValueStore, _ layouts: Ledger.Layouts = .current
  ) throws(OnlineError) {
    let attempt = "opening the online store"
    if let version = try store.value(.ledger, Ledger.layout) {
      let found = try Ledger.number(version)
      guard found <= UInt64(Ledger.layoutVersion) else {
        throw OnlineError(
          attempt, .newerLayout(found: Int(clamping: found), known: Ledger.layoutVersion))
      }
      guard found == UInt64(Ledger.layoutVersion) || layouts == .olderAsWell else {
        throw OnlineError(attempt, .olderLayout(found: Int(clamping: found)))
      }
    }
    commit = try store.value(.ledger, Ledger.commit).map(Ledger.number) ?? 0
    horizon =
      try store.value(.ledger, Ledger.horizon).map(Ledger.number).map { Int64(bitPattern: $0) }
      ?? .min
    past = try store.value(.ledger, Ledger.past).map(Ledger.number).map {
      TimeLength(microseconds: Int64(bitPattern: $0))
    }
    var records: [(number: UInt64, bytes: [UInt8])] = []
    try store.scan(.ledger, prefix: Ledger.tables, from: Ledger.tables) {
      (key, value) throws(OnlineError) in
      records.append((try Ledger.number(Array(key.dropFirst(Ledger.tables.count))), Array(value)))
      return .next
    }
    for record in records {
      let fed = try store.value(.ledger, Ledger.fed(record.number)).map(Ledger.number) ?? 0
      let swept = try store.value(.ledger, Ledger.swept(record.number)).map(Ledger.number)
      do {
        let table = try Table(
          number: record.number, fed: fed, swept: swept.map { Int64(bitPattern: $0) } ?? .min,
          encoded: record.bytes)
        tables[table.number] = table
      } catch {
        throw OnlineError(attempt, .damaged("the record of a table: its \(error.part)"))
      }
    }
    highestNumber = try store.value(.ledger, Ledger.numbers).map(Ledger.number) ?? 0
    // A store of before numbers were kept.
    highestNumber = max(highestNumber, tables.keys.max() ?? 0)
    pushed = try Self.commits(Ledger.pushed, of: store)
    forgotten = try Self.commits(Ledger.forgotten, of: store)
  }

  /// A commit for each source, under `prefix`.
  private static func commits(
    _ prefix: [UInt8], of store: any KeyValueStore
  ) throws(OnlineError) -> [String: UInt64] {
    var commits: [String: UInt64] = [:]
    try store.scan(.ledger, prefix: prefix, from: prefix) { (key, value) throws(OnlineError) in
      let source = String(decoding: key.dropFirst(prefix.count), as: UTF8.self)
      commits[source] = try Ledger.number(Array(value))
      return .next
    }
    return commits
  }
}
