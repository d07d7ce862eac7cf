public import MartletColumns

/// Which answers are wanted of one window.
public struct WantedSum: Sendable {
  /// The window, by its number among those of the frames.
  public var window: Int

  /// What is asked of its rows.
  public var question: DoubleSum.Question

  public init(window: Int, question: DoubleSum.Question) {
    self.window = window
    self.question = question
  }
}

extension DoubleSum {
  /// The answers to all questions, a column for each of `wanted`; `nil` where rows are late or where no
  /// scale suits all numbers: then `slide` knows a way.
  ///
  /// It gives what `slide` gives, without a state for each answer.
  public static func columns(
    of wanted: [WantedSum], over inputs: Span<Double>, in frames: Frames
  ) -> [Column]? {
    guard !frames.hasLateRows else { return nil }
    var columns: [Column]?
    frames.withFramed(inputs, counting: nil) { framed, lowers, uppers in
      guard let sums = ScaledSums(of: framed) else { return }
      var answers = [Column?](repeating: nil, count: wanted.count)
      for (window, places) in Dictionary(grouping: wanted.indices, by: { wanted[$0].window }) {
        let found = sums.columns(lowers[window], uppers, places.map { wanted[$0].question })
        for (place, column) in zip(places, found) { answers[place] = column }
      }
      columns = answers.compactMap(\.self)
    }
    return columns
  }
}

/// The sums of all numbers up to each, as whole multiples of one power of two.
///
///     numbers     3   1   4   1   5
///     sums      0   3   4   8   9   14        the last three: 14 - 4
///
/// 128 bits wrap without harm: a difference that fits is right whatever was lost on both sides.
private final class ScaledSums {
  private let scale: Int
  private let sums: UnsafeMutablePointer<Int128>

  init?(of numbers: Span<Double>) {
    guard let scale = FixedPoint.scale(ofAll: numbers) else { return nil }
    self.scale = scale
    sums = .allocate(capacity: numbers.count + 1)
    numbers.withUnsafeBufferPointer { numbers in
      var sum: Int128 = 0
      sums[0] = 0
      for index in numbers.indices {
        let parts = DoubleParts(numbers[index])
        // A zero may lie below the scale, but has no bits that a shift could misplace.
        sum &+= Int128(parts.mantissa) &<< Int128(truncatingIfNeeded: parts.exponent &- scale)
        sums[index &+ 1] = sum
      }
    }
  }

  deinit { sums.deallocate() }

  /// The answers to `questions` about one window: its sums are fetched once for all of them.
  func columns(
    _ lowers: [Int], _ uppers: [Int], _ questions: [DoubleSum.Question]
  ) -> [Column] {
    var isThere = [UInt8](repeating: 0, count: uppers.count)
    var found = BufferBuilder<Int128>()
    found.append(upTo: uppers.count) { found in
      for index in uppers.indices {
        let (lower, upper) = (lowers[index], uppers[index])
        isThere[index] = lower < upper ? 1 : 0
        found[index] = lower < upper ? sums[upper] &- sums[lower] : 0
      }
      return uppers.count
    }
    let there = isThere.withUnsafeBufferPointer { Bitmap(flags: $0) }
    let isWhole = there.countSetBits() == uppers.count
    return questions.map { question in
      var values = BufferBuilder<Double>()
      values.append(upTo: uppers.count) { values in
        for index in uppers.indices {
          values[index] =
            isThere[index] == 0
            ? 0 : value(found[index], of: uppers[index] &- lowers[index], question)
        }
        return uppers.count
      }
      return Column(.double(values.finish()), validity: isWhole ? nil : there)
    }
  }

  @inline(__always)
  private func value(_ sum: Int128, of count: Int, _ question: DoubleSum.Question) -> Double {
    // To divide by a power of two is to count in a smaller unit.
    if question == .sum || count == 1 { return FixedPoint(sum, scale: scale).rounded }
    guard count & (count &- 1) == 0 else {
      return FixedPoint(sum, scale: scale).rounded(dividedBy: UInt64(count))
    }
    return FixedPoint(sum, scale: scale - count.trailingZeroBitCount).rounded
  }
}
