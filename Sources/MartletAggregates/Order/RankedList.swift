/// Values in ascending or descending rank, as the states of several aggregates hold them.
///
/// Compared by what the values are, bit for bit, so that equal lists have equal bytes.
public struct RankedList<Value: Ranked>: Sendable {
  /// The values.
  public internal(set) var values: [Value] = []
}

extension RankedList: Equatable {
  public static func == (one: RankedList, other: RankedList) -> Bool {
    one.values.count == other.values.count
      && zip(one.values, other.values).allSatisfy { $0.isSame(as: $1) }
  }
}

extension Array {
  /// The index of the first element of which `isPast` holds, where it holds of all that follow.
  func firstIndex(past isPast: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if isPast(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
