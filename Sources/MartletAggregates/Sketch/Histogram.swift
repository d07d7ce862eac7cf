/// Every key and how often it was seen, by key.
///
/// Exact up to `bound` different keys; beyond, null. No rows, no value.
public struct Histogram<Key: Ranked & Equatable>: CountsKeys {
  public typealias Input = Key
  public typealias State = KeyCounts<Key>

  public let bound: Int

  /// The counts of at most `bound` keys.
  public init(bound: Int = 256) {
    precondition(bound > 0, "bound \(bound)")
    self.bound = bound
  }

  public func value(of state: State) -> [CountedKey<Key>]? {
    guard let keys = state.counted, !keys.isEmpty else { return nil }
    return keys
  }
}
