public import MartletColumns

extension Frames {
  /// The same questions about the rows of `counting` alone.
  ///
  ///     rows        a b c d e f        counting   a c d f
  ///     question      ├─────┤                       ├─┤
  ///
  /// Late rows stay what they are: whoever folds them looks whether they count.
  public func counting(_ counting: Bitmap) -> Frames {
    precondition(counting.count == times.count, "a bit for every row")
    let positionCount = punctualRows?.count ?? times.count
    var rows: [Int] = []
    rows.reserveCapacity(positionCount)
    // How many count before each position, and before the end.
    let before = [Int32](unsafeUninitializedCapacity: positionCount + 1) { before, count in
      for position in 0..<positionCount {
        before[position] = Int32(truncatingIfNeeded: rows.count)
        let row = punctualRows?[position] ?? position
        if counting[row] { rows.append(row) }
      }
      before[positionCount] = Int32(truncatingIfNeeded: rows.count)
      count = positionCount + 1
    }
    func moved(_ ends: [Int]) -> [Int] {
      before.withUnsafeBufferPointer { before in ends.map { Int(before[$0]) } }
    }
    return Frames(
      windows: windows, seesRows: seesRows, times: times, uppers: moved(uppers),
      lowers: lowers.map(moved), punctualRows: rows, isCounting: true, late: late)
  }
}
