public import MartletColumns

extension RemovableAggregate {
  /// Hands `emit` the state of the rows that each question sees through each window.
  ///
  /// Each row is added once when a window reaches it, and removed once when it falls behind.
  public func slide(
    over inputs: Span<Input>, counting: Bitmap? = nil, in frames: Frames,
    emit: (_ window: Int, _ question: Int, State) -> Void
  ) {
    frames.withFramed(inputs, counting: counting) { framed, lowers, uppers in
      var late = LateFold(self, frames.late)
      for window in lowers.indices {
        foldAndRemove(framed, lowers: lowers[window], uppers: uppers) { question, state in
          emit(
            window, question,
            late.joined(
              with: state, question: question, window: window, inputs, counting: counting))
        }
      }
    }
  }

  /// Hands `emit` the state of `inputs[lowers[question]..<uppers[question]]` for each question.
  ///
  /// Both ends ascend. Where a window has nothing in common with the one before, it begins anew:
  /// that costs nothing for rows that no question sees.
  func foldAndRemove(
    _ inputs: Span<Input>, lowers: [Int], uppers: [Int],
    emit: (_ question: Int, State) -> Void
  ) {
    var state = empty
    var (lower, upper) = (0, 0)
    for question in lowers.indices {
      let (newLower, newUpper) = (lowers[question], uppers[question])
      if newLower >= upper {
        state = empty
        upper = newLower
      } else {
        if newLower > lower { remove(inputs.extracting(lower..<newLower), from: &state) }
      }
      if newUpper > upper { add(inputs.extracting(upper..<newUpper), to: &state) }
      (lower, upper) = (newLower, newUpper)
      emit(question, state)
    }
  }
}
