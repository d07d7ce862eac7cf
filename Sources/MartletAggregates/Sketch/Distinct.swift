/// How many different values there are, exactly, or null beyond `bound` of them.
///
/// 0.0 and −0.0 are one value, and so is every NaN. No rows: 0.
public struct Distinct<Value: Ranked>: CountsKeys {
  public typealias Input = Value
  public typealias State = KeyCounts<Value>

  public let bound: Int

  /// How many different values, if at most `bound`.
  public init(bound: Int = 1024) {
    precondition(bound > 0, "bound \(bound)")
    self.bound = bound
  }

  public func value(of state: State) -> Int64? { state.entries.map { Int64($0.count) } }
}
