public import MartletColumns

extension DoubleSum {
  /// Hands `emit` the state of the rows that each question sees through each window.
  public func slide(
    over inputs: Span<Double>, counting: Bitmap? = nil, in frames: Frames,
    emit: (_ window: Int, _ question: Int, State) -> Void
  ) {
    frames.withFramed(inputs, counting: counting) { framed, lowers, uppers in
      var late = LateFold(self, frames.late)
      guard let scale = FixedPoint.scale(ofAll: framed) else {
        for window in lowers.indices {
          foldAndRemove(framed, lowers: lowers[window], uppers: uppers) { question, state in
            emit(
              window, question,
              late.joined(
                with: state, question: question, window: window, inputs, counting: counting))
          }
        }
        return
      }
      slidePrefixSums(
        lowers: lowers, uppers: uppers,
        { row in
          let parts = DoubleParts(framed[row])
          // A zero may lie below the scale, but has no bits that a shift could misplace.
          return Int128(parts.mantissa) &<< Int128(truncatingIfNeeded: parts.exponent &- scale)
        }
      ) { window, question, rowCount, sum in
        let state = State(
          rows: Tally(UInt64(rowCount)), total: ExactSum(FixedPoint(sum, scale: scale)))
        emit(
          window, question,
          late.joined(
            with: state, question: question, window: window, inputs, counting: counting))
      }
    }
  }
}

extension IntAggregate {
  /// Hands `emit` the state of the rows that each question sees through each window.
  public func slide(
    over inputs: Span<Int64>, counting: Bitmap? = nil, in frames: Frames,
    emit: (_ window: Int, _ question: Int, IntTotal) -> Void
  ) {
    frames.withFramed(inputs, counting: counting) { framed, lowers, uppers in
      var late = LateFold(self, frames.late)
      slidePrefixSums(lowers: lowers, uppers: uppers, { Int128(framed[$0]) }) {
        window, question, rowCount, sum in
        let state = IntTotal(rows: Tally(UInt64(rowCount)), sum: sum)
        emit(
          window, question,
          late.joined(
            with: state, question: question, window: window, inputs, counting: counting))
      }
    }
  }
}

extension FixedPoint {
  /// The scale at which every number of `numbers` is whole and all of them together fit 128 bits,
  /// whichever are added; `nil` where there is none.
  static func scale(ofAll numbers: Span<Double>) -> Int? {
    var (lowest, highest) = (Int.max, Int.min)
    for index in numbers.indices {
      let parts = DoubleParts(numbers[unchecked: index])
      if parts.isSpecial { return nil }
      // A zero suits every scale.
      let isZero = parts.mantissa == 0
      lowest = min(lowest, isZero ? .max : parts.exponent)
      highest = max(highest, isZero ? .min : parts.exponent)
    }
    guard lowest <= highest else { return 0 }
    let countBits = Int.bitWidth - numbers.count.leadingZeroBitCount
    return highest - lowest + 53 + countBits <= 126 ? lowest : nil
  }
}
