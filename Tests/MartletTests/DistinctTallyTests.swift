import MartletColumns
import Testing

@testable import Martlet

/// Counts of different values: exact while they are few, near while they are many, and the same in
/// whatever order and stretches the values come.
struct DistinctTallyTests {
  @Test func `few values are counted exactly, and equal ones once`() throws {
    let doubles = Column(
      .double([0, -0.0, .nan, -.nan, 1, 1, 0]),
      validity: Bitmap([
        true, true, true, true, true, true, false,
      ]))
    let texts = try #require(Column(.string, ["a", "b", "a", ""].map { .string($0) }))
    for (column, count) in [(doubles, 3), (texts, 3), (Column(.bool([true, true])), 1)] {
      var tally = DistinctTally()
      let isKey = tally.add(column)
      #expect(isKey)
      #expect(tally.count == DistinctCount(count: count, isExact: true))
    }
    var bound = DistinctTally()
    _ = bound.add(Column(.int(Buffer(0..<Int64(DistinctTally.mostExact)))))
    #expect(bound.count == DistinctCount(count: DistinctTally.mostExact, isExact: true))
  }

  static let counts = [40_000, 100_000, 700_000]

  @Test(arguments: counts)
  func `many values are counted to three in a hundred, in any order`(count: Int) {
    let numbers = (0..<count).map { Int64($0 &* 7_919) }
    var tally = DistinctTally()
    _ = tally.add(Column(.int(Buffer(numbers))))
    #expect(!tally.count.isExact)
    #expect(abs(tally.count.count - count) < count * 3 / 100, "\(tally.count)")
    #expect("\(tally.count)".hasPrefix("~"))

    // The other way round, in stretches, each value twice.
    var other = DistinctTally()
    for start in stride(from: 0, to: count, by: 9_000).reversed() {
      let part = numbers[start..<min(start + 9_000, count)]
      _ = other.add(Column(.int(Buffer(part.reversed() + part))))
    }
    #expect(other.count == tally.count)
  }

  @Test func `texts count as the same whether they share a dictionary or not`() throws {
    let texts = try #require(Column(.string, ["x", "y", "x", "z"].map { .string($0) }))
    let coded = DictionaryStrings(
      codes: [1, 0, 1, 2], dictionary: try #require(texts.slice(1..<4).strings))
    var tally = DistinctTally()
    _ = tally.add(texts)
    _ = tally.add(Column(.dictionary(coded)))
    #expect(tally.count.count == 3)
    let isKey = tally.add(.nulls(of: .list(.int), count: 1))
    #expect(!isKey)
  }
}

extension Column {
  fileprivate var strings: Strings? {
    if case .string(let texts) = values { texts } else { nil }
  }
}
