public import MartletColumns
import Synchronization

/// Which entities are asked about, and as of when.
///
/// They are answered entity by entity and, within one, in the order of time; `order` leads there and
/// each answer goes back to the row that its question came from.
public struct Questions: Sendable {
  /// The entities.
  public let entities: EntityIndex

  /// When each row asks.
  public let times: Buffer<Int64>

  /// The rows that can be answered, by entity and then by time. A null in the key or in the time is
  /// no question.
  public let order: Buffer<Int32>

  /// For each row its place in `order`; -1 where it is no question.
  let places: Buffer<Int32>

  /// When each of `order` asks, and the number of its entity.
  let moments: Buffer<Int64>
  let numbers: Buffer<Int32>

  /// The number of rows, questions or not.
  public var rowCount: Int { times.count }

  /// The latest moment of any question; `nil` when there is none.
  public let latest: Int64?

  /// The earliest moment of any question.
  public let earliest: Int64?

  /// How many questions ask the same as an earlier one.
  public let repeatCount: Int

  /// Calls a function with each of 0, 1, … up to a count, in any order, at the same time or not, and
  /// returns when all calls have.
  public typealias ForEach = RowOrder.ForEach

  /// The questions in the rows of `keys` and `times`.
  public init(
    keys: [Column], times column: Column,
    forEach: ForEach = { count, body in for index in 0..<count { body(index) } }
  ) {
    guard case .time(let times) = column.values else {
      preconditionFailure("times of \(column.type)")
    }
    self.times = times
    let ranked = RankedKeys(keys)
    let asked = ranked.rows.map { times.reordered(by: $0) } ?? times
    let sorted = RowOrder.by(key: ranked.words.span, thenTime: asked.span, forEach: forEach)
    let scan = OrderedScan(
      sorted, ranked, asked, column.validity, rowCount: times.count, forEach: forEach)
    order = scan.order
    places = scan.order.turnedRound(rowCount: times.count)
    moments = scan.moments
    numbers = scan.numbers
    repeatCount = scan.repeatCount
    var (earliest, latest) = (Int64.max, Int64.min)
    for moment in 0..<scan.moments.count {
      earliest = min(earliest, scan.moments[moment])
      latest = max(latest, scan.moments[moment])
    }
    self.earliest = scan.order.count == 0 ? nil : earliest
    self.latest = scan.order.count == 0 ? nil : latest
    let firsts = scan.firsts
    entities = EntityIndex(
      numbers: scan.entities, keys: ranked.keys.map { $0.gathered(at: firsts.span) })
  }
}

/// One walk over questions in their order.
private struct OrderedScan {
  /// The rows that can be answered, when each asks, and the number of its entity.
  let order: Buffer<Int32>
  let moments: Buffer<Int64>
  let numbers: Buffer<Int32>

  /// The entity of each row of all; -1 where its key has a null.
  let entities: Buffer<Int32>

  /// For each entity, a row of the ranked ones that is about it.
  let firsts: Buffer<Int32>
  private(set) var repeatCount = 0

