public import MartletColumns
public import MartletPlan

/// Gathers rows of a set that come in no order of entities, for several parts of questions at once.
///
///     batch ──find──▶ e c a f c … ──deal──▶ a c c │ e f        each part's rows side by side
///
/// A batch's values are copied once, into the order of the parts.
public struct ScatteredRows: Sendable {
  private let plan: SetPlan
  private let questions: Questions

  /// The part that each entity is asked about in.
  private let partOfEntity: Buffer<Int32>

  /// Chooses among the rows of the entities of all parts.
  private let needed: NeededRows

  /// A collector for each part.
  public private(set) var collectors: [RowCollector]

  /// For the questions of `parts`, which are neighbours among those of `questions`.
  public init(_ plan: SetPlan, _ questions: Questions, _ parts: [QuestionPart]) {
    self.plan = plan
    self.questions = questions
    collectors = parts.map { RowCollector(plan, for: $0) }
    var numbers = BufferBuilder<Int32>()
    numbers.append(repeating: 0, count: questions.entities.count)
    for (number, part) in parts.enumerated() {
      for entity in part.entities { numbers[entity] = Int32(truncatingIfNeeded: number) }
    }
    partOfEntity = numbers.finish()
    needed = NeededRows(
      plan, of: (parts.first?.entities.lowerBound ?? 0)..<(parts.last?.entities.upperBound ?? 0),
      askedFrom: questions.earliest, to: questions.latest,
      mayRepeatIds: !plan.idColumns.isEmpty)
  }

  /// Keeps what is needed of `rows`, which have the plan's schema.
  public mutating func add(_ rows: Batch) {
    precondition(rows.schema == plan.schema, "rows of another set")
    let keyCount = plan.keys.count
    let found = questions.entities.find(Array(rows.columns.prefix(keyCount)))
    let columns = Array(rows.columns.dropFirst(keyCount))
    let needed = needed.rows(among: columns, of: found)
    guard needed.count > 0 else { return }
    let (dealt, ends) = deal(needed, found)
    let gathered = columns.map { $0.gathered(at: dealt.span) }
    let numbers = found.reordered(by: dealt)
    var start = 0
    for (number, end) in ends.enumerated() where end > start {
      collectors[number].take(
        RowCollector.Part(
          entities: numbers.slice(start..<end), columns: gathered.map { $0.slice(start..<end) }))
      start = end
    }
  }

  /// `rows` by the parts of their entities, in their order within each, and where each part ends.
  private func deal(
    _ rows: Buffer<Int32>, _ entities: Buffer<Int32>
  ) -> (rows: Buffer<Int32>, ends: [Int]) {
    var places = [Int](repeating: 0, count: collectors.count + 1)
    for index in 0..<rows.count {
      places[Int(partOfEntity[Int(entities[Int(rows[index])])]) + 1] += 1
    }
    for part in 0..<collectors.count { places[part + 1] += places[part] }
    var dealt = BufferBuilder<Int32>()
    dealt.append(upTo: rows.count) { room in
      for index in 0..<rows.count {
        let part = Int(partOfEntity[Int(entities[Int(rows[index])])])
        room[places[part]] = rows[index]
        places[part] += 1
      }
      return rows.count
    }
    // Each place has moved on to where the next part begins.
    return (dealt.finish(), Array(places.dropLast()))
  }

  /// Has the rows of all parts share one dictionary for each column of texts, as far as these came with
  /// dictionaries. Each was read with some batches, of which every part has rows: the answers would see a text
  /// once for each.
  public mutating func shareTexts() {
    for column in plan.schema.fields.indices.dropFirst(plan.keys.count)
    where plan.schema.fields[column].type == .string {
      let place = column - plan.keys.count
      var shared = Column.sharingTexts(collectors.flatMap { $0.columns(at: place) })[...]
      for number in collectors.indices { collectors[number].replaceColumns(at: place, &shared) }
    }
  }

  /// Takes over what `other` gathered, which came after.
  public mutating func merge(_ other: ScatteredRows) {
    for index in collectors.indices { collectors[index].merge(other.collectors[index]) }
  }
}
