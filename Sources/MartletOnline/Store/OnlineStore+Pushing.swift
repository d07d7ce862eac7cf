import MartletColumns
import MartletEngine
import MartletPlan

/// What one caller pushes: the record for the log, and the same rows as each table takes them.
struct PushRequest {
  var source: String
  var record: [UInt8]
  var tables: [UInt64: SetPlan]
  var rows: WriteBatch
  var durability: Durability
}

/// What became of a push.
enum PushResult {
  /// It is on the disk.
  case committed(UInt64)

  /// A table has not taken all earlier pushes yet, and must first.
  case behind
}

extension OnlineStore {
  /// Appends `request` to the log and to its tables, together with those of others.
  func push(_ request: PushRequest) throws(OnlineError) -> PushResult {
    try turns.submit(request) { requests in
      var book = self.book.now
      var marks = WriteBatch()
      var results: [Result<PushResult, OnlineError>] = []
      var batches: [WriteBatch] = []
      for request in requests {
        let pushed = book.pushed[request.source] ?? 0
        guard request.tables.keys.allSatisfy({ book.isFed($0, upTo: pushed) }) else {
          results.append(.success(.behind))
          continue
        }
        let commit = book.noteCommit(in: &marks)
        book.pushed[request.source] = commit
        marks.put(.ledger, Ledger.pushed(request.source), Table.prefix(commit))
        marks.put(.pushes, Ledger.push(request.source, commit), request.record)
        for number in request.tables.keys {
          book.tables[number]?.fed = commit
          marks.put(.ledger, Ledger.fed(number), Table.prefix(commit))
        }
        batches.append(request.rows)
        results.append(.success(.committed(commit)))
      }
      guard !batches.isEmpty else { return results }
      let isSynced = requests.contains { $0.durability == .synced }
      do throws(OnlineError) {
        try engine.write([marks] + batches, isSynced ? .synced : .unsynced)
      } catch {
        return requests.map { _ in .failure(error) }
      }
      publish(book, newTables: false)
      do throws(OnlineError) { try settle(requests) } catch {
        // The pushes are on the disk; an entity that could not be put in order says so when it is read.
        return results
      }
      return results
    }
  }

  /// Puts entities in order that were appended to often. For whoever has the turn.
  private func settle(_ requests: [PushRequest]) throws(OnlineError) {
    var batch = WriteBatch()
    var settled: Set<[UInt8]> = []
    for request in requests {
      var due: [[UInt8]] = []
      request.rows.forEach { _, _, key, _ in
        if book.countAppend(to: key, atMost: sizing.mostAppends) { due.append(Array(key)) }
      }
      for key in due where settled.insert(key).inserted {
        let number = try Ledger.number(Array(key.prefix(8)))
        guard let set = request.tables[number] else { continue }
        try Settling(set: set, sizing: sizing, horizon: book.now.horizon, store: engine)
          .settle(key, in: &batch)
      }
    }
    guard batch.count > 0 else { return }
    // What is lost of it with the machine is done again: it changes no answer.
    try engine.write([batch], .unsynced)
  }

  /// Has the current tables of `sets` take every push that their sources' log has for them.
  ///
  /// A set that has no table gets one if the log still has all that was ever pushed, and something was
  /// or is about to be. A table that missed pushes which the log no longer has is given up: what it
  /// would answer is wrong, and the next load replaces it.
  func feed(
    _ sets: [SetPlan], creating: Bool, zones: [String: ZoneRules]
  ) throws(OnlineError) {
    try changeTables { (book, batch) throws(OnlineError) in
      for set in sets {
        let pushed = book.pushed[set.source] ?? 0
        let forgotten = book.forgotten[set.source] ?? 0
        let current = book.tables.values.first { $0.role == .current && $0.holds(set) }
        if let current, current.fed < forgotten {
          book.remove(current, in: &batch)
        } else if let current {
          guard current.fed < pushed else { continue }
          try book.feed(current, of: set, upTo: pushed, from: engine, zones: zones, in: &batch)
        } else if forgotten == 0, creating || pushed > 0 {
          let table = Table(book.nextNumber, of: set, .current, fed: 0, swept: book.horizon)
          try book.feed(table, of: set, upTo: pushed, from: engine, zones: zones, in: &batch)
        }
      }
    }
  }
}

extension Book {
  /// A number that no table has.
  var nextNumber: UInt64 { highestNumber + 1 }

  /// Whether the table of this number has taken every push up to `commit`.
  fileprivate func isFed(_ number: UInt64, upTo commit: UInt64) -> Bool {
    guard let table = tables[number], table.role == .current else { return false }
    return table.fed >= commit
  }

  /// Records that `table` takes the pushes of the log that came after those that it has.
  mutating func feed(
    _ table: Table, of set: SetPlan, upTo commit: UInt64, from store: any KeyValueReader,
    zones: [String: ZoneRules], in batch: inout WriteBatch
  ) throws(OnlineError) {
    guard table.fed >= forgotten[set.source] ?? 0 else {
      throw OnlineError(
        "bringing pushes to `\(set.source)` into `\(set.name)`",
        .refused("the log of pushes begins after commit \(forgotten[set.source] ?? 0)"))
    }
    let keeper = RowKeeper(set, zones: zones)
    let prefix = Ledger.pushes(of: set.source)
    let start = table.fed == .max ? nil : Ledger.push(set.source, table.fed + 1)
    var rows = WriteBatch()
    if let start {
      try store.scan(.pushes, prefix: prefix, from: start) { (_, record) throws(OnlineError) in
        let pushed: Batch
        do throws(RowsError) { pushed = try LoggedBatch.decoded(record) } catch {
          throw OnlineError(
            "reading the log of `\(set.source)`", .damaged("the \(error.part) of a record"))
        }
        let whole = try pushed.completed(for: set)
        EntityRows(keeper.keep(whole).kept, of: set)
          .append(to: table.number, RowFormat(set), in: &rows)
        return .next
      }
    }
    var table = table
    table.fed = max(table.fed, commit)
    note(table, in: &batch)
    batch.append(rows)
  }
}

extension Batch {
  /// These rows with the columns that `set` reads: nulls where there was no such column when they came.
  func completed(for set: SetPlan) throws(OnlineError) -> Batch {
    var fields = schema.fields
    var columns = columns
    for (input, type) in set.rows.calculation.inputs {
      guard case .column(let name) = input else { continue }
      if let column = column(named: name) {
        guard column.type == type else {
          throw OnlineError(
            "bringing pushes to `\(set.source)` into `\(set.name)`",
            .refused("`\(name)` was pushed as \(column.type) and is declared as \(type) now"))
        }
      } else {
        fields.append(Field(name, type))
        columns.append(.nulls(of: type, count: rowCount))
      }
    }
    guard let schema = Schema(fields) else { preconditionFailure("names repeat in \(fields)") }
    return Batch(schema, columns, rowCount: rowCount)
  }
}

extension EntityRows {
  /// Records that the rows join those that the table of `number` has.
  func append(to number: UInt64, _ format: RowFormat, in batch: inout WriteBatch) {
    let writer = RowBlockWriter(format, columns)
    let prefix = Table.prefix(number)
    var block = ByteWriter()
    for entity in 0..<entityCount {
      block.removeAll()
      writer.write(rows(of: entity), to: &block)
      batch.add(.append, .rows, prefix, keys.bytes[keys.range(entity)], block.bytes)
    }
  }
}
