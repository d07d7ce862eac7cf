public import MartletColumns

extension Aggregate {
  /// Hands `emit` the state of the rows that each question sees through each window.
  ///
  /// Serves any aggregate: nothing is ever taken out. `RemovableAggregate` and `Extreme` know
  /// shorter ways to the same states.
  ///
  /// - Parameters:
  ///   - inputs: What each row brings.
  ///   - counting: The rows that the feature's own `where` keeps and whose value is not null;
  ///     `nil` for all.
  ///   - emit: Called once for each pair, the questions of a window in order.
  public func slide(
    over inputs: Span<Input>, counting: Bitmap? = nil, in frames: Frames,
    emit: (_ window: Int, _ question: Int, State) -> Void
  ) {
    frames.withFramed(inputs, counting: counting) { framed, lowers, uppers in
      var late = LateFold(self, frames.late)
      for window in lowers.indices {
        foldBackAndForth(framed, lowers: lowers[window], uppers: uppers) { question, state in
          emit(
            window, question,
            late.joined(
              with: state, question: question, window: window, inputs, counting: counting))
        }
      }
    }
  }
}
