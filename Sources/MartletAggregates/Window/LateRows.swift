import MartletColumns

/// The rows of one entity that became known out of turn, and when its questions see them.
struct LateRows: Sendable {
  /// The entity's questions.
  let questions: Range<Int>

  /// The rows, by event time.
  let rows: [Int]

  /// Indices of `rows`, in the order in which they become visible.
  let arrivals: [Int]

  /// For each of the questions, how many of `arrivals` it sees.
  let arrivalCounts: [Int]

  /// For each window, for each of the questions, the first of `rows` that is not too old.
  let lowers: [[Int]]

  /// For each of the questions, whether some window holds a visible row.
  let isSeen: [Bool]

  init(
    questions: Range<Int>, rows: [Int], arrivals: [Int], arrivalCounts: [Int], lowers: [[Int]],
    isSeen: [Bool]
  ) {
    self.questions = questions
    self.rows = rows
    self.arrivals = arrivals
    self.arrivalCounts = arrivalCounts
    self.lowers = lowers
    self.isSeen = isSeen
  }

  init(
    _ rows: [Int], of times: RowTimes, questions: Span<Int64>, from first: Int, windows: [Window]
  ) {
    let arrivals = rows.indices.sorted {
      (times.lastQuestion(missing: rows[$0]), $0) < (times.lastQuestion(missing: rows[$1]), $1)
    }
    var arrivalCounts: [Int] = []
    var newestArrivals: [Int] = []
    var (arrived, newest) = (0, -1)
    for index in questions.indices {
      while arrived < rows.count,
        times.lastQuestion(missing: rows[arrivals[arrived]]) < questions[index]
      {
        newest = max(newest, arrivals[arrived])
        arrived += 1
      }
      arrivalCounts.append(arrived)
      newestArrivals.append(newest)
    }
    let lowers = windows.map { window in
      var (lowers, lower) = ([Int](), 0)
      for index in questions.indices {
        let start = window.start(at: questions[index])
        while lower < rows.count, times.events[rows[lower]] < start { lower += 1 }
        lowers.append(lower)
      }
      return lowers
    }
    isSeen = newestArrivals.indices.map { index in
      lowers.contains { $0[index] <= newestArrivals[index] }
    }
    self.questions = first..<first + questions.count
    self.rows = rows
    self.lowers = lowers
    self.arrivals = arrivals
    self.arrivalCounts = arrivalCounts
  }
}
