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

  static let ranges: [ClosedRange<Int64>] = [
    0...0, -3...900, Int64.min...Int64.min + 5_000, Int64.max - 60_000...Int64.max,
    -40_000...40_000, Int64.min...Int64.max,
  ]

  @Test(arguments: ranges)
  func `numbers count the same whether they lie near each other or apart`(
    range: ClosedRange<Int64>
  ) {
    let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
    let numbers = (0..<70_000).map { (index: UInt64) in
      let drawn = (index &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: width).high
      return range.lowerBound &+ Int64(bitPattern: drawn)
    }
    let valid = (0..<70_000).map { $0 % 3 > 0 }
    let wanted = Set(zip(numbers, valid).filter { $0.1 }.map { $0.0 }).count
    // What a null's slot holds is nobody's number.
    let column = Column(.int(Buffer(numbers))).keeping(Bitmap(valid))
    var whole = DistinctTally()
    _ = whole.add(column)
    // Stretches too short for a flag for each number that there may be.
    var parts = DistinctTally()
    for start in stride(from: 0, to: 70_000, by: 1_000) {
      _ = parts.add(column.slice(start..<start + 1_000))
    }
    #expect(whole.count == parts.count)
    if wanted <= DistinctTally.mostExact {
      #expect(whole.count == DistinctCount(count: wanted, isExact: true))
    } else {
      #expect(abs(whole.count.count - wanted) < wanted * 3 / 100, "\(whole.count) of \(wanted)")
    }
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
