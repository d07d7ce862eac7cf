import MartletAggregates
import MartletColumns
import MartletEngine
import MartletOffline
import MartletOnline
import MartletPlan
import MartletRegistry

/// The rows of one entity, each with where it came from: those of the segments, and those that were
/// pushed and are in no segment yet.
struct RowsOfEntity {
  private let set: SetPlan
  private let rows: Batch
  private let origins: [Explanation.Origin]

  /// The rows of the entity of `keys` in `stored`, and in the log of `store` where that is open.
  init(
    _ set: SetPlan, _ keys: [Value], _ stored: StoredData, _ project: Project,
    _ registry: Registry, pushesOf store: OnlineStore?
  ) throws {
    var batches: [Batch] = []
    var origins: [Explanation.Origin] = []
    func take(_ batch: Batch, _ origin: (Int) -> Explanation.Origin) {
      let wanted = batch.rows(of: keys)
      guard wanted.count > 0 else { return }
      batches.append(
        Batch(
          set.schema, batch.columns.prefix(set.schema.count).map { $0.gathered(at: wanted.span) },
          rowCount: wanted.count))
      for index in 0..<wanted.count { origins.append(origin(Int(wanted[index]))) }
    }

    let contents = stored.contents[set.name]
    let folder = SegmentFolder(of: set.name, in: project.store)
    for segment in contents?.segments ?? [] {
      let reader = try SegmentReader(
        set, SegmentFacts(segment), in: folder, withdrawn: segment.withdrawn)
      for range in try reader.rows(near: keys) {
        try reader.readWithFiles(range) { batch in
          try project.checkpoint()
          take(batch) { row in
            guard case .int(let number)? = batch.columns.last?[row],
              segment.files.indices.contains(Int(number))
            else { return .file("", segment: segment.name) }
            return .file(segment.files[Int(number)].file.path, segment: segment.name)
          }
        }
      }
    }
    if let store {
      let incarnation = try registry.onlineIncarnation()
      let last = contents?.files.compactMap {
        PushFiles.lastCommit(ofFileAt: $0.file.path, in: incarnation)
      }.max()
      try store.keptPushes(of: set, after: last ?? 0, zones: project.zones) { commit, batch in
        take(batch) { _ in .push(commit: commit) }
      }
    }
    self.set = set
    self.origins = origins
    let columns = try set.schema.fields.indices.map { index -> Column in
      let parts = batches.map { $0.columns[index] }
      guard let column = Column.concatenated(parts, of: set.schema.fields[index].type) else {
        throw DraftError(attempt: "reading rows of `\(set.name)`", reason: .tooMuchText)
      }
      return column
    }
    rows = Batch(set.schema, columns, rowCount: origins.count)
  }

  /// The rows by time, and what becomes of each in what feature number `feature` answers.
  func explained(for feature: Int, at moment: Instant) -> [Explanation.Row] {
    guard rows.rowCount > 0 else { return [] }
    let columns = Array(rows.columns.dropFirst(set.keys.count))
    let uses = set.uses(
      of: columns, for: feature, at: AsOf(microseconds: moment.microseconds))
    var value: Int?
    switch set.answer {
    case .states(let plan): value = plan.features[feature].place
    case .events(let plan): value = plan.measures[plan.features[feature].place.measure].value
    }
    let all = (0..<rows.rowCount).compactMap { row -> Explanation.Row? in
      guard case .time(let time) = columns[0][row] else { return nil }
      var known: Instant?
      if let column = set.knownColumn, case .time(let moment) = columns[column][row] {
        known = moment
      }
      return Explanation.Row(
        time: time, known: known,
        value: value.map { columns[set.valueColumns.lowerBound + $0][row] }, use: uses[row],
        origin: origins[row])
    }
    return all.enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }
}

extension Batch {
  /// The rows whose first columns hold `keys`.
  fileprivate func rows(of keys: [Value]) -> Buffer<Int32> {
    var found: [Int32] = []
    for row in 0..<rowCount
    where keys.indices.allSatisfy({ columns[$0][row] == keys[$0] && keys[$0] != .null }) {
      found.append(Int32(truncatingIfNeeded: row))
    }
    return Buffer(found)
  }
}
