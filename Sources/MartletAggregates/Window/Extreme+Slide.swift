public import MartletColumns

// One queue serves all windows, since they all end at their question.
//
//     values   3  9  4  7  5        the highest, from each row on: 9 9 7 7 5
//     queue       9     7  5        a row leaves it when a better one comes after it
//                 ▲     ▲
//                 30d   7d          each window's answer: its first row in the queue
//
// A row enters once and leaves once, and each window's place only moves on, or back to where the
// queue was cut.

extension Extreme {
  /// Hands `emit` the state of the rows that each question sees through each window.
  public func slide(
    over inputs: Span<Value>, counting: Bitmap? = nil, in frames: Frames,
    emit: (_ window: Int, _ question: Int, State) -> Void
  ) {
    frames.withFramed(inputs, counting: counting) { framed, lowers, uppers in
      var late = LateFold(self, frames.late)
      var queue: [Int] = []
      var places = lowers.map { _ in 0 }
      var reached = 0
      for question in uppers.indices {
        let lowest = lowers.reduce(uppers[question]) { min($0, $1[question]) }
        if lowest >= reached {
          queue.removeAll(keepingCapacity: true)
          reached = lowest
        }
        let kept = enqueue(framed, reached..<uppers[question], into: &queue)
        reached = uppers[question]
        for window in places.indices {
          var place = min(places[window], kept)
          let lower = lowers[window][question]
          while place < queue.count, queue[place] < lower { place += 1 }
          places[window] = place
          let best = place < queue.count ? framed[queue[place]].normalized : nil
          emit(
            window, question,
            late.joined(
              with: State(best: best), question: question, window: window, inputs,
              counting: counting))
        }
      }
    }
  }

  /// Lets `rows` enter, and says how many at the front of the queue were there before and stayed.
  private func enqueue(
    _ inputs: Span<Value>, _ rows: Range<Int>, into queue: inout [Int]
  ) -> Int {
    var kept = queue.count
    for row in rows {
      let value = inputs[row]
      while let last = queue.last, !end.prefers(inputs[last], to: value) { queue.removeLast() }
      kept = min(kept, queue.count)
      queue.append(row)
    }
    return kept
  }
}
