import MartletAggregates
import MartletColumns
import MartletEngine
import Testing

@testable import Martlet

/// What a report says of a feature's values, against what is found by looking at them one by one.
struct FeatureSummaryTests {
  @Test(arguments: [0, 1, 63, 64, 65, 1_024, 1_025, 5_000], [1, 2, 30])
  func `numbers are summed up without their nulls`(count: Int, nullEvery: Int) {
    let valid = (0..<count).map { $0 % nullEvery > 0 || nullEvery == 30 }
    for spread in [3, 700, 1 << 30] {
      let numbers = (0..<count).map { Int64(($0 &* 7_919 &+ 13) % 6_007 * spread - 9_000) }
      let column = Column(.int(Buffer(numbers))).keeping(Bitmap(valid))
      let known = zip(numbers, valid).filter { $0.1 }.map { $0.0 }
      let found = statistics(of: column, valid)
      #expect(found.least == known.min().map { .int($0) })
      #expect(found.greatest == known.max().map { .int($0) })
      let mean = known.isEmpty ? nil : Double(known.reduce(0, +)) / Double(known.count)
      #expect(found.mean == mean)
      #expect(found.distinct == DistinctCount(count: Set(known).count, isExact: true))
    }
  }

  @Test(arguments: [0, 1, 64, 1_024, 5_000], [1, 2, 30])
  func `doubles are summed up without their nulls`(count: Int, nullEvery: Int) {
    let valid = (0..<count).map { $0 % nullEvery > 0 || nullEvery == 30 }
    let numbers = (0..<count).map { Double(($0 &* 7_919 &+ 13) % 6_007) * 0.25 - 400 }
    let column = Column(.double(Buffer(numbers))).keeping(Bitmap(valid))
    let known = zip(numbers, valid).filter { $0.1 }.map { $0.0 }
    let found = statistics(of: column, valid)
    #expect(found.least == known.min().map { .double($0) })
    #expect(found.greatest == known.max().map { .double($0) })
    #expect(found.mean == (known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)))
    #expect(found.distinct == DistinctCount(count: Set(known).count, isExact: true))
  }

  @Test func `what is no number has no part in the least and the greatest`() {
    let column = Column(.double([.nan, 2, -1, .nan, 7]))
    let found = statistics(of: column, [true, true, true, true, true])
    #expect(found.least == .double(-1) && found.greatest == .double(7))
    #expect(found.mean?.isNaN == true)
    #expect(found.distinct?.count == 4)
  }

  private func statistics(of column: Column, _ valid: [Bool]) -> FeatureStatistics {
    let holds = [ValueStatus](repeating: .present, count: column.count)
    var summary = FeatureSummary("f")
    // In two stretches, as a long spine has them.
    let cut = column.count / 3
    for rows in [0..<cut, cut..<column.count] {
      let part = column.slice(rows)
      summary.add(part, SetAnswers(columns: [part], holds: Array(holds[rows])).statuses(of: 0))
    }
    return summary.statistics
  }
}
