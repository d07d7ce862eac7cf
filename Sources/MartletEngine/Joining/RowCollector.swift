public import MartletColumns
public import MartletPlan

/// Gathers, from batches in any order, the rows of a set that could inform an answer.
///
/// Rows of entities that nobody asks about and rows from after the last question are left behind at
/// once, before any of their values is copied.
public struct RowCollector: Sendable {
  private let plan: SetPlan
  let questions: Questions
  private(set) var parts: [Part] = []

  /// Rows of one batch, each with its entity's number.
  struct Part: Sendable {
    var entities: Buffer<Int32>
    var columns: [Column]
  }

  /// A collector of rows of `plan` for `questions`.
  public init(_ plan: SetPlan, for questions: Questions) {
    self.plan = plan
    self.questions = questions
  }

  /// How many rows were kept.
  public private(set) var rowCount = 0

  /// Keeps what is needed of `rows`, which have the plan's schema.
  public mutating func add(_ rows: Batch) {
    precondition(rows.schema == plan.schema, "rows of another set")
    guard let latest = questions.latest else { return }
    let keyCount = plan.keys.count
    let entities = questions.entities.find(Array(rows.columns.prefix(keyCount)))
    guard case .time(let times) = rows.columns[keyCount].values else { return }
    var needed = BufferBuilder<Int32>(capacity: rows.rowCount)
    for row in 0..<rows.rowCount where entities[row] >= 0 && times[row] <= latest {
      needed.append(Int32(truncatingIfNeeded: row))
    }
    guard needed.count > 0 else { return }
    rowCount += needed.count
    let isWhole = needed.count == rows.rowCount
    let chosen = needed.finish()
    let rest = rows.columns.dropFirst(keyCount)
    parts.append(
      Part(
        entities: isWhole ? entities : entities.reordered(by: chosen),
        columns: isWhole ? Array(rest) : rest.map { $0.gathered(at: chosen.span) }))
  }

  /// Keeps what is needed of rows whose entities are numbered already, as a store that is asked for
  /// them by entity has them: `columns` are the plan's, keys left out.
  public mutating func add(_ columns: [Column], of entities: Buffer<Int32>) {
    precondition(columns.count == plan.schema.count - plan.keys.count, "rows of another set")
    guard let latest = questions.latest, case .time(let times) = columns[0].values else { return }
    let isNeeded = (0..<times.count).map { times[$0] <= latest }
    if isNeeded.allSatisfy({ $0 }) {
      rowCount += times.count
      parts.append(Part(entities: entities, columns: columns))
      return
    }
    let chosen = Bitmap(isNeeded).setRows()
    rowCount += chosen.count
    parts.append(
      Part(
        entities: entities.reordered(by: chosen),
        columns: columns.map { $0.gathered(at: chosen.span) }))
  }

  /// Takes over what `other` gathered.
  public mutating func merge(_ other: RowCollector) {
    parts += other.parts
    rowCount += other.rowCount
  }
}
