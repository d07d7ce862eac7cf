import MartletAggregates
public import MartletColumns

/// The questions about some neighbouring entities: what one thread works on at a time.
///
///     order      a a b │ c c c d │ e f f        the rows of an entity are asked for in one part
///     parts      ╰───╯   ╰─────╯   ╰───╯
public struct QuestionPart: Sendable {
  /// All questions.
  public let questions: Questions

  /// Those of this part, by their places in the order of all.
  let places: Range<Int>

  /// The numbers of their entities.
  let entities: Range<Int>

  /// When each asks; ascending within an entity.
  let moments: Buffer<Int64>

  /// The earliest moment and the latest; `nil` without questions.
  let earliest: Int64?
  let latest: Int64?

  init(_ questions: Questions, _ places: Range<Int>) {
    self.questions = questions
    self.places = places
    let numbers = questions.numbers
    entities =
      places.isEmpty
      ? 0..<0 : Int(numbers[places.lowerBound])..<Int(numbers[places.upperBound - 1]) + 1
    moments = questions.moments.slice(places)
    var (earliest, latest) = (Int64.max, Int64.min)
    for index in 0..<moments.count {
      earliest = min(earliest, moments[index])
      latest = max(latest, moments[index])
    }
    self.earliest = places.isEmpty ? nil : earliest
    self.latest = places.isEmpty ? nil : latest
  }

  /// How many questions there are.
  public var count: Int { places.count }

  /// How many entities they may be about.
  public var entityCount: Int { entities.count }

  /// The keys of its entities, in their order.
  public var keys: [Column] { questions.entities.keys.map { $0.slice(entities) } }
}

extension Questions {
  /// All questions in one part.
  public var whole: QuestionPart { QuestionPart(self, 0..<order.count) }

  /// The questions in about `count` parts of about as many questions and entities each.
  public func parts(_ count: Int) -> [QuestionPart] {
    let share = max((order.count + entities.count) / max(count, 1), 1)
    var starts = [0]
    numbers.withUnsafeBufferPointer { numbers in
      var work = 0
      for place in numbers.indices {
        let isNew = place == 0 || numbers[place] != numbers[place &- 1]
        if isNew, work >= share {
          starts.append(place)
          work = 0
        }
        work &+= isNew ? 2 : 1
      }
    }
    return zip(starts, starts.dropFirst() + [order.count]).filter { $0 < $1 }.map {
      QuestionPart(self, $0..<$1)
    }
  }
}

extension QuestionPart {
  /// Each entity that is asked about, with its share of rows whose entities are `entities`, ascending.
  func spans(among entities: Buffer<Int32>) -> [EntitySpan] {
    let asked = questions.numbers.slice(places)
    var spans: [EntitySpan] = []
    spans.reserveCapacity(entityCount)
    asked.withUnsafeBufferPointer { asked in
      entities.withUnsafeBufferPointer { entities in
        var (row, question) = (0, 0)
        while question < asked.count {
          let (entity, firstQuestion) = (asked[question], question)
          while question < asked.count, asked[question] == entity { question += 1 }
          while row < entities.count, entities[row] < entity { row += 1 }
          let firstRow = row
          while row < entities.count, entities[row] == entity { row += 1 }
          spans.append(EntitySpan(rows: firstRow..<row, questions: firstQuestion..<question))
        }
      }
    }
    return spans
  }
}
