import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Looks at pages that were just written, and says what they come to.
///
/// What is read for an answer is read here the same way, so that a page and its states agree.
struct PageLook {
  private let folds: SetFolds
  private let places: RowPlaces
  private let identity: RowIdentity
  private let firstValue: Int
  private let knownColumn: Int?

  /// The hash of the names of the states.
  let names: UInt64

  /// A look at rows of `set`; `nil` of states, and where a measure has no state to write.
  init?(_ set: SetPlan) {
    guard let folds = SetFolds(set) else { return nil }
    self.folds = folds
    places = RowPlaces(RowFormat(set))
    identity = RowIdentity(set)
    firstValue = set.valueColumns.lowerBound
    knownColumn = set.knownColumn
    names = folds.names
  }

  /// What the rows of `page` come to, which lies at `offset`. Adds their ids to `ids`.
  func summary(
    of page: UnsafeRawBufferPointer, offset: Int, ids: inout RowIds
  ) -> RowSummary {
    places.removeAll()
    do throws(RowsError) { try places.append(page) } catch {
      preconditionFailure("a page that was just written has a wrong \(error.part)")
    }
    let rows = places.rows(0, firstValue: firstValue)
    precondition(places.count == 1 && rows.count > 0, "a page of \(places.count) blocks")
    folds.reset()
    folds.add(0..<rows.count, of: rows)
    identity.forEach(of: 0, in: places) { ids.add($1, at: rows.time($0)) }
    return RowSummary(
      first: rows.time(0), last: rows.time(rows.count - 1),
      lastMissing: (0..<rows.count).reduce(.min) { max($0, lastMissing($1, of: rows)) },
      rowCount: rows.count, offset: UInt32(offset), size: UInt32(page.count), states: folds.written)
  }

  /// What all of `entries` come to, which follow each other.
  func joined(_ entries: [RowSummary]) -> RowSummary {
    guard var all = entries.first, let last = entries.last else {
      preconditionFailure("nothing to join")
    }
    all.last = last.last
    all.lastMissing = entries.reduce(.min) { max($0, $1.lastMissing) }
    all.rowCount = entries.reduce(0) { $0 + $1.rowCount }
    all.states = joined(entries.map(\.states)[...])
    return all
  }

  /// What is written of `entries` in an index whose smallest tiles join `count` of them.
  func index(of entries: [RowSummary], _ count: Int) -> IndexSummary {
    IndexSummary(
      entries: entries, rests: rests(of: entries), tiles: tiles(of: entries, count),
      entriesOfTile: count, names: names)
  }

  /// The small states of each of `entries` and all behind it.
  private func rests(of entries: [RowSummary]) -> [[UInt8]] {
    folds.small.reset()
    let backwards = entries.reversed().map { entry in
      merge { () throws(StateError) in
        try entry.states.small.withBytes { (bytes) throws(StateError) in
          try folds.small.merge(bytes)
        }
      }
      return folds.small.written
    }
    return backwards.reversed()
  }

  /// The tiles of each size over `entries`, of which the smallest joins `count`.
  private func tiles(of entries: [RowSummary], _ count: Int) -> [[TileSummary]] {
    var below = entries.map { TileSummary(lastMissing: $0.lastMissing, states: $0.states) }
    return (1...RowIndex.tileSizeCount).map { _ in
      below = (0..<below.count / count).map { number in
        let part = below[number * count..<(number + 1) * count]
        return TileSummary(
          lastMissing: part.reduce(.min) { max($0, $1.lastMissing) },
          states: joined(part.map(\.states)[...]))
      }
      return below
    }
  }

  private func joined(_ states: ArraySlice<WrittenStates>) -> WrittenStates {
    folds.reset()
    for part in states { merge { () throws(StateError) in try folds.merge(part) } }
    return folds.written
  }

  private func merge(_ body: () throws(StateError) -> Void) {
    do throws(StateError) { try body() } catch {
      preconditionFailure("states that were written here are not read: \(error)")
    }
  }

  /// The last question that does not see `row`.
  private func lastMissing(_ row: Int, of rows: FoldRows) -> Int64 {
    let known = knownColumn.map {
      KnownTime(microseconds: places.column($0, of: 0).word(row))
    }
    let seen = Visibility.events.firstQuestion(
      seeing: EventTime(microseconds: rows.time(row)), known: known)
    guard let seen else { return .max }
    return seen.microseconds == .min ? .min : seen.microseconds - 1
  }
}
