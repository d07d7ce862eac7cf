import MartletLanguage
import MartletPlan

/// How much room a state takes where it is written.
public enum StateRoom: Sendable, CaseIterable {
  /// That of a few rows at most, whatever rows it is of.
  case small

  /// More the more different rows it is of, up to thousands of bytes.
  case large
}

extension WindowPlan.Measure {
  /// How much room the state takes.
  var stateRoom: StateRoom {
    switch function {
    case .count, .sum, .avg, .variance, .stddev, .min, .max, .any, .all, .timeSinceLast: .small
    case .first, .last:
      switch parameter {
      case .count(let count) where count > Self.fewValues: .large
      default: .small
      }
    default: .large
    }
  }

  /// So many values take no more room than a few rows do.
  private static let fewValues = 8
}
