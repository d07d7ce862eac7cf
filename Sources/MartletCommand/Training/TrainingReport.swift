import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics

/// What a training set holds, for those who asked for it.
struct TrainingReport {
  var service: String
  var spine: SpineStatistics
  var features: [FeatureStatistics]

  /// For each feature, how many values serving could not have had; `nil` where rows are seen as serving
  /// sees them.
  var aheadOfServing: [Int]?

  /// The column that is to be predicted, and the features that seem to know it.
  var label: String?
  var leaks: [LabelLeak]

  /// In what all rows' labels are alike; `nil` where they differ.
  var labelSameness: LabelSameness?

  /// The files, and how many rows went into each.
  var files: [(path: String, rows: Int)]

  /// The SHA-256 of the files; `nil` where they were not hashed.
  var content: [UInt8]?

  /// Files of the sources that what is stored does not know yet.
  var waiting: [WaitingFiles] = []
}

extension TrainingReport {
  var json: JSON {
    func object(_ members: [(String, JSON?)]) -> JSON {
      .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
    }
    return object([
      ("service", .string(service)),
      ("rows", .count(spine.rowCount)),
      ("null_keys", .count(spine.nullKeyCount)),
      ("null_times", .count(spine.nullTimeCount)),
      ("duplicates", spine.duplicateCount.map { .count($0) }),
      ("in_the_future", .count(spine.futureCount)),
      ("earliest", spine.earliest.map { .string("\($0)") }),
      ("latest", spine.latest.map { .string("\($0)") }),
      (
        "features",
        .array(
          features.enumerated().map { place, feature in
            object(members(of: feature, aheadOfServing?[place]))
          })
      ),
      ("waiting_files", waiting.isEmpty ? JSON?.none : .some(waitingFiles)),
      ("label", label.map { .string($0) }),
      ("label_sameness", labelSameness.map { .string("\($0)") }),
      (
        "suspected_leaks",
        label == nil
          ? nil
          : .array(
            leaks.map { leak in
              let (measure, value) = leak.measure
              return [
                "feature": .string(leak.feature), "by": .string(measure), "value": .double(value),
              ]
            })
      ),
      (
        "files",
        .array(files.map { ["path": .string($0.path), "rows": .count($0.rows)] })
      ),
    ])
  }
}

extension TrainingReport {
  private var waitingFiles: JSON {
    .array(
      waiting.map { source in
        [
          "source": .string(source.source), "new": .count(source.newCount),
          "changed": .count(source.changedCount),
        ]
      })
  }
}

private func members(of feature: FeatureStatistics, _ ahead: Int?) -> [(String, JSON?)] {
  var members: [(String, JSON?)] = [("name", .string(feature.name))]
  for status in ValueStatus.allCases {
    members.append(("\(status)", .count(feature.statuses[status] ?? 0)))
  }
  members.append(("min", feature.least?.json))
  members.append(("max", feature.greatest?.json))
  members.append(("mean", feature.mean.map { Value.double($0).json }))
  members.append(("distinct", feature.distinct.map { .count($0.count) }))
  if feature.distinct?.isExact == false { members.append(("distinct_is_estimate", .bool(true))) }
  members.append(("ahead_of_serving", ahead.map { .count($0) }))
  return members
}

extension LabelLeak {
  fileprivate var measure: (String, Double) {
    switch evidence {
    case .ranks(let area): ("area_under_curve", area)
    case .values(let share): ("share_of_mistakes", share)
    }
  }

  fileprivate var spoken: String {
    switch evidence {
    case .ranks(let area):
      "of two rows with different labels it tells which is which \(area.inTenthsOfPercent) of the time"
    case .values(let share):
      "guessing by its value leaves \(share.inTenthsOfPercent) of the mistakes that the commonest label makes"
    }
  }
}

extension Value {
  /// The value as a table of many shows it: numbers in `count` digits.
  fileprivate func abbreviated(_ count: Int) -> String {
    switch self {
    case .double(let number): number.inDigits(count)
    case .int(let number) where number.magnitude >= 1_000_000_000: Double(number).inDigits(count)
    default: shown
    }
  }
}

extension TrainingReport {
  /// A line for each feature, numbers in at most so many digits.
  fileprivate func table(digits: Int) -> Table {
    let rowCount = max(spine.rowCount, 1)
    // A status that no value has takes no room.
    let statuses = ValueStatus.allCases.filter { status in
      status == .present || features.contains { ($0.statuses[status] ?? 0) > 0 }
    }
    var table = Table(
      [.left("feature")] + statuses.map { .right("\($0)") }
        + ["min", "max", "mean", "distinct"].map { .right($0) })
    for feature in features {
      let shares = statuses.map { status in
        let rows = feature.statuses[status] ?? 0
        return rows == 0 ? "" : (Double(rows) / Double(rowCount)).inTenthsOfPercent
      }
      let numbers = [
        feature.least?.abbreviated(digits) ?? "", feature.greatest?.abbreviated(digits) ?? "",
        feature.mean?.inDigits(digits) ?? "", feature.distinct.map { "\($0)" } ?? "",
      ]
      table.append([feature.name] + shares + numbers)
    }
    return table
  }
}

extension Talk {
  /// Says what a training set holds: a table of the features, and what is odd about the rows.
  func say(_ report: TrainingReport, columns: Int?) {
    if !report.features.isEmpty {
      // Names are what the table is read by: before they are cut, numbers lose digits.
      let tables = [6, 4, 3].lazy.map { report.table(digits: $0) }
      let fitting = tables.first { table in columns.map { table.width <= $0 } ?? true }
      let table = fitting ?? report.table(digits: 3)
      for line in table.lines(columns: columns, paint: paint) { say(line) }
    }
    let spine = report.spine
    let odd = [
      (spine.nullKeyCount, "without a key: nothing is known of them"),
      (spine.nullTimeCount, "without a time: nothing is known of them"),
      (spine.duplicateCount ?? 0, "with the key and the time of an earlier one; they are kept"),
      (spine.futureCount, "in the future: they see what is known by now"),
    ]
    for (rows, words) in odd where rows > 0 { say("\(count(rows, "row")) \(words)") }
    for (feature, values) in zip(report.features, report.aheadOfServing ?? []) where values > 0 {
      say(
        "warning: \(count(values, "value")) of `\(feature.name)` serving could not have had: what they"
          + " rest on became known later")
    }
    for source in report.waiting {
      say(
        "\(count(source.newCount, "new file")) and \(count(source.changedCount, "changed one")) of "
          + "`\(source.source)` are not stored as they are now: "
          + "`martlet materialize \(source.set)` reads them")
    }
    if let label = report.label, let sameness = report.labelSameness, spine.rowCount > 0 {
      say("warning: `\(label)` \(sameness): a model has nothing to learn from it")
    }
    for leak in report.leaks {
      say("warning: `\(leak.feature)` may know `\(report.label ?? "")`: \(leak.spoken)")
    }
    for file in report.files { say("\(count(file.rows, "row")) in \(file.path)") }
  }
}
