import MartletColumns

extension Frames {
  /// Calls `body` with the inputs that count, side by side, and the frames' ends among them.
  ///
  /// Usually those are `inputs` themselves. Where some rows do not count or are late, the others
  /// are moved together once, so that no loop after this asks about either.
  func withFramed<Input>(
    _ inputs: Span<Input>, counting: Bitmap?,
    _ body: (Span<Input>, _ lowers: [[Int]], _ uppers: [Int]) -> Void
  ) {
    precondition(counting.map { $0.count == inputs.count } ?? true, "a bit for every row")
    if counting == nil, punctualRows == nil { return body(inputs, lowers, uppers) }
    if isCounting, let punctualRows {
      let framed = inputs.withUnsafeBufferPointer { inputs in punctualRows.map { inputs[$0] } }
      return body(framed.span, lowers, uppers)
    }

    let positionCount = punctualRows?.count ?? inputs.count
    var framed: [Input] = []
    var framedCounts: [Int] = []
    framed.reserveCapacity(positionCount)
    framedCounts.reserveCapacity(positionCount + 1)
    for position in 0..<positionCount {
      framedCounts.append(framed.count)
      let row = punctualRows?[position] ?? position
      if counting?[row] ?? true { framed.append(inputs[row]) }
    }
    framedCounts.append(framed.count)
    body(
      framed.span, lowers.map { $0.map { framedCounts[$0] } }, uppers.map { framedCounts[$0] })
  }
}
