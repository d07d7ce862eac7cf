import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// Measures over the same rows and values whose states are the same, so that one pass over the rows
/// answers them all: `sum`, `avg` and each of their windows.
struct MeasureGroup {
  /// The numbers of the measures in their plan.
  var measures: [Int]

  /// The windows that some measure wants, by their numbers in the plan.
  var windows: [Int]

  /// For each of `windows`, for each of `measures`, the features that want it.
  var features: [[[Int]]]
}

extension WindowPlan {
  /// The measures, put together where one pass can serve several.
  var groups: [MeasureGroup] {
    var members: [StateName: [Int]] = [:]
    for (number, measure) in measures.enumerated() {
      members[StateName(measure), default: []].append(number)
    }
    return members.values.sorted { $0[0] < $1[0] }.map(group)
  }

  private func group(_ numbers: [Int]) -> MeasureGroup {
    let wanted = features.indices.filter { numbers.contains(features[$0].place.measure) }
    let windows = Set(wanted.map { features[$0].place.window }).sorted()
    let places = windows.map { window in
      numbers.map { number in
        wanted.filter {
          features[$0].place.measure == number && features[$0].place.window == window
        }
      }
    }
    return MeasureGroup(measures: numbers, windows: windows, features: places)
  }

  /// What decides the state of a measure.
  struct StateName: Hashable {
    private var family: String
    private var value: Int?
    private var filter: Int?
    private var parameter: AggregateCall.Parameter?

    init(_ measure: Measure) {
      value = measure.value
      filter = measure.filter
      parameter = measure.parameter
      switch measure.function {
      case .sum, .avg: family = "sum"
      case .variance, .stddev: family = "moments"
      case .any, .all: family = "flags"
      default: family = measure.function.rawValue
      }
    }

    /// The name in words, which are kept beside states on the disk.
    var text: String {
      let parts = [family, value.map { "\($0)" } ?? "rows", filter.map { "where \($0)" } ?? "all"]
      let parameter: String? =
        switch self.parameter {
        case nil: nil
        case .count(let count): "\(count)"
        // Fractions are taken to the millionth.
        case .fraction(let fraction): "\(Int64((fraction * 1e6).rounded()))"
        case .halfLife(let length): "\(length.microseconds)us"
        }
      return (parts + [parameter].compactMap { $0 }).joined(separator: " ")
    }
  }
}
