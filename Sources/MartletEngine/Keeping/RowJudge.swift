public import MartletColumns
import MartletLanguage
public import MartletPlan

/// Judges a source's rows by what is expected of them.
///
/// A row fails an expectation that is false of it. One that is null is not known to be false, and the
/// row passes, as with a constraint of SQL: whoever wants no nulls expects `x is not null`.
public struct RowJudge: Sendable {
  private let plan: SourcePlan
  private let calculator: Calculator

  /// A judge of the rows of `plan`.
  public init(_ plan: SourcePlan, zones: [String: ZoneRules] = [:]) {
    self.plan = plan
    calculator = Calculator(plan.calculation, zones: zones)
  }

  /// What is expected, and how many rows failed it.
  public struct Verdict: Hashable, Sendable {
    /// By the number of the expectation.
    public var failures: [Int]

    /// The rows that an expectation drops.
    public var dropped: Int

    /// The first rows that failed each expectation, a few of each.
    public var examples: [[Int]] = []
  }

  /// How many rows of a batch are named for each expectation.
  private static let exampleCount = 5

  /// The rows of `rows` that no expectation drops, and how many failed each.
  public func judge(_ rows: Batch) -> (kept: Batch, verdict: Verdict) {
    let steps = plan.expectations.map(\.step)
    let (columns, _) = calculator.values(of: steps, rowCount: rows.rowCount) { input, _ in
      guard case .column(let name) = input, let column = rows.column(named: name) else {
        preconditionFailure("\(input) among \(rows.schema)")
      }
      return column
    }
    var verdict = Verdict(failures: [], dropped: 0)
    var mask: Bitmap?
    for (expectation, column) in zip(plan.expectations, columns) {
      let passed = column.passes
      verdict.failures.append(rows.rowCount - passed.countSetBits())
      let isClean = verdict.failures.last == 0
      verdict.examples.append(
        isClean
          ? [] : Array((0..<rows.rowCount).lazy.filter { !passed[$0] }.prefix(Self.exampleCount)))
      if expectation.reaction == .drop { mask = mask?.intersection(passed) ?? passed }
    }
    guard let mask else { return (rows, verdict) }
    let kept = rows.filtered(by: mask)
    verdict.dropped = rows.rowCount - kept.rowCount
    return (kept, verdict)
  }
}

extension Column {
  /// The rows that are not false.
  fileprivate var passes: Bitmap {
    guard let validity else { return trueRows }
    return trueRows.union(validity.complement())
  }
}
