/// Sums of all rows up to each, so that what any window holds is the difference of two: a row is
/// added once, whatever the number of windows, and nothing is ever taken out.
///
///     rows        3   1   4   1   5
///     sums      0   3   4   8   9   14        the last three: 14 - 4
///
/// Only those between the lowest and the highest end of the windows at hand are kept. 128 bits wrap
/// without harm: a difference that fits is right whatever was lost on both sides.
private struct PrefixSums {
  private var sums: [Int128] = [0]
  private var first = 0

  /// The sum of all rows before `position`, but for a constant.
  subscript(position: Int) -> Int128 { sums[position - first] }

  /// Reaches up to `upper` and lets go of what lies before `lowest`.
  mutating func move(to range: Range<Int>, _ word: (Int) -> Int128) {
    var end = first + sums.count - 1
    if range.lowerBound > end {
      sums.removeAll(keepingCapacity: true)
      sums.append(0)
      (first, end) = (range.lowerBound, range.lowerBound)
    } else if range.lowerBound - first > sums.count / 2, sums.count > 64 {
      sums.removeFirst(range.lowerBound - first)
      first = range.lowerBound
    }
    guard range.upperBound > end else { return }
    var sum = sums[sums.count - 1]
    for row in end..<range.upperBound {
      sum &+= word(row)
      sums.append(sum)
    }
  }
}

/// Hands `emit` the sum of what each window holds at each question; both ends ascend.
func slidePrefixSums(
  lowers: [[Int]], uppers: [Int], _ word: (Int) -> Int128,
  emit: (_ window: Int, _ question: Int, _ rowCount: Int, Int128) -> Void
) {
  var sums = PrefixSums()
  for question in uppers.indices {
    let upper = uppers[question]
    let lowest = lowers.reduce(upper) { min($0, $1[question]) }
    sums.move(to: lowest..<upper, word)
    let whole = sums[upper]
    for window in lowers.indices {
      let lower = min(lowers[window][question], upper)
      emit(window, question, upper - lower, whole &- sums[lower])
    }
  }
}
