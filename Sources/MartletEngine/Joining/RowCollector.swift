public import MartletColumns
public import MartletPlan

/// Gathers, from batches in any order, the rows of a set that could inform an answer.
///
/// Those that inform none (`NeededRows`) are left behind at once, before any of their values is copied.
public struct RowCollector: Sendable {
  let plan: SetPlan

  /// The questions that rows are gathered for.
  let part: QuestionPart
  private let needed: NeededRows
  private(set) var parts: [Part] = []

  /// Whether an id may stand in several of the rows.
  let mayRepeatIds: Bool

  /// Rows of one batch, each with its entity's number.
  struct Part: Sendable {
    var entities: Buffer<Int32>

    /// The columns, keys left out.
    var columns: [Column]

    /// Where the kept values still lie among those of their whole batch: the row of each. `nil` where
    /// they lie as the other columns do.
    var valueRows: Buffer<Int32>?
  }

  /// A collector of rows of `plan` for the questions of `part`.
  ///
  /// - Parameter mayRepeatIds: `false` where no id stands in two of the rows.
  public init(_ plan: SetPlan, for part: QuestionPart, mayRepeatIds: Bool = true) {
    self.plan = plan
    self.part = part
    self.mayRepeatIds = mayRepeatIds && !plan.idColumns.isEmpty
    needed = NeededRows(
      plan, of: part.entities, askedFrom: part.earliest, to: part.latest,
      mayRepeatIds: self.mayRepeatIds)
  }

  /// Whether values stay where they lie until the join knows which of them it answers with: of states it
  /// answers with rows as they are.
  var valuesWait: Bool { plan.answersWithRows && !mayRepeatIds }

  /// How many rows were kept.
  public private(set) var rowCount = 0

  /// Keeps what is needed of `rows`, which have the plan's schema.
  public mutating func add(_ rows: Batch) {
    precondition(rows.schema == plan.schema, "rows of another set")
    let keys = Array(rows.columns.prefix(plan.keys.count))
    add(Array(rows.columns.dropFirst(plan.keys.count)), part.questions.entities.find(keys))
  }

  /// The same of rows that lie in the order of their keys, as those of a segment do.
  public mutating func add(ordered rows: Batch) {
    precondition(rows.schema == plan.schema, "rows of another set")
    let keys = Array(rows.columns.prefix(plan.keys.count))
    add(
      Array(rows.columns.dropFirst(plan.keys.count)), part.questions.entities.find(ordered: keys))
  }

  /// Keeps what is needed of rows whose entities are numbered already, as a store that is asked for
  /// them by entity has them: `columns` are the plan's, keys left out.
  public mutating func add(_ columns: [Column], of entities: Buffer<Int32>) {
    precondition(columns.count == plan.schema.count - plan.keys.count, "rows of another set")
    add(columns, entities)
  }

  private mutating func add(_ columns: [Column], _ entities: Buffer<Int32>) {
    keep(columns, entities, needed.rows(among: columns, of: entities))
  }

  private mutating func keep(
    _ columns: [Column], _ entities: Buffer<Int32>, _ needed: Buffer<Int32>
  ) {
    guard needed.count > 0 else { return }
    rowCount += needed.count
    let (first, end) = (Int(needed[0]), Int(needed[needed.count - 1]) + 1)
    guard end - first > needed.count else {
      let range = first..<end
      let isWhole = range.count == entities.count
      parts.append(
        Part(
          entities: entities.slice(range),
          columns: isWhole ? columns : columns.map { $0.slice(range) }))
      return
    }
    let chosen = ChosenRows(needed)
    let values = plan.valueColumns
    let waits = valuesWait && !values.isEmpty
    parts.append(
      Part(
        entities: entities.reordered(by: needed),
        columns: columns.enumerated().map { place, column in
          waits && values.contains(place) ? column : column.gathered(at: chosen)
        },
        valueRows: waits ? needed : nil))
  }

  /// Takes over what `other` gathered.
  public mutating func merge(_ other: RowCollector) {
    parts += other.parts
    rowCount += other.rowCount
  }

  /// The columns of all batches at `place` among the plan's, keys left out.
  func columns(at place: Int) -> [Column] { parts.map { $0.columns[place] } }

  /// Takes the first of `columns` in their places.
  mutating func replaceColumns(at place: Int, _ columns: inout ArraySlice<Column>) {
    for part in parts.indices { parts[part].columns[place] = columns.removeFirst() }
  }

  /// Takes over rows of one batch, which are of this part's entities.
  mutating func take(_ part: Part) {
    guard part.entities.count > 0 else { return }
    parts.append(part)
    rowCount += part.entities.count
  }
}

extension RowCollector.Part {
  /// How many rows the values' batch has.
  var batchRowCount: Int { valueRows == nil ? entities.count : columns.last?.count ?? 0 }
}

extension SetPlan {
  /// Whether what it answers are values of rows as they are.
  fileprivate var answersWithRows: Bool { if case .states = answer { true } else { false } }
}
