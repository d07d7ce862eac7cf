import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// Chooses, among rows as they are read, those that could inform an answer.
///
///     time    ── old ──│ horizon ──────────│ latest ──▶
///     needed   newest          all              none
///
/// Every question about an entity sees its old rows, and no window ends among them: only the newest of
/// those that count can decide anything, and none where every window has a length. Copying, sorting and
/// joining the others is most of the work where a moment is asked about long after most rows happened.
struct NeededRows: Sendable {
  private let plan: SetPlan

  /// The entities that are asked about.
  private let entities: Range<Int>

  /// The latest moment that is asked about; `nil` where there is no question.
  private let latest: Int64?

  /// The moment before which rows are old; `nil` where all may inform an answer.
  private let horizon: Int64?

  /// - Parameter mayRepeatIds: Whether an id may stand in several rows, of which one is to be chosen first.
  init(
    _ plan: SetPlan, of entities: Range<Int>, askedFrom earliest: Int64?, to latest: Int64?,
    mayRepeatIds: Bool
  ) {
    self.plan = plan
    self.entities = entities
    self.latest = latest
    horizon = mayRepeatIds ? nil : earliest.flatMap(plan.horizon)
  }

  /// The needed ones of the rows with these columns, keys left out, of the entities of these numbers.
  func rows(among columns: [Column], of numbers: Buffer<Int32>) -> Buffer<Int32> {
    guard let latest, case .time(let times) = columns[0].values else { return [] }
    let seen = times.rows(upTo: latest, of: numbers, within: entities)
    // Of few rows for each entity there is little to leave out.
    guard let horizon, entities.count <= 4 * seen.count,
      times.count(of: seen, before: horizon) > seen.count / 4
    else { return seen }
    var choice = OldRows(seen, times, numbers, entities, before: horizon)
    for rule in plan.rulesOfOld {
      // Where the batch has no null, all rows count alike, and these are chosen once.
      if let counted = rule.counted(columns) {
        choice.chooseNewest(counted)
      } else if rule == .anyRow {
        choice.chooseNewest(nil)
      }
    }
    return choice.needed
  }
}

extension SetPlan {
  /// The moment before which rows lie in no window of a question from `earliest` on, and are seen by each;
  /// `nil` where old rows count together, or some may be known late.
  fileprivate func horizon(earliest: Int64) -> Int64? {
    guard knownColumn == nil else { return nil }
    guard case .events(let events) = answer else { return earliest }
    for feature in events.features where events.windows[feature.place.window] == .all {
      let measure = events.measures[feature.place.measure]
      guard measure.function == .last, measure.parameter == nil else { return nil }
    }
    let (horizon, isBeforeAllTime) = earliest.subtractingReportingOverflow(
      events.reach.microseconds)
    return isBeforeAllTime ? nil : horizon
  }

  /// Which old rows are of use: for each rule the newest that counts by it.
  fileprivate var rulesOfOld: [CountingRule] {
    guard case .events(let events) = answer else { return [.anyRow] }
    let first = valueColumns.lowerBound
    // That a window holds a row, whether it counts or not, tells an answer from nothing known.
    var rules: [CountingRule] = events.windows.contains(.all) ? [.anyRow] : []
    for feature in events.features where events.windows[feature.place.window] == .all {
      let measure = events.measures[feature.place.measure]
      let rule = CountingRule(
        value: measure.value.map { first + $0 }, filter: measure.filter.map { first + $0 })
      if !rules.contains(rule) { rules.append(rule) }
    }
    return rules
  }
}

/// What makes a row count: that the column `value` is not null, and that `filter` is true.
private struct CountingRule: Equatable {
  var value: Int?
  var filter: Int?

  static let anyRow = CountingRule()

  /// The rows that count; `nil` where all do.
  func counted(_ columns: [Column]) -> Bitmap? {
    let filter = filter.map { columns[$0].trueRows }
    let present = value.flatMap { columns[$0].validity }
    guard let filter, let present else { return filter ?? present }
    return filter.intersection(present)
  }
}

