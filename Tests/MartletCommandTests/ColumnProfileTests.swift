import Martlet
import MartletColumns
import MartletDiagnostics
import SeededRandom
import Testing

struct ColumnProfileTests {
  @Test(arguments: [3, 1_000, 200_000])
  func `counts, bounds and the mean are those of all values, the rest near them`(
    count: Int
  ) throws {
    var random = SeededGenerator(7)
    let values = (0..<count).map { row -> Value in
      row % 10 == 3 ? .null : .int(Int64.random(in: -500...500, using: &random))
    }
    var profile = ColumnProfile("n")
    for start in stride(from: 0, to: count, by: 700) {
      let builder = ColumnBuilder(.int)
      for value in values[start..<min(start + 700, count)] {
        let isTaken = builder.append(value)
        #expect(isTaken)
      }
      profile.add(builder.finish())
    }
    let numbers = values.compactMap { if case .int(let number) = $0 { number } else { nil } }
      .sorted()
    #expect(profile.count == count && profile.nullCount == count - numbers.count)
    #expect(profile.least == .int(numbers[0]))
    #expect(profile.greatest == .int(numbers[numbers.count - 1]))
    let mean = Double(numbers.reduce(0, +)) / Double(numbers.count)
    #expect(profile.mean == mean)
    let distinct = Double(Set(numbers).count)
    #expect(abs(Double(profile.distinct) - distinct) <= distinct * 0.08)
    let median = try #require(profile.quantiles.first { $0.share == 0.5 }).value
    guard case .int(let middle) = median else {
      Issue.record("\(median)")
      return
    }
    // Within two hundredths of the rank.
    let rank = numbers.firstIndex { $0 >= middle } ?? 0
    #expect(abs(rank - numbers.count / 2) <= numbers.count / 50 + 1)
  }

  @Test func `of values that are as frequent as others the least are named, the same every time`() {
    let builder = ColumnBuilder(.int)
    for number in [7, 3, 9, 1, 8, 2, 9, 6, 5, 7, 4, 9] as [Int64] {
      let isTaken = builder.append(Value.int(number))
      #expect(isTaken)
    }
    var profile = ColumnProfile("n")
    profile.add(builder.finish())
    #expect(profile.top.map(\.value) == [9, 7, 1, 2, 3].map { .int($0) })
    #expect(profile.top.map(\.share) == [3, 2, 1, 1, 1].map { $0 / 12 })
  }

  @Test func `no value and NaN are told apart, and the most frequent come first`() {
    let builder = ColumnBuilder(.double)
    for value in [Value.double(.nan), .double(2), .double(2), .null, .double(1)] {
      let isTaken = builder.append(value)
      #expect(isTaken)
    }
    var profile = ColumnProfile("x")
    #expect(profile.mean == nil && profile.least == nil && profile.quantiles.isEmpty)
    profile.add(builder.finish())
    #expect(profile.least == .double(1) && profile.greatest == .double(2))
    #expect(profile.top.first?.value == .double(2) && profile.top.first?.share == 0.5)
    #expect(JSON.object(profile.facts).text.contains(#""mean":"NaN""#))
  }
}
