public import MartletColumns

extension OnlineStore {
  /// Refuses questions before `moment` from now on, so that what only they could see may be given up.
  /// The horizon never moves back.
  public func forget(before moment: Instant) throws(OnlineError) {
    try changeTables { book, batch in book.forget(before: moment.microseconds, in: &batch) }
  }

  /// Answers questions as far back from now as `past` from now on, whoever owns the store: loads leave out
  /// what is older, also where no server moves the horizon.
  public func keep(past: TimeLength, at now: Instant) throws(OnlineError) {
    try changeTables { book, batch in
      if book.past != past {
        book.past = past
        batch.put(.ledger, Ledger.past, Table.prefix(UInt64(bitPattern: past.microseconds)))
      }
      book.moveHorizon(at: now, in: &batch)
    }
  }

  /// Moves the horizon to where it is at `now`, if a past was ever said to be kept and that is at least
  /// `step` further on: each time is a write of its own.
  public func moveHorizon(
    at now: Instant, by step: TimeLength = TimeLength(microseconds: 1)
  ) throws(OnlineError) {
    try changeTables { book, batch in
      let (next, overflow) = book.horizon.addingReportingOverflow(step.microseconds)
      guard !overflow, let moved = book.horizon(at: now), moved >= next else { return }
      book.moveHorizon(at: now, in: &batch)
    }
  }
}

extension Book {
  fileprivate mutating func forget(before moment: Int64, in batch: inout WriteBatch) {
    guard moment > horizon else { return }
    horizon = moment
    batch.put(.ledger, Ledger.horizon, Table.prefix(UInt64(bitPattern: moment)))
  }

  fileprivate mutating func moveHorizon(at now: Instant, in batch: inout WriteBatch) {
    if let start = horizon(at: now) { forget(before: start, in: &batch) }
  }

  /// Where the horizon is to be at `now`; `nil` where no past was said to be kept.
  fileprivate func horizon(at now: Instant) -> Int64? {
    guard let past else { return nil }
    let (start, overflow) = now.microseconds.subtractingReportingOverflow(past.microseconds)
    return overflow ? nil : start
  }
}
