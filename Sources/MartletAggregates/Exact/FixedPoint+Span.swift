extension FixedPoint {
  /// Adds, or takes away, `numbers` from `start` on as long as they suit the scale, and says where
  /// that ended.
  ///
  /// A block at a time: what is left of 128 bits above the numbers of a block is more than all of
  /// them need, so that the loop has no overflow to ask for.
  mutating func add(near numbers: Span<Double>, from start: Int, takingAway: Bool) -> Int {
    var index = start
    while index < numbers.count, wide == nil, narrow.magnitude < 1 << 120 {
      let end = min(index &+ 1_024, numbers.count)
      let (sum, reached) = blockSum(numbers, index..<end)
      narrow = takingAway ? narrow &- sum : narrow &+ sum
      index = reached
      if reached < end { break }
    }
    return index
  }

  @inline(__always)
  private func blockSum(_ numbers: Span<Double>, _ range: Range<Int>) -> (Int128, Int) {
    let scale = Int(scale)
    var sum: Int128 = 0
    var index = range.lowerBound
    while index < range.upperBound {
      let parts = DoubleParts(numbers[unchecked: index])
      let shift = parts.exponent &- scale
      if UInt(bitPattern: shift) > 56 || parts.isSpecial { break }
      sum &+= Int128(parts.mantissa) &<< Int128(truncatingIfNeeded: shift)
      index &+= 1
    }
    return (sum, index)
  }
}

extension ExactSum {
  /// Adds each of `numbers`.
  mutating func add(_ numbers: Span<Double>) {
    var index = 0
    while index < numbers.count {
      index = finite.add(near: numbers, from: index, takingAway: false)
      guard index < numbers.count else { return }
      add(numbers[index])
      index += 1
    }
  }

  /// Takes out each of `numbers`.
  mutating func remove(_ numbers: Span<Double>) {
    var index = 0
    while index < numbers.count {
      index = finite.add(near: numbers, from: index, takingAway: true)
      guard index < numbers.count else { return }
      remove(numbers[index])
      index += 1
    }
  }
}
