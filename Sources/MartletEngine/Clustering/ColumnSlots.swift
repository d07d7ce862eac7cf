import MartletColumns
import Synchronization

/// Values for each column of a batch, each from the thread that made it.
final class ColumnSlots<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

  func set(_ index: Int, _ value: Value?) { values.withLock { $0[index] = value } }

  /// Those that could be made, in the columns' order.
  var all: [Value] { values.withLock { $0.compactMap { $0 } } }
}
