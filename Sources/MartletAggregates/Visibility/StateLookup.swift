public import MartletColumns

/// Finds the state that holds at each question.
///
/// Of the rows visible at the question the newest by event time holds, whatever came to be known
/// last: a late row never replaces a newer one, and a late delete holds like any other.
///
///     event time   a────b────────c
///     known        a─────────c───────b        asked here, after all three: c
///
/// Rows of one event time are told apart by what they say, never by their arrival: the one that
/// became known later corrects the other; among those a delete stands; and among those the row
/// stands whose content ranks higher.
public struct StateLookup {
  private let times: RowTimes
  private let deletes: Bitmap?
  private let keep: TimeLength?
  private let ranksBelow: (Int, Int) -> Bool
  private var order: [Int] = []

  /// Lookups among the rows of `times`.
  ///
  /// - Parameters:
  ///   - deletes: The rows that end what held.
  ///   - keep: How old a state may be before it has expired.
  ///   - ranksBelow: Whether the first row's content ranks below the second's, by any total order
  ///     that offline and online agree on.
  public init(
    _ times: RowTimes, deletes: Bitmap? = nil, keep: TimeLength? = nil,
    ranksBelow: @escaping (_ row: Int, _ other: Int) -> Bool
  ) {
    precondition(times.visibility == .states, "an event does not hold")
    precondition(deletes.map { $0.count == times.count } ?? true, "a delete bit for every row")
    self.times = times
    self.deletes = deletes
    self.keep = keep
    self.ranksBelow = ranksBelow
  }

  /// Appends to `matches` what each of an entity's ascending `questions` finds among its `rows`.
  public mutating func match(
    _ questions: Span<Int64>, rows: Range<Int>, into matches: inout StateMatches
  ) {
    let isInOrder = sortByVisibility(rows)
    var next = rows.lowerBound
    var newest: Int?
    for index in questions.indices {
      precondition(index == 0 || questions[index - 1] <= questions[index], "questions ascend")
      let question = questions[index]
      while next < rows.upperBound {
        let row = isInOrder ? next : order[next - rows.lowerBound]
        guard times.firstQuestion(seeing: row) <= question else { break }
        if newest.map({ supersedes(row, $0) }) ?? true { newest = row }
        next += 1
      }
      matches.append(newest, status: status(of: newest, at: AsOf(microseconds: question)))
    }
  }

  private func status(of row: Int?, at question: AsOf) -> ValueStatus {
    guard let row, deletes?[row] != true else { return .missing }
    guard let keep else { return .present }
    let time = EventTime(microseconds: times.events[row])
    return time.isExpired(at: question, keeping: keep) ? .expired : .present
  }

  /// Whether `row` stands where both it and `other` are visible.
  private func supersedes(_ row: Int, _ other: Int) -> Bool {
    let (time, otherTime) = (times.events[row], times.events[other])
    guard time == otherTime else { return time > otherTime }
    if let known = times.known, known[row] != known[other] { return known[row] > known[other] }
    if let deletes, deletes[row] != deletes[other] { return deletes[row] }
    return ranksBelow(other, row)
  }

  /// Puts `rows` into `order` by when they can first be seen, unless they lie so already.
  private mutating func sortByVisibility(_ rows: Range<Int>) -> Bool {
    let times = times
    let isInOrder = rows.dropFirst().allSatisfy {
      times.firstQuestion(seeing: $0 - 1) <= times.firstQuestion(seeing: $0)
    }
    guard !isInOrder else { return true }
    order.removeAll(keepingCapacity: true)
    order.append(contentsOf: rows)
    order.sort { times.firstQuestion(seeing: $0) < times.firstQuestion(seeing: $1) }
    return false
  }
}
