import MartletColumns
import MartletEngine

/// The first entities of some rows, by the order in which the rows are read.
struct EntitySample: Sendable {
  private let limit: Int
  private let types: [ColumnType]
  private var seen: Swift.Set<[Value]> = []
  private var keys: [[Value]] = []

  init(_ fields: [Field], limit: Int) {
    self.limit = limit
    types = fields.map(\.type)
  }

  /// Notes the entities of `rows`, whose first columns are the keys.
  mutating func add(_ rows: Batch) {
    var row = 0
    while row < rows.rowCount, keys.count < limit {
      let key = rows.columns.prefix(types.count).map { $0[row] }
      if seen.insert(key).inserted { keys.append(key) }
      row += 1
    }
  }

  /// Notes the entities of a sample of later rows.
  mutating func merge(_ later: EntitySample) {
    for key in later.keys where keys.count < limit && seen.insert(key).inserted {
      keys.append(key)
    }
  }

  /// A column for each part of the keys.
  var columns: [Column] {
    types.enumerated().map { place, type in
      Column(type, keys.map { $0[place] }) ?? .nulls(of: type, count: keys.count)
    }
  }
}
