public import MartletColumns
import Synchronization

/// The entities that are asked about, each with a number: 0, 1, 2 … in the order of their keys, in which
/// the rows of a segment lie too.
///
/// Nulls are no part of a key: a key that has one names no entity.
public final class EntityIndex: Sendable {
  /// The number of the entity that each question is about; -1 where its key has a null.
  public let numbers: Buffer<Int32>

  /// One more than the highest number.
  public let count: Int

  /// The entities' keys, a column for each part of them, by number.
  public let keys: [Column]

  /// Finds an entity by its key; made when rows in no order are first looked up.
  private let table = Mutex<EntityTable?>(nil)

  init(numbers: Buffer<Int32>, keys: [Column]) {
    self.numbers = numbers
    self.keys = keys
    count = keys.first?.count ?? 0
  }

  /// The number of each entity in the rows of `keys`; -1 of those that nobody asks about.
  public func find(_ keys: [Column]) -> Buffer<Int32> {
    let table = table.withLock { table in
      let made = table ?? EntityTable(self.keys)
      table = made
      return made
    }
    return table.grouper.find(keys).clearing(nullsOf: keys)
  }

  /// The same of rows that lie in the order of their keys, of which none has a null.
  func find(ordered keys: [Column]) -> Buffer<Int32> {
    guard keys.count == 1, case .int(let wanted) = keys[0].values,
      case .int(let known) = self.keys[0].values
    else { return findRuns(keys) }
    var found = BufferBuilder<Int32>()
    found.append(upTo: wanted.count) { room in
      wanted.withUnsafeBufferPointer { wanted in
        known.withUnsafeBufferPointer { known in
          var place = wanted.first.map { known.firstPlace(of: $0) } ?? 0
          for row in wanted.indices {
            while place < known.count, known[place] < wanted[row] { place += 1 }
            let isKnown = place < known.count && known[place] == wanted[row]
            room[row] = isKnown ? Int32(truncatingIfNeeded: place) : -1
          }
        }
      }
      return wanted.count
    }
    return found.finish()
  }

  /// Looks each run of rows with one key up once.
  private func findRuns(_ keys: [Column]) -> Buffer<Int32> {
    let count = keys.first?.count ?? 0
    let runs = keys.runStarts(rowCount: count)
    let entities = find(keys.map { $0.gathered(at: runs.span) })
    var found = BufferBuilder<Int32>(capacity: count)
    for run in 0..<runs.count {
      let end = run + 1 < runs.count ? Int(runs[run + 1]) : count
      found.append(repeating: entities[run], count: end - Int(runs[run]))
    }
    return found.finish()
  }
}

/// `@unchecked Sendable`: guarded by never changing after `init`; `Grouper.find` only reads.
private final class EntityTable: @unchecked Sendable {
  let grouper: Grouper

  /// Keys that are met in their order are numbered by it.
  init(_ keys: [Column]) {
    var grouper = Grouper(keys.map(\.type))
    _ = grouper.groups(of: keys)
    self.grouper = grouper
  }
}

extension UnsafeBufferPointer<Int64> {
  /// The first place of a number that is not below `number`, of numbers that ascend.
  fileprivate func firstPlace(of number: Int64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Buffer<Int32> {
  /// The same, with -1 in each row where one of `keys` is null.
  fileprivate func clearing(nullsOf keys: [Column]) -> Buffer<Int32> {
    guard let complete = keys.wholeRows else { return self }
    var cleared = BufferBuilder<Int32>(capacity: count)
    for row in 0..<count { cleared.append(complete[row] ? self[row] : -1) }
    return cleared.finish()
  }
}

extension [Column] {
  /// The first row of each run of rows with one key; the rows lie in the order of keys.
  func runStarts(rowCount: Int) -> Buffer<Int32> {
    var starts = BufferBuilder<Int32>()
    if count == 1, case .int(let numbers) = self[0].values {
      starts.append(upTo: rowCount) { room in
        numbers.withUnsafeBufferPointer { numbers in
          var found = 0
          for row in numbers.indices {
            room[found] = Int32(truncatingIfNeeded: row)
            found &+= row == 0 || numbers[row] != numbers[row &- 1] ? 1 : 0
          }
          return found
        }
      }
      return starts.finish()
    }
    let ranking = RowRanking(self)
    for row in 0..<rowCount where row == 0 || ranking.ranksBelow(row - 1, row) {
      starts.append(Int32(truncatingIfNeeded: row))
    }
    return starts.finish()
  }

  /// The rows without a null; `nil` for all.
  var wholeRows: Bitmap? {
    let bitmaps = compactMap(\.validity)
    guard let first = bitmaps.first else { return nil }
    return bitmaps.dropFirst().reduce(first) { $0.intersection($1) }
  }
}
