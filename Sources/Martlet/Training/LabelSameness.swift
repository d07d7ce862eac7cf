public import MartletColumns

/// In what all the labels of a training set are alike, so that nothing can be learnt from them.
public enum LabelSameness: Sendable, Equatable, CustomStringConvertible {
  /// All are null.
  case null

  /// All that are not null are this one.
  case value(Value)

  public var description: String {
    switch self {
    case .null: "is null in every row"
    case .value(let value): "is `\(value.shown)` in every row that has one"
    }
  }
}

/// Whether the labels differ, found out stretch by stretch.
public struct LabelVariety: Sendable {
  private var first: Value?
  private var differs = false
  private var hasRows = false

  /// No labels yet.
  public init() {}

  /// Adds the labels of further rows. Once two differ, nothing is looked at any more.
  public mutating func add(_ label: Column) {
    hasRows = hasRows || label.count > 0
    var row = 0
    while !differs, row < label.count {
      if !label.isNull(at: row) {
        let value = label[row]
        if let first { differs = first != value } else { first = value }
      }
      row += 1
    }
  }

  /// In what all of them are alike; `nil` where they differ, and where there are none.
  public var sameness: LabelSameness? {
    guard hasRows, !differs else { return nil }
    return first.map { .value($0) } ?? .null
  }
}
