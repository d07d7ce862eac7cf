import MartletColumns
import MartletEngine
import MartletPlan

/// Rows of a set, entity by entity in the order of their keys' bytes, and by event time within one.
struct EntityRows {
  /// The keys of the entities, ascending.
  private(set) var keys = KeyList()

  /// The rows' columns, keys left out.
  private(set) var columns: [Column]

  private var ends: [Int] = []

  /// The number of entities.
  var entityCount: Int { ends.count }

  /// The number of rows.
  var rowCount: Int { ends.last ?? 0 }

  /// The rows of entity `index`.
  func rows(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// The rows of `batch`, of `set`. A row with a null in its key is of no entity and left out; none
  /// comes from a `RowKeeper`.
  init(_ batch: Batch, of set: SetPlan) {
    precondition(batch.schema == set.schema, "rows of another set")
    let rowKeys = batch.encodedKeys(set)
    let order = rowKeys.order(by: batch.columns[set.keys.count], leavingOut: batch.keyNulls(set))
    let rest = batch.columns.dropFirst(set.keys.count)
    columns =
      order.isEveryRow(of: batch.rowCount) ? Array(rest) : rest.map { $0.gathered(at: order.span) }
    keys.reserve(min(order.count, 1 << 20), byteCount: 16)
    for index in 0..<order.count {
      let row = Int(order[index])
      let isNext = index == 0 || !rowKeys.isSame(row, Int(order[index - 1]))
      if isNext {
        keys.append { $0.append(contentsOf: rowKeys.bytes[rowKeys.range(row)]) }
        ends.append(index + 1)
      } else {
        ends[ends.count - 1] = index + 1
      }
    }
  }
}

extension EntityRows {
  /// Drops rows whose id stands in another: what is left answers the same.
  mutating func settle(_ set: SetPlan) {
    guard !set.idColumns.isEmpty else { return }
    var entities = BufferBuilder<Int32>(capacity: rowCount)
    for entity in 0..<entityCount {
      entities.append(repeating: Int32(truncatingIfNeeded: entity), count: rows(of: entity).count)
    }
    let numbers = entities.finish()
    let order = set.settled(columns, of: numbers)
    keep((0..<order.count).map { Int(order[$0]) })
  }

  /// Keeps the rows of these numbers, which lie entity by entity. An entity without rows is none.
  mutating func keep(_ rows: [Int]) {
    guard rows.count < rowCount else { return }
    var (keys, ends) = (KeyList(), [Int]())
    var entity = -1
    var last = -1
    for (index, row) in rows.enumerated() {
      while entity < 0 || row >= self.ends[entity]
        || row < (entity == 0 ? 0 : self.ends[entity - 1])
      {
        entity += 1
      }
      if entity == last {
        ends[ends.count - 1] = index + 1
      } else {
        keys.append { $0.append(contentsOf: self.keys.bytes[self.keys.range(entity)]) }
        ends.append(index + 1)
        last = entity
      }
    }
    let kept = Buffer(rows.map { Int32(truncatingIfNeeded: $0) })
    columns = columns.map { $0.gathered(at: kept.span) }
    self.keys = keys
    self.ends = ends
  }
}

extension Batch {
  /// The encoded key of each row.
  fileprivate func encodedKeys(_ set: SetPlan) -> KeyList {
    let key = EntityKey(Array(columns.prefix(set.keys.count)))
    let nulls = keyNulls(set)
    var keys = KeyList()
    keys.reserve(rowCount, byteCount: 16)
    for row in 0..<rowCount {
      keys.append { if nulls?[row] ?? true { key.append(row, to: &$0) } }
    }
    return keys
  }

  /// The rows whose key is whole; `nil` where all are.
  fileprivate func keyNulls(_ set: SetPlan) -> Bitmap? {
    let bitmaps = columns.prefix(set.keys.count).compactMap(\.validity)
    guard let first = bitmaps.first else { return nil }
    return bitmaps.dropFirst().reduce(first) { $0.intersection($1) }
  }
}

extension KeyList {
  /// The rows by their keys, then by their times.
  ///
  /// Keys begin alike: eight bytes behind what all share mostly decide, and are sorted as numbers.
  /// Neighbours that they do not tell apart are sorted by the rest.
  fileprivate func order(by times: Column, leavingOut whole: Bitmap?) -> Buffer<Int32> {
    guard case .time(let times) = times.values else {
      preconditionFailure("times of \(times.type)")
    }
    let shared = sharedPrefix
    var words = BufferBuilder<Int64>(capacity: count)
    for row in 0..<count { words.append(word(row, from: shared)) }
    let sorted = RowOrder.by(key: words.span, thenTime: times.span)
    var rows = BufferBuilder<Int32>(capacity: count)
    var first = 0
    while first < sorted.count {
      var end = first + 1
      let word = words[Int(sorted[first])]
      while end < sorted.count, words[Int(sorted[end])] == word { end += 1 }
      if end == first + 1 {
        // Nearly every row, where an entity has one.
        if whole?[Int(sorted[first])] ?? true { rows.append(sorted[first]) }
        first = end
        continue
      }
      let tied = (first..<end).map { sorted[$0] }.filter { whole?[Int($0)] ?? true }
      let isOneKey = tied.dropFirst().allSatisfy { isSame(Int($0), Int(tied[0])) }
      for row in isOneKey ? tied : tied.sorted(by: { precedes(Int($0), Int($1), times) }) {
        rows.append(row)
      }
      first = end
    }
    return rows.finish()
  }

  private func precedes(_ row: Int, _ other: Int, _ times: Buffer<Int64>) -> Bool {
    if isSame(row, other) { return times[row] < times[other] }
    return bytes[range(row)].lexicographicallyPrecedes(bytes[range(other)])
  }

  /// Whether two keys are the same bytes.
  func isSame(_ one: Int, _ other: Int) -> Bool {
    let (mine, theirs) = (range(one), range(other))
    guard mine.count == theirs.count else { return false }
    return bytes.withUnsafeBytes { bytes in
      UnsafeRawBufferPointer(rebasing: bytes[mine])
        .elementsEqual(UnsafeRawBufferPointer(rebasing: bytes[theirs]))
    }
  }

  /// How many bytes all keys begin with.
  private var sharedPrefix: Int {
    guard count > 0 else { return 0 }
    let first = bytes[range(0)]
    return (1..<max(count, 1)).reduce(first.count) { shared, index in
      var (same, other) = (0, range(index).lowerBound)
      let end = min(shared, range(index).count)
      while same < end, bytes[first.startIndex + same] == bytes[other] {
        (same, other) = (same + 1, other + 1)
      }
      return same
    }
  }

  /// The eight bytes from `offset` on, as a number that orders as they do; zeros where the key ends.
  private func word(_ index: Int, from offset: Int) -> Int64 {
    let key = range(index)
    var word: UInt64 = 0
    for position in 0..<8 {
      let at = key.lowerBound + offset + position
      word = word &<< 8 | (at < key.upperBound ? UInt64(bytes[at]) : 0)
    }
    return Int64(bitPattern: word ^ 1 &<< 63)
  }
}

extension Buffer<Int32> {
  /// Whether these are all `count` rows in their order.
  fileprivate func isEveryRow(of count: Int) -> Bool {
    self.count == count && (0..<count).allSatisfy { Int(self[$0]) == $0 }
  }
}
