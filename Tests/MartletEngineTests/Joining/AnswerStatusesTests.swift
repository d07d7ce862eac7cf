import MartletAggregates
import MartletColumns
import MartletEngine
import SeededRandom
import Testing

/// The counts of statuses are those of the answers one by one, however many there are: they are counted
/// eight at a time, in stretches.
struct AnswerStatusesTests {
  static let counts = [0, 1, 7, 8, 9, 63, 64, 65, 2_040, 2_041, 2_047, 2_048, 5_003]

  @Test(arguments: counts)
  func `statuses are counted as they are, one by one`(count: Int) {
    var random = Seed(UInt64(count)).generator()
    for shares in [[1, 1, 1, 1], [0, 0, 1, 0], [0, 0, 0, 1], [9, 0, 1, 0]] {
      let drawn = zip(ValueStatus.allCases, shares).flatMap { status, share in
        // Sets say `present`, `expired` or `missing`; a null is the value's own matter.
        [ValueStatus](repeating: status == .null ? .present : status, count: share)
      }
      let holds = (0..<count).map { _ in drawn.randomElement(using: &random) ?? .present }
      let valid = Bitmap((0..<count).map { _ in Int.random(in: 0..<5, using: &random) > 0 })
      let numbers = Buffer((0..<count).map(Int64.init))
      for column in [Column(.int(numbers)), Column(.int(numbers)).keeping(valid)] {
        for statuses in [AnswerStatuses(column, holds), AnswerStatuses(computed: column)] {
          var wanted = Dictionary(uniqueKeysWithValues: ValueStatus.allCases.map { ($0, 0) })
          for status in statuses { wanted[status, default: 0] += 1 }
          #expect(statuses.counts() == wanted)
        }
      }
    }
  }
}
