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
    self.init(entities: EntityIndex(keys), times: times, validity: column.validity)
  }

  /// The questions about entities already indexed, in the order of their rows.
  init(entities: EntityIndex, times: Buffer<Int64>, validity: Bitmap?) {
    self.entities = entities
    self.times = times
    var asked = BufferBuilder<Int32>(capacity: times.count)
    var (earliest, latest) = (Int64.max, Int64.min)
    for row in 0..<times.count where entities.numbers[row] >= 0 {
      if let validity, !validity[row] { continue }
      asked.append(Int32(truncatingIfNeeded: row))
      earliest = min(earliest, times[row])
      latest = max(latest, times[row])
    }
    let rows = asked.finish()
    self.earliest = rows.count == 0 ? nil : earliest
    self.latest = rows.count == 0 ? nil : latest
    let numbers = entities.numbers.reordered(by: rows)
    let moments = times.reordered(by: rows)
    let groups = numbers.widened()
    order = rows.reordered(by: RowOrder.by(key: groups.span, thenTime: moments.span))
  }
}

extension Buffer {
  /// The elements at `rows`, in that order.
  func reordered(by rows: Buffer<Int32>) -> Buffer {
    var result = BufferBuilder<Element>(capacity: rows.count)
    withUnsafeBufferPointer { elements in
      for index in 0..<rows.count { result.append(elements[Int(rows[index])]) }
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
