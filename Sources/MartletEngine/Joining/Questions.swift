public import MartletColumns

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

  /// When each of `order` asks, and the number of its entity.
  let moments: Buffer<Int64>
  let numbers: Buffer<Int32>

  /// The number of rows, questions or not.
  public var rowCount: Int { times.count }

  /// The latest moment of any question; `nil` when there is none.
  public let latest: Int64?

  /// The earliest moment of any question.
  public let earliest: Int64?

  /// The questions in the rows of `keys` and `times`.
  public init(keys: [Column], times column: Column) {
    guard case .time(let times) = column.values else {
      preconditionFailure("times of \(column.type)")
    }
    self.times = times
    let ranked = RankedKeys(keys)
    let rows = ranked.rows
    let asked = rows.map { times.reordered(by: $0) } ?? times
    let sorted = RowOrder.by(key: ranked.words.span, thenTime: asked.span)

    var order = BufferBuilder<Int32>(capacity: sorted.count)
    var moments = BufferBuilder<Int64>(capacity: sorted.count)
    var numbers = BufferBuilder<Int32>(capacity: sorted.count)
    var firsts = BufferBuilder<Int32>()
    var entities = BufferBuilder<Int32>()
    entities.append(repeating: -1, count: times.count)
    var (earliest, latest) = (Int64.max, Int64.min)
    var (entity, last) = (Int32(-1), Int64(0))
    for index in 0..<sorted.count {
      let word = ranked.words[Int(sorted[index])]
      if entity < 0 || word != last {
        entity += 1
        last = word
        firsts.append(sorted[index])
      }
      var row = sorted[index]
      if let rows { row = rows[Int(row)] }
      entities[Int(row)] = entity
      if let validity = column.validity, !validity[Int(row)] { continue }
      let moment = times[Int(row)]
      order.append(row)
      moments.append(moment)
      numbers.append(entity)
      earliest = min(earliest, moment)
      latest = max(latest, moment)
    }
    self.order = order.finish()
    self.moments = moments.finish()
    self.numbers = numbers.finish()
    self.earliest = self.order.count == 0 ? nil : earliest
    self.latest = self.order.count == 0 ? nil : latest
    let members = firsts.finish()
    self.entities = EntityIndex(
      numbers: entities.finish(), keys: ranked.keys.map { $0.gathered(at: members.span) })
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
  /// The same numbers in 64 bits.
  func widened() -> Buffer<Int64> {
    var result = BufferBuilder<Int64>(capacity: count)
    for index in 0..<count { result.append(Int64(self[index])) }
    return result.finish()
  }
}
