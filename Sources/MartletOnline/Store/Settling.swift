import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Puts what was appended to an entity in its place: into pages or chapters, each id once, and leaves
/// out what no question can see any more.
///
/// For whoever has the turn to write. The rows that are left answer every question from the horizon on
/// as all of them did.
struct Settling {
  let set: SetPlan
  let sizing: Sizing
  let horizon: Int64
  let store: any KeyValueReader

  /// Records what the entity of `key` is rewritten to.
  func settle(_ key: [UInt8], in batch: inout WriteBatch) throws(OnlineError) {
    guard let value = try store.value(.rows, key) else { return }
    let entity = EntityReader(reader: store, key: key)
    let held = value.withUnsafeBytes { OwnedBytes(copying: $0) }
    do throws(RowsError) {
      let index = try RowIndex(of: held.bytes, layout: RowFormat(set).layout, names: names)
      if let index, index.holdsChapters {
        try rewrite(held, index, entity, in: &batch)
      } else {
        let rows = RowBlockReader(RowFormat(set))
        try rows.read(held.bytes)
        write(settled(rows.finish()), of: key, in: &batch)
      }
    } catch {
      throw OnlineError(
        "putting rows of `\(set.name)` in order", .damaged("the \(error.part) of an entity's rows"))
    }
  }

  var names: UInt64 { SetFolds(set)?.names ?? 0 }

  /// The rows that are still needed, by time, each id once.
  func settled(_ columns: [Column]) -> [Column] {
    switch set.visibility {
    case .states:
      let rows = set.holding(columns, from: horizon)
      return columns.map { $0.gathered(at: rows.span) }
    case .events:
      let rows = set.settled(columns, of: Buffer(repeating: 0, count: columns[0].count))
      let sorted = columns.map { $0.gathered(at: rows.span) }
      guard let oldest, case .time(let times) = sorted[0].values else { return sorted }
      let gone = (0..<times.count).first { times[$0] >= oldest } ?? times.count
      return sorted.map { $0.slice(gone..<times.count) }
    }
  }

  /// The first event time that is still needed; `nil` where all are.
  var oldest: Int64? { self.set.firstNeeded(from: horizon) }

  private func write(_ columns: [Column], of key: [UInt8], in batch: inout WriteBatch) {
    guard columns[0].count > 0 else { return batch.remove(.rows, key) }
    let pages = RowPages(set, columns, sizing)
    var bytes = ByteWriter()
    pages.write(0..<columns[0].count, of: key, using: &bytes) { key, value in
      batch.add(.put, .rows, key, value)
    }
  }
}