  init(
    _ sorted: Buffer<Int32>, _ ranked: RankedKeys, _ times: Buffer<Int64>, _ asked: Bitmap?,
    rowCount: Int, forEach: Questions.ForEach
  ) {
    // What is fetched from all over is fetched by loops that do nothing else: a processor waits for many
    // such reads at once, as long as nothing between them waits for one.
    let (words, asking) = sorted.reordered(ranked.words, times, forEach: forEach)
    let rows = ranked.rows.map { $0.reordered(by: sorted) } ?? sorted
    var numbers = BufferBuilder<Int32>()
    var firsts = BufferBuilder<Int32>()
    firsts.append(upTo: sorted.count) { room in
      var found = 0
      words.withUnsafeBufferPointer { words in
        sorted.withUnsafeBufferPointer { sorted in
          // Written wherever the next one goes, and kept where it counts: no branch to guess.
          for index in words.indices {
            room[found] = sorted[index]
            found &+= index == 0 || words[index] != words[index &- 1] ? 1 : 0
          }
        }
      }
      return found
    }
    numbers.append(upTo: sorted.count) { room in
      words.withUnsafeBufferPointer { words in
        var number: Int32 = -1
        for index in words.indices {
          number &+= index == 0 || words[index] != words[index &- 1] ? 1 : 0
          room[index] = number
        }
      }
      return sorted.count
    }
    var entities = BufferBuilder<Int32>()
    entities.append(repeating: -1, count: rowCount)
    entities.withUnsafeMutableBufferPointer { entities in
      for index in 0..<rows.count { entities[Int(rows[index])] = numbers.span[index] }
    }
    self.firsts = firsts.finish()
    self.entities = entities.finish()
    let all = numbers.finish()
    // A null in the time is no question.
    let kept = asked.map { asked in
      Buffer((0..<rows.count).filter { asked[Int(rows[$0])] }.map { Int32(truncatingIfNeeded: $0) })
    }
    order = kept.map { rows.reordered(by: $0) } ?? rows
    moments = kept.map { asking.reordered(by: $0) } ?? asking
    self.numbers = kept.map { all.reordered(by: $0) } ?? all
    repeatCount = moments.repeatCount(within: self.numbers)
  }
}

/// Keys as numbers that rank as the keys do.
private struct RankedKeys {
  /// The rows whose keys have no null; `nil` for all.
  var rows: Buffer<Int32>?

  /// The keys of these rows.
  var keys: [Column]

  /// The numbers.
  var words: Buffer<Int64>

  init(_ all: [Column]) {
    rows = all.wholeRows?.setRows()
    keys = rows.map { rows in all.map { $0.gathered(at: rows.span) } } ?? all
    if keys.count == 1, case .int(let numbers) = keys[0].values {
      words = numbers
      return
    }
    var grouper = Grouper(keys.map(\.type))
    let groups = grouper.groups(of: keys)
    guard let distinct = grouper.keys() else {
      preconditionFailure("some texts of a column take more than all of it")
    }
    let ranks = KeyOrder(distinct).ranks()
    var words = BufferBuilder<Int64>(capacity: groups.count)
    for row in 0..<groups.count { words.append(Int64(ranks[Int(groups[row])])) }
    self.words = words.finish()
  }
}

extension Buffer<Int64> {
  /// How many of these equal the one before, within one of `groups`.
  fileprivate func repeatCount(within groups: Buffer<Int32>) -> Int {
    withUnsafeBufferPointer { moments in
      groups.withUnsafeBufferPointer { groups in
        var count = 0
        for index in moments.indices.dropFirst() {
          let isSame =
            groups[index] == groups[index &- 1] && moments[index] == moments[index &- 1]
          count &+= isSame ? 1 : 0
        }
        return count
      }
    }
  }
}

extension Buffer {
  /// The elements at `rows`, in that order.
  func reordered(by rows: Buffer<Int32>) -> Buffer {
    var result = BufferBuilder<Element>()
    result.append(upTo: rows.count) { room in
      withUnsafeBufferPointer { elements in
        rows.withUnsafeBufferPointer { rows in
          for index in rows.indices { room[index] = elements[Int(rows[index])] }
        }
      }
      return rows.count
    }
    return result.finish()
  }
}

extension Buffer<Int32> {
  /// What these rows have in `one` and in `other`, beside each other.
  fileprivate func reordered(
    _ one: Buffer<Int64>, _ other: Buffer<Int64>, forEach: Questions.ForEach
  ) -> (Buffer<Int64>, Buffer<Int64>) {
    let found = Mutex<(Buffer<Int64>, Buffer<Int64>)>(([], []))
    forEach(2) { place in
      let reordered = (place == 0 ? one : other).reordered(by: self)
      found.withLock { if place == 0 { $0.0 = reordered } else { $0.1 = reordered } }
    }
    return found.withLock { $0 }
  }

  /// The same numbers in 64 bits.
  func widened() -> Buffer<Int64> {
    var result = BufferBuilder<Int64>(capacity: count)
    for index in 0..<count { result.append(Int64(self[index])) }
    return result.finish()
  }
}
