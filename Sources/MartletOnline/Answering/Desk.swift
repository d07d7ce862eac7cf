import MartletColumns
import MartletEngine

/// Room for the answers of one service, for one thread: one question after the other is answered in the
/// same memory, by tables that are looked up when they change.
public struct Desk {
  /// What is answered.
  public internal(set) var row = OnlineRow(capacity: 0)

  /// The key that is read.
  var key: [UInt8] = []

  /// For each of the course's lookups, what sweeps over its values, and the number of its table.
  var sweeps: [WindowSweep?]
  private(set) var tables: [UInt64]

  /// Whether every lookup has a table, and from when on they answer.
  private(set) var hasTables = false
  private(set) var horizon: Int64 = 0

  /// How often the store's tables had changed when they were looked up; -1 is never.
  private(set) var changes = -1

  init(_ course: ServiceCourse?) {
    sweeps = course?.lookups.map { $0.makeSweep() } ?? []
    tables = Array(repeating: 0, count: sweeps.count)
  }

  /// Looks the tables up in `catalog`, which is the store's after so many `changes`, or -1 of a point in
  /// its history.
  mutating func take(_ catalog: Catalog, changes: Int, for course: ServiceCourse) {
    hasTables = true
    for (place, lookup) in course.lookups.enumerated() {
      if let table = catalog.current(lookup.set) {
        tables[place] = table.number
      } else {
        hasTables = false
      }
    }
    horizon = catalog.horizon
    self.changes = changes
  }
}
