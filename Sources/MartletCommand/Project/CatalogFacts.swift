import Martlet
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletRegistry

/// What the store knows of what is defined: how fresh it is, and what its values look like. Where nothing is
/// stored yet, nothing is known.
final class CatalogFacts {
  private let registry: Registry?
  private let definitions: Definitions
  private let now = Instant.now
  private var statistics: [String: [KeptStatistics]] = [:]

  init(of invocation: Invocation, _ definitions: Definitions) throws {
    registry = try Registry.ifThere(of: invocation)
    self.definitions = definitions
  }

  /// How fresh a set is; `nil` of one that is computed when asked, and where nothing is stored.
  func freshness(of name: String) throws -> Freshness? {
    guard let registry, let set = definitions.featureSet(name), case .stored = set.kind else {
      return nil
    }
    let read = try withProjectErrors { try registry.lastRead(of: name) }
    return Freshness(readAt: read?.at, promised: set.fresh, now: now)
  }

  /// What the features and columns of a set looked like in the newest run that added rows to it.
  func statistics(of set: String) throws -> [KeptStatistics] {
    if let known = statistics[set] { return known }
    let found = try withProjectErrors {
      try registry?.statistics(of: set, runLimit: 1) ?? []
    }
    statistics[set] = found
    return found
  }
}

/// When a set's source was last looked through, and whether that is as lately as is promised.
struct Freshness {
  var readAt: Instant?
  var promised: TimeLength?
  var now: Instant

  private var age: Int64? { readAt.map { now.microseconds &- $0.microseconds } }

  /// Whether it is longer ago than is promised.
  var isLate: Bool {
    guard let promised else { return false }
    return age.map { $0 > promised.microseconds } ?? true
  }

  /// For people: `3h ago, late`.
  var text: String {
    guard let age else { return "never" }
    return Self.spoken(age) + (isLate ? ", late" : "")
  }

  var members: [JSON.Member] {
    [
      JSON.Member("read_at", readAt.map { .string("\($0)") } ?? nil),
      JSON.Member("age_seconds", age.map { .int($0 / 1_000_000) } ?? nil),
      JSON.Member("fresh", promised.map { .string("\($0)") } ?? nil),
      JSON.Member("late", .bool(isLate)),
    ]
  }

  /// A length of time in its largest unit, of which there is one at least.
  private static func spoken(_ age: Int64) -> String {
    let seconds = age / 1_000_000
    let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m")]
    for (length, unit) in units where seconds >= length { return "\(seconds / length)\(unit) ago" }
    return "\(max(seconds, 0))s ago"
  }
}

extension ReadProfile {
  /// What the values look like, in a few words: `1 % null, 0.1 to 99.0, median 12.5`.
  var brief: String {
    var parts: [String] = []
    if nullCount > 0 { parts.append("\(nullShare.asPercent) null") }
    let median = quantile("0.5").cell
    if !median.isEmpty {
      parts.append("\(least.cell) to \(greatest.cell), median \(median)")
    } else if let first = top.first {
      parts.append("\(first.value.cell) \(first.share.asPercent), \(distinct) different")
    }
    return parts.joined(separator: ", ")
  }
}

extension Double {
  /// A share as people say it: what is not none is not said to be none, nor what is not all to be all.
  var asPercent: String {
    guard isFinite, magnitude < 1e6 else { return shortened }
    let percent = Int((self * 100).rounded())
    if percent == 0, self > 0 { return "<1 %" }
    if percent == 100, self < 1 { return ">99 %" }
    return "\(percent) %"
  }
}

extension JSON {
  /// As a cell of a table shows it.
  var cell: String {
    switch self {
    case .null: ""
    case .string(let text): text
    case .double(let number): number.shortened
    default: text
    }
  }
}
