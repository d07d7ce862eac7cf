extension Frames {
  /// The same questions through some of the windows, by their positions, in that order.
  ///
  /// An aggregate that only a few windows ask for slides over just these.
  public func keeping(_ positions: [Int]) -> Frames {
    if positions == Array(windows.indices) { return self }
    return Frames(
      windows: positions.map { windows[$0] }, seesRows: seesRows, times: times, uppers: uppers,
      lowers: positions.map { lowers[$0] }, punctualRows: punctualRows, isCounting: isCounting,
      late: late.map { $0.keeping(positions) })
  }
}

extension LateRows {
  /// The same rows through some of the windows.
  fileprivate func keeping(_ positions: [Int]) -> LateRows {
    LateRows(
      questions: questions, rows: rows, arrivals: arrivals, arrivalCounts: arrivalCounts,
      lowers: positions.map { lowers[$0] }, isSeen: isSeen)
  }
}