/// A choice among rows, some of which are old.
private struct OldRows {
  private let rows: Buffer<Int32>

  /// Whether each of `rows` is needed.
  private var isNeeded: [Bool]

  /// The old ones, by their places among `rows`, and of each the entity, counted from the first that is
  /// asked about, and the time.
  private let places: [Int32]
  private let entities: [Int32]
  private let times: [Int64]
  private let entityCount: Int

  /// None of the old ones is chosen yet.
  init(
    _ rows: Buffer<Int32>, _ times: Buffer<Int64>, _ numbers: Buffer<Int32>,
    _ entities: Range<Int>, before horizon: Int64
  ) {
    self.rows = rows
    entityCount = entities.count
    isNeeded = [Bool](unsafeUninitializedCapacity: rows.count) { room, count in
      for place in 0..<rows.count { room[place] = times[Int(rows[place])] >= horizon }
      count = rows.count
    }
    let isNeeded = isNeeded
    let places = [Int32](unsafeUninitializedCapacity: rows.count) { room, count in
      for place in 0..<rows.count {
        room[count] = Int32(truncatingIfNeeded: place)
        count &+= isNeeded[place] ? 0 : 1
      }
    }
    let first = Int32(truncatingIfNeeded: entities.lowerBound)
    self.places = places
    self.entities = places.map { numbers[Int(rows[Int($0)])] &- first }
    self.times = places.map { times[Int(rows[Int($0)])] }
  }

  /// Chooses the newest old rows among those of `counted`, all that happened at one time.
  mutating func chooseNewest(_ counted: Bitmap?) {
    var newest = [Int64](repeating: .min, count: entityCount)
    let (rows, places, times, entities) = (self.rows, self.places, self.times, self.entities)
    func counts(_ old: Int) -> Bool { counted?[Int(rows[Int(places[old])])] ?? true }
    for old in times.indices where counts(old) {
      newest[Int(entities[old])] = max(newest[Int(entities[old])], times[old])
    }
    for old in times.indices where times[old] == newest[Int(entities[old])] && counts(old) {
      isNeeded[Int(places[old])] = true
    }
  }

  /// The rows that are needed, in their order.
  var needed: Buffer<Int32> {
    var needed = BufferBuilder<Int32>()
    let (rows, isNeeded) = (rows.span, isNeeded.span)
    needed.append(upTo: rows.count) { room in
      var kept = 0
      for place in rows.indices {
        room[kept] = rows[place]
        kept &+= isNeeded[place] ? 1 : 0
      }
      return kept
    }
    return needed.finish()
  }
}

extension Buffer<Int64> {
  /// The rows of these times that lie at `latest` or before it and whose entity is one of `wanted`.
  fileprivate func rows(
    upTo latest: Int64, of entities: Buffer<Int32>, within wanted: Range<Int>
  ) -> Buffer<Int32> {
    let low = Int32(truncatingIfNeeded: wanted.lowerBound)
    let width = UInt32(truncatingIfNeeded: wanted.count)
    var needed = BufferBuilder<Int32>()
    needed.append(upTo: count) { room in
      withUnsafeBufferPointer { times in
        entities.withUnsafeBufferPointer { entities in
          // Written wherever the next one goes, and kept where it counts: no branch to guess.
          var kept = 0
          for row in times.indices {
            room[kept] = Int32(truncatingIfNeeded: row)
            let isWanted = UInt32(bitPattern: entities[row] &- low) < width && times[row] <= latest
            kept &+= isWanted ? 1 : 0
          }
          return kept
        }
      }
    }
    return needed.finish()
  }

  /// How many of `rows` lie before `moment`.
  fileprivate func count(of rows: Buffer<Int32>, before moment: Int64) -> Int {
    withUnsafeBufferPointer { times in
      rows.withUnsafeBufferPointer { rows in
        rows.reduce(into: 0) { count, row in count &+= times[Int(row)] < moment ? 1 : 0 }
      }
    }
  }
}
