import MartletColumns
import MartletEngine
import MartletPlan

/// By which of a row's two times it is decided whether a question sees it.
public enum AsOfClock: String, Sendable, CaseIterable {
  /// When the row became known, where its source says so: what serving could have seen.
  case known

  /// When it happened or began to hold, however late that became known.
  case event
}

extension Answering {
  /// The same answers by another clock.
  func by(_ clock: AsOfClock) -> Answering {
    switch clock {
    case .known: self
    case .event: Answering(project: project, origin: EventTimeRows(origin), memory: memory)
    }
  }
}

/// The rows of another origin, each as if it had become known when it happened.
private struct EventTimeRows: RowOrigin {
  private let origin: any RowOrigin

  init(_ origin: any RowOrigin) { self.origin = origin }

  func read<Gathered: Sendable>(
    _ set: SetPlan, _ report: inout DraftReport, into empty: Gathered,
    _ gather: @escaping @Sendable (inout Gathered, Batch) -> Void
  ) throws -> [Gathered] {
    guard set.rows.known != nil else {
      return try origin.read(set, &report, into: empty, gather)
    }
    return try origin.read(set, &report, into: empty) { gathered, rows in
      gather(&gathered, set.knownWhenTheyHappened(rows))
    }
  }

  func entities(
    of set: SetPlan, _ keys: [Field], until moment: Instant
  ) throws -> [EntityCollector] {
    try origin.entities(of: set, keys, until: moment)
  }

  func byteCount(of set: SetPlan) throws -> Int { try origin.byteCount(of: set) }

  func clusteredRows(of set: SetPlan) throws -> (any ClusteredOrigin)? {
    // Rows by themselves are read as they were known; those of sets without a known time are the same.
    set.rows.known == nil ? try origin.clusteredRows(of: set) : nil
  }
}

extension SetPlan {
  /// `rows` as if each had become known when it happened.
  fileprivate func knownWhenTheyHappened(_ rows: Batch) -> Batch {
    // The columns of a kept row: the keys, the time, and then when it became known.
    var columns = rows.columns
    columns[keys.count + 1] = columns[keys.count]
    return Batch(rows.schema, columns, rowCount: rows.rowCount)
  }
}
