import MartletPlan

/// Which tables there are, and how far back they answer. Never changes: a change makes another.
///
/// Readers compare catalogs by identity: while it is the same one, the tables that it names are there.
final class Catalog: Sendable {
  let tables: [Table]

  /// Questions before this moment are refused: what they need may have been given up.
  let horizon: Int64

  init(tables: [Table], horizon: Int64) {
    self.tables = tables
    self.horizon = horizon
  }

  /// The table that answers for `plan`. O(n) in tables.
  func current(_ plan: SetPlan) -> Table? {
    tables.first { $0.role == .current && $0.holds(plan) }
  }

  /// The table before the current one.
  func previous(_ plan: SetPlan) -> Table? {
    tables.first { $0.role == .previous && $0.holds(plan) }
  }
}
