import MartletColumns

/// Some neighbouring entities, with their rows and questions: what one thread works on at a time.
public struct EntityPart: Sendable {
  /// The rows.
  var rows: Range<Int>

  /// The questions, by their places in the order of all.
  var questions: Range<Int>

  /// The entities.
  var entities: [Entity] = []

  /// One entity; its ranges count from the beginning of the part.
  struct Entity: Sendable {
    var rows: Range<Int>
    var questions: Range<Int>

    /// The rows, counted from the beginning of all.
    func rows(in part: EntityPart) -> Range<Int> {
      part.rows.lowerBound + rows.lowerBound..<part.rows.lowerBound + rows.upperBound
    }
  }
}

extension EntityPart {
  /// The entities that `questions` are about, in about `count` parts of as much work each.
  static func parts(of rows: ClusteredRows, _ questions: Questions, count: Int) -> [EntityPart] {
    let share = (rows.count + questions.order.count) / max(count, 1)
    var parts: [EntityPart] = []
    var part = EntityPart(rows: 0..<0, questions: 0..<0)
    var (row, question) = (0, 0)
    while question < questions.order.count {
      let entity = questions.entity(question)
      let (firstRow, firstQuestion) = (rows.first(of: entity, from: row), question)
      row = firstRow
      while question < questions.order.count, questions.entity(question) == entity { question += 1 }
      while row < rows.count, rows.entities[row] == entity { row += 1 }
      if part.entities.isEmpty {
        part.rows = firstRow..<firstRow
        part.questions = firstQuestion..<firstQuestion
      }
      part.add(rows: firstRow..<row, questions: firstQuestion..<question)
      if part.rows.count + part.questions.count >= share {
        parts.append(part)
        part.entities = []
      }
    }
    if !part.entities.isEmpty { parts.append(part) }
    return parts
  }

  private mutating func add(rows added: Range<Int>, questions asked: Range<Int>) {
    let (row, question) = (rows.lowerBound, questions.lowerBound)
    entities.append(
      Entity(
        rows: added.lowerBound - row..<added.upperBound - row,
        questions: asked.lowerBound - question..<asked.upperBound - question))
    rows = row..<added.upperBound
    questions = question..<asked.upperBound
  }
}

extension Questions {
  /// The entity of the question at `place` in the order.
  fileprivate func entity(_ place: Int) -> Int32 { entities.numbers[Int(order[place])] }
}

extension ClusteredRows {
  /// The first row from `row` on of `entity` or of one after it.
  fileprivate func first(of entity: Int32, from row: Int) -> Int {
    var row = row
    while row < count, entities[row] < entity { row += 1 }
    return row
  }
}
