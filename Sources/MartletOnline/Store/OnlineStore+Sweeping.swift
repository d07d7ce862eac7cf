import MartletAggregates
import MartletColumns
import MartletEngine
public import MartletPlan

extension OnlineStore {
  /// Gives up rows of `sets` that no question from the horizon on can see, where nothing else does: a load
  /// leaves them out, and a push puts its own entity in order, but there are sets that are never loaded again
  /// and entities that nothing happens to any more.
  ///
  ///     keys of a table ──some at a time──▶ those with something old ──one turn──▶ put in order
  ///
  /// A table is read through each time that the horizon has moved by an eighth of what its windows reach, so
  /// that it holds an eighth more than it needs, and is read eight times in all.
  ///
  /// - Returns: How many entities were put in order.
  @discardableResult
  public func sweep(_ sets: [SetPlan]) throws(OnlineError) -> Int {
    let catalog = catalog
    var count = 0
    for table in catalog.tables where table.role != .loading {
      guard let set = sets.first(where: { table.holds($0) }),
        set.isToBeSwept(at: catalog.horizon, since: table.swept)
      else { continue }
      count += try sweep(table, of: set, from: catalog.horizon)
    }
    return count
  }

  private func sweep(
    _ table: Table, of set: SetPlan, from horizon: Int64
  ) throws(OnlineError) -> Int {
    let search = AgedSearch(table, set, from: horizon)
    var count = 0
    while true {
      let found = try search.next(of: engine)
      if !found.isEmpty {
        guard try putInOrder(found, of: table, set) else { return count }
        count += found.entities.count
      }
      if search.isAtEnd { break }
    }
    if count > 0 { try engine.compact(.rows, table.keys) }
    try changeTables { book, batch in
      guard var table = book.tables[table.number] else { return }
      table.swept = horizon
      book.note(table, in: &batch)
    }
    return count
  }

  /// Says `false` where the table is gone.
  private func putInOrder(
    _ found: AgedSearch.Found, of table: Table, _ set: SetPlan
  ) throws(OnlineError) -> Bool {
    try turns.alone { () throws(OnlineError) in
      guard book.now.tables[table.number] != nil else { return false }
      let settling = Settling(set: set, sizing: sizing, horizon: book.now.horizon, store: engine)
      var batch = WriteBatch()
      for key in found.entities {
        // An entity that cannot be put in order says so when it is read.
        var own = WriteBatch()
        guard (try? settling.settle(key, in: &own)) != nil else { continue }
        batch.append(own)
      }
      for key in found.ids { batch.remove(.rows, key) }
      // What is lost of it with the machine is done again: it changes no answer.
      if batch.count > 0 { try engine.write([batch], .unsynced) }
      return true
    }
  }
}

extension SetPlan {
  /// Whether enough may be given up by now.
  fileprivate func isToBeSwept(at horizon: Int64, since last: Int64) -> Bool {
    guard horizon > last else { return false }
    let interval: Int64
    switch visibility {
    // Of states those go that others took the place of: nothing that grows with time.
    case .states: interval = Self.day
    case .events:
      guard let reach else { return false }
      interval = max(reach.microseconds / 8, Self.hour)
    }
    let (moved, overflow) = horizon.subtractingReportingOverflow(last)
    return overflow || moved >= interval
  }

  private static let hour: Int64 = 3_600_000_000
  private static let day = 24 * hour
}

/// Goes through the keys of a table in search of what can be given up.
///
/// One thread at a time.
private final class AgedSearch {
  private let table: Table
  private let set: SetPlan
  private let places: RowPlaces
  private let layout: UInt32

  /// The first event time that is still needed.
  private let oldest: Int64?

  private var start: [UInt8]

  /// The last key that was an entity's own.
  private var entity: [UInt8] = []
  private(set) var isAtEnd = false

  /// What was found: entities to be put in order, and keys of ids that nobody asks for.
  struct Found {
    var entities: [[UInt8]] = []
    var ids: [[UInt8]] = []

    var isEmpty: Bool { entities.isEmpty && ids.isEmpty }
  }

  /// So many keys are looked at in one go, which holds on to RocksDB's files, and so many are put in order in
  /// one turn, for which whoever pushes waits.
  private static let mostKeys = 16_384
  private static let mostFound = 256

  init(_ table: Table, _ set: SetPlan, from horizon: Int64) {
    self.table = table
    self.set = set
    let format = RowFormat(set)
    places = RowPlaces(format)
    layout = format.layout
    oldest = set.firstNeeded(from: horizon)
    start = table.prefix
  }

  func next(of store: any KeyValueReader) throws(OnlineError) -> Found {
    var found = Found()
    var count = 0
    isAtEnd = true
    try store.scan(.rows, prefix: table.prefix, from: start) { (key, value) throws(OnlineError) in
      guard count < Self.mostKeys, found.entities.count + found.ids.count < Self.mostFound else {
        start = Array(key)
        isAtEnd = false
        return .enough
      }
      count += 1
      if key.count > entity.count, !entity.isEmpty, key.starts(with: entity) {
        if isAgedId(key, value) { found.ids.append(Array(key)) }
      } else {
        entity = Array(key)
        if isAged(value) { found.entities.append(entity) }
      }
      return .next
    }
    return found
  }

  /// Whether the key is an id's whose row is older than is needed.
  private func isAgedId(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
    guard let oldest, value.count == 8, key.count == entity.count + 9, key[entity.count] == 2
    else { return false }
    return Int64(littleEndian: value.loadUnaligned(as: Int64.self)) < oldest
  }

  /// Whether an entity's value holds something that goes when it is put in order.
  private func isAged(_ value: UnsafeRawBufferPointer) -> Bool {
    // What is damaged says so when it is read.
    do throws(RowsError) {
      if let index = try RowIndex(of: value, layout: layout, names: 0) {
        guard let oldest, index.pageCount > 0 else { return false }
        return try index.page(0).last < oldest
      }
      places.removeAll()
      try places.append(value)
      let blocks = 0..<places.count
      guard let oldest else {
        return set.visibility == .states && set.idColumns.isEmpty
          && blocks.reduce(0) { $0 + places.rowCount($1) } > 1
      }
      return blocks.contains {
        places.rowCount($0) > 0 && places.column(0, of: $0).word(0) < oldest
      }
    } catch { return false }
  }
}
