import MartletAggregates
import MartletColumns
import MartletPlan

/// A lookup of features of one set by the caller's keys: one read of one value, which by itself needs no
/// snapshot.
struct DirectLookup: Sendable {
  let set: SetPlan

  /// For each of the values that it gives, the number of its feature in the set.
  let outputs: [Int]

  /// For each of the set's keys, its place among the caller's.
  private let keys: [Int]

  /// A lookup of the features called `names`; `nil` where its keys are not the caller's.
  init?(
    _ lookup: ServicePlan.Lookup, of names: [String], _ service: ServicePlan, _ plan: Plan
  ) {
    guard let set = plan.set(lookup.set) else { return nil }
    var keys: [Int] = []
    for key in lookup.keys {
      guard case .caller(let name) = key,
        let place = service.keys.firstIndex(where: { $0.name == name })
      else { return nil }
      keys.append(place)
    }
    outputs = names.compactMap { name in set.features.firstIndex { $0.name == name } }
    guard outputs.count == names.count else { return nil }
    self.set = set
    self.keys = keys
  }

  /// What `read` makes of the entity's value; `nil` where it has to be read the other way.
  ///
  /// - Parameter read: Makes an answer of a value, and of what lies behind it where that is given. The
  ///   value of an entity with chapters is given with them, from one point in the store's history.
  func row(
    _ keys: [Value], at question: Instant, in store: OnlineStore,
    _ read: (UnsafeRawBufferPointer?, EntityReader?) throws(RowsError) -> OnlineRow?
  ) throws(OnlineError) -> OnlineRow? {
    while true {
      let (catalog, commit) = store.seen
      guard let table = catalog.current(set), question.microseconds >= catalog.horizon,
        let key = key(keys, table)
      else { return nil }
      var found: OnlineRow?
      var isInChapters = false
      try withBytes(of: key) { (bytes) throws(OnlineError) in
        try store.engine.read(.rows, bytes) { (value) throws(OnlineError) in
          if let value, RowIndex.isContents(value) {
            isInChapters = true
          } else {
            found = try noting { () throws(RowsError) in try read(value, nil) }
          }
        }
      }
      if isInChapters {
        return try store.reading(1) { (view) throws(OnlineError) in
          try row(keys, at: question, in: view, read)
        }
      }
      // Had a table been removed meanwhile, the catalog would be another.
      guard store.seen.catalog === catalog else { continue }
      found?.commit = commit
      return found
    }
  }

  /// The same, from one point in the store's history.
  func row(
    _ keys: [Value], at question: Instant, in view: OnlineView,
    _ read: (UnsafeRawBufferPointer?, EntityReader?) throws(RowsError) -> OnlineRow?
  ) throws(OnlineError) -> OnlineRow? {
    guard let table = view.catalog.current(set), question.microseconds >= view.catalog.horizon,
      let key = key(keys, table)
    else { return nil }
    let entity = EntityReader(reader: view.reader, key: key)
    var found: OnlineRow?
    try withBytes(of: key) { (bytes) throws(OnlineError) in
      try view.reader.read(.rows, bytes) { (value) throws(OnlineError) in
        found = try noting { () throws(RowsError) in try read(value, entity) }
      }
    }
    found?.commit = view.commit
    return found
  }

  /// What `body` reads, its failure told in the store's words.
  private func noting(
    _ body: () throws(RowsError) -> OnlineRow?
  ) throws(OnlineError) -> OnlineRow? {
    do throws(RowsError) { return try body() } catch {
      throw OnlineError(
        "reading `\(set.name)` of an entity", .damaged("the \(error.part) of its rows"))
    }
  }

  private func key(_ keys: [Value], _ table: Table) -> [UInt8]? {
    var key: [UInt8] = []
    key.reserveCapacity(40)
    key.append(bigEndian: table.number)
    for (place, field) in zip(self.keys, set.keys) {
      guard place < keys.count, EntityKey.append(keys[place], of: field.type, to: &key) else {
        return nil
      }
    }
    return key
  }
}
