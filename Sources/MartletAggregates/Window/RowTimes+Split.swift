import MartletColumns

extension RowTimes {
  /// The rows that become visible in the order of their event times, as many as can be, and the
  /// others; `nil` when there are no others.
  ///
  /// The longest ascending run, found by patience: `tails[n]` is the row that ends the earliest
  /// visible run of `n + 1` rows so far.
  func split(_ rows: Range<Int>) -> (punctual: [Int], late: [Int])? {
    let isInTurn =
      known == nil
      || rows.dropFirst().allSatisfy { lastQuestion(missing: $0 - 1) <= lastQuestion(missing: $0) }
    guard !isInTurn else { return nil }

    var tails: [Int] = []
    var previous: [Int?] = []
    for row in rows {
      let length = tails.firstIndex(past: {
        lastQuestion(missing: $0) > lastQuestion(missing: row)
      })
      previous.append(length > 0 ? tails[length - 1] : nil)
      if length < tails.count { tails[length] = row } else { tails.append(row) }
    }

    var punctual: [Int] = []
    var row = tails.last
    while let inTurn = row {
      punctual.append(inTurn)
      row = previous[inTurn - rows.lowerBound]
    }
    punctual.reverse()
    var next = 0
    let late = rows.filter { row in
      guard next < punctual.count, punctual[next] == row else { return true }
      next += 1
      return false
    }
    return (punctual, late)
  }
}

extension [Int] {
  /// The first index whose element satisfies `isPast`, which holds from some element on.
  fileprivate func firstIndex(past isPast: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isPast(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
