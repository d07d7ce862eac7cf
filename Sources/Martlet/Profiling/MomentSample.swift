import MartletColumns
import MartletPlan

/// Some of the entities that rows are about, and moments at which these rows came to be seen: as of when
/// features are looked at.
///
/// Which entities these are is told by the hashes of their keys, so that run after run looks at the same
/// ones as long as they come: what differs between two runs is then rather the values than the sample.
///
///     hash of a key   …0110  …1000  …0111  …0100
///     once too many          taken         taken      those that end in one zero bit more
struct MomentSample {
  private let set: SetPlan
  private var limit: Int
  private var entities: [[Value]: Moments] = [:]

  /// An entity is taken if its hash ends in so many zero bits.
  private var zeroBits = 0

  /// The entity of the row before, of which there are often many.
  private var last: (key: [Value], isTaken: Bool)?

  /// An entity is asked about at so many moments at most.
  private static let momentLimit = 16

  /// A sample of at most `limit` of the entities of `set`.
  init(_ set: SetPlan, limit: Int) {
    self.set = set
    self.limit = limit
  }

  /// Looks at `rows` as the set keeps them, in their order.
  mutating func add(_ rows: Batch) {
    for row in 0..<rows.rowCount {
      let key = set.keys.indices.map { rows.columns[$0][row] }
      if last?.key != key { last = (key, take(key)) }
      guard last?.isTaken == true, case .time(let moment) = moment(of: row, in: rows) else {
        continue
      }
      entities[key, default: Moments()].add(moment, limit: Self.momentLimit)
    }
  }

  /// When a row came to be seen: at its time, or once it was known if that is later.
  private func moment(of row: Int, in rows: Batch) -> Value {
    let at = rows.columns[set.keys.count][row]
    guard set.rows.known != nil, case .time(let time) = at,
      case .time(let known) = rows.columns[set.keys.count + 1][row]
    else { return at }
    return .time(max(time, known))
  }

  private mutating func take(_ key: [Value]) -> Bool {
    guard isChosen(key) else { return false }
    if entities[key] == nil, entities.count >= limit {
      lower(to: limit)
      return isChosen(key)
    }
    return true
  }

  private mutating func lower(to limit: Int) {
    while entities.count >= limit, zeroBits < 64 {
      zeroBits += 1
      entities = entities.filter { isChosen($0.key) }
    }
  }

  private func isChosen(_ key: [Value]) -> Bool {
    var hash: UInt64 = 0
    for value in key { hash = (hash &* 0x9e37_79b9_7f4a_7c15) ^ (value.stableHash ?? 0) }
    // Mixed once more, so that the last bits depend on all.
    hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
    return (hash ^ (hash >> 32)).trailingZeroBitCount >= zeroBits
  }

  /// The questions, a row for each moment of each entity: at most `limit` entities, and none of more than
  /// `rowLimit` rows, whose answers would take as much memory as they have rows.
  mutating func questions(limit: Int, rowLimit: Int) -> (keys: [Column], times: Column)? {
    entities = entities.filter { $0.value.rowCount <= rowLimit }
    if entities.count > limit { lower(to: limit + 1) }
    let keys = set.keys.map { ColumnBuilder($0.type) }
    let times = ColumnBuilder(.time)
    for (key, moments) in entities {
      for moment in moments.kept {
        for (builder, value) in zip(keys, key) where !builder.append(value) { return nil }
        guard times.append(.time(moment)) else { return nil }
      }
    }
    return (keys.map { $0.finish() }, times.finish())
  }

  /// Moments of one entity: every one, or every second, fourth … of many.
  private struct Moments {
    private(set) var kept: [Instant] = []
    private(set) var rowCount = 0
    private var stride = 1

    mutating func add(_ moment: Instant, limit: Int) {
      defer { rowCount += 1 }
      guard rowCount % stride == 0 else { return }
      kept.append(moment)
      guard kept.count > limit else { return }
      kept = kept.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      stride *= 2
    }
  }
}
