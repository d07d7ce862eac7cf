import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Looks at pages that were just written, and says what they come to.
///
/// What is read for an answer is read here the same way, so that a page and its states agree.
struct PageLook {
  private let folds: WindowFolds
  private let places: RowPlaces
  private let identity: RowIdentity
  private let firstValue: Int
  private let knownColumn: Int?

  /// The hash of the names of the states.
  let names: UInt64

  /// A look at rows of `set`; `nil` of states, and where a measure has no state to write.
  init?(_ set: SetPlan) {
    guard let folds = WindowFolds(of: set) else { return nil }
    self.folds = folds
    places = RowPlaces(RowFormat(set))
    identity = RowIdentity(set)
    firstValue = set.valueColumns.lowerBound
    knownColumn = set.knownColumn
    names = RowIndex.hash(of: folds.names)
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
      rowCount: rows.count, offset: UInt32(offset), size: UInt32(page.count), states: encoded())
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

  /// The tiles of each size over `entries`, of which the smallest joins `count`.
  func tiles(of entries: [RowSummary], _ count: Int) -> [[TileSummary]] {
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

  private func joined(_ states: ArraySlice<[UInt8]>) -> [UInt8] {
    folds.reset()
    for bytes in states {
      var reader = StateReader(bytes)
      do throws(StateError) { try folds.merge(from: &reader) } catch {
        preconditionFailure("states that were written here are not read: \(error)")
      }
    }
    return encoded()
  }

  private func encoded() -> [UInt8] {
    var writer = StateWriter()
    folds.encode(into: &writer)
    return writer.bytes
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

extension WindowFolds {
  /// Folds for the measures of `set`; `nil` of states, and where a measure has no state to write.
  convenience init?(of set: SetPlan) {
    guard case .events(let plan) = set.answer else { return nil }
    let types = set.schema.fields.dropFirst(set.rows.firstValue).map(\.type)
    self.init(plan, over: Array(types))
  }
}
