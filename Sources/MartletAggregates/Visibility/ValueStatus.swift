/// What can be said of a feature's value, the same offline and online.
///
/// The raw values are written to disk and never change.
public enum ValueStatus: UInt8, CaseIterable, Hashable, Sendable {
  /// There is a value.
  case present = 0

  /// There are rows, and the value is null.
  case null = 1

  /// The newest state is older than its feature set keeps.
  case expired = 2

  /// No row that the feature set could still see, or the newest state is a delete.
  case missing = 3
}

extension ValueStatus {
  /// The status of `value`, computed over a window of a set.
  ///
  /// A set sees as far back as its longest window, so all its features go missing together. A count
  /// is 0 all the same; the status says that there was nothing to count.
  public static func ofWindow<Value>(_ value: Value?, setSeesRows: Bool) -> ValueStatus {
    guard setSeesRows else { return .missing }
    return value == nil ? .null : .present
  }

  /// The status of `value`, read from the state that `match` found.
  ///
  /// An expired null is expired: the online store may have dropped the value, and both sides must
  /// be able to say the same for ever.
  public static func ofState<Value>(_ value: Value?, match: ValueStatus) -> ValueStatus {
    match == .present && value == nil ? .null : match
  }
}

extension ValueStatus: CustomStringConvertible {
  public var description: String {
    switch self {
    case .present: "present"
    case .null: "null"
    case .expired: "expired"
    case .missing: "missing"
    }
  }
}
