public import MartletDiagnostics

/// A profile as it was kept, read again: to be shown, or compared with that of another run.
public struct ReadProfile: Sendable {
  /// How many values were looked at, and how many of them were null.
  public let count: Int
  public let nullCount: Int

  /// About how many different ones there were.
  public let distinct: Int

  /// The least and the greatest, the mean of numbers, and the most frequent.
  public let least: JSON
  public let greatest: JSON
  public let mean: JSON
  public let top: [(value: JSON, share: Double)]

  /// Values below which certain shares of them lie, by these shares.
  public let quantiles: [(share: String, value: JSON)]

  /// The profile that a run kept as `facts`; `nil` where these are none.
  public init?(_ facts: String) {
    // What cannot be read is as good as not there, and nobody's values depend on it.
    guard let facts = try? JSON(reading: facts) else { return nil }
    guard case .int(let count) = facts.member("count"),
      case .int(let nulls) = facts.member("nulls"),
      case .int(let distinct) = facts.member("distinct")
    else { return nil }
    self.count = Int(count)
    nullCount = Int(nulls)
    self.distinct = Int(distinct)
    least = facts.member("min")
    greatest = facts.member("max")
    mean = facts.member("mean")
    top = facts.member("top").elements.map {
      ($0.member("value"), $0.member("share").number ?? 0)
    }
    if case .object(let members) = facts.member("quantiles") {
      quantiles = members.map { ($0.name, $0.value) }
    } else {
      quantiles = []
    }
  }

  /// The value below which `share` of them lie.
  public func quantile(_ share: String) -> JSON {
    quantiles.first { $0.share == share }?.value ?? nil
  }

  /// The share of values that are null.
  public var nullShare: Double { count == 0 ? 0 : Double(nullCount) / Double(count) }
}

extension ReadProfile {
  /// How far the values moved since `earlier`, where that can be told.
  ///
  /// - Of numbers the farthest that one of the kept quantiles moved, as a share of the way between the
  ///   lowest and the highest of them before: 0 where none did.
  /// - Of others the share of values that are others, as far as the most frequent tell: from 0 to 1.
  public func shift(since earlier: ReadProfile) -> Double? {
    let now = quantiles.compactMap(\.value.number)
    let before = earlier.quantiles.compactMap(\.value.number)
    if let first = before.first, let last = before.last, now.count == before.count {
      let farthest = zip(now, before).map { abs($0 - $1) }.max() ?? 0
      if farthest == 0 { return 0 }
      let width = last - first
      return width > 0 && width.isFinite ? farthest / width : .infinity
    }
    guard !top.isEmpty, !earlier.top.isEmpty, quantiles.isEmpty else { return nil }
    func share(of value: JSON, in top: [(value: JSON, share: Double)]) -> Double {
      top.first { $0.value == value }?.share ?? 0
    }
    let values =
      top.map(\.value)
      + earlier.top.map(\.value).filter { value in
        !top.contains { $0.value == value }
      }
    let moved = values.map { abs(share(of: $0, in: top) - share(of: $0, in: earlier.top)) }
    return moved.reduce(0, +) / 2
  }
}
