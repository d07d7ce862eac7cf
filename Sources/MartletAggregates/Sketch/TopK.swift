/// The `count` most frequent keys, the most frequent first, keys of one frequency by rank.
///
/// Exact up to `bound` different keys; beyond, null. No rows, no value.
public struct TopK<Key: Ranked & Equatable>: CountsKeys {
  public typealias Input = Key
  public typealias State = KeyCounts<Key>

  /// How many keys at most.
  public let count: Int
  public let bound: Int

  /// The `count` most frequent of at most `bound` keys.
  public init(_ count: Int, bound: Int = 1024) {
    precondition(count > 0 && count <= bound, "\(count) of at most \(bound) keys")
    self.count = count
    self.bound = bound
  }

  public func value(of state: State) -> [CountedKey<Key>]? {
    guard let keys = state.counted, !keys.isEmpty else { return nil }
    let byFrequency = keys.sorted { one, other in
      one.count != other.count ? one.count > other.count : one.key.ranksBelow(other.key)
    }
    return Array(byFrequency.prefix(count))
  }
}
