import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

extension OnlineView {
  /// What `set` answers to `questions`, by the engine's own joins over the rows of the asked entities.
  func answers(
    of set: SetPlan, keys: [Column], at times: Column, by sweeps: SweepPool?
  ) throws(OnlineError) -> SetAnswers {
    if let lone = try loneAnswers(of: set, keys: keys, at: times) { return lone }
    let questions = Questions(keys: keys, times: times)
    let attempt = "reading `\(set.name)`"
    if let earliest = questions.earliest, earliest < catalog.horizon {
      throw OnlineError(
        attempt, .forgotten(before: Instant(microseconds: catalog.horizon)))
    }
    guard let table = catalog.current(set) else {
      throw OnlineError(attempt, .nothingLoaded(set: set.name))
    }
    // Where there are so many questions about each entity, sliding over all rows is less work.
    if let sweeps, questions.rowCount <= 4 * questions.entities.count {
      let swept = try sweeps.withSweep { (sweep) throws(OnlineError) in
        try sweptAnswers(of: set, in: table, keys: keys, questions, by: sweep, attempt)
      }
      if let swept { return swept }
    }
    var collector = RowCollector(set, for: questions.whole)
    let (columns, entities) = try rows(of: set, in: table, keys, questions, attempt)
    collector.add(columns, of: entities)
    do throws(JoinError) {
      let answers = try PointInTimeJoin(collector).answers()
      return try SetAnswers.placed([answers], of: set, questions) { count, body in
        for index in 0..<count { body(index) }
      }
    } catch {
      throw OnlineError(attempt, .tooMuchText)
    }
  }

  /// What a set of states answers where every entity has one row; `nil` where that is not so, and where
  /// the question is to be refused.
  private func loneAnswers(
    of set: SetPlan, keys: [Column], at times: Column
  ) throws(OnlineError) -> SetAnswers? {
    guard case .time(let moments) = times.values, let table = catalog.current(set),
      var answers = LoneAnswers(set, rowCount: moments.count)
    else { return nil }
    let key = EntityKey(keys)
    let whole = (keys + [times]).compactMap(\.validity)
    let prefix = table.prefix
    var asked = KeyList()
    asked.reserve(moments.count, byteCount: 24)
    for row in 0..<moments.count {
      let isAsked = whole.allSatisfy { $0[row] }
      if isAsked, moments[row] < catalog.horizon { return nil }
      // A question that is none has no key, which no entity has either.
      asked.append { bytes in
        guard isAsked else { return }
        bytes += prefix
        key.append(row, to: &bytes)
      }
    }
    var isComplete = true
    try reader.read(.rows, asked) { (row, value) throws(OnlineError) in
      guard isComplete else { return }
      guard let value else { return answers.append(.missing) }
      do throws(RowsError) {
        isComplete = try answers.append(value, at: AsOf(microseconds: moments[row]))
      } catch {
        throw OnlineError(
          "reading `\(set.name)`",
          .damaged("the \(error.part) of an entity's rows"))
      }
    }
    return isComplete ? answers.finish() : nil
  }

  /// What a set of events answers, each question by a sweep over its entity's value; `nil` where some
  /// value cannot be swept.
  private func sweptAnswers(
    of set: SetPlan, in table: Table, keys: [Column], _ questions: Questions,
    by sweep: WindowSweep, _ attempt: String
  ) throws(OnlineError) -> SetAnswers? {
    let asked = AskedKeys(keys, questions.entities, under: table.prefix)
    var rowsOfEntity = [[Int32]](repeating: [], count: questions.entities.count)
    for place in 0..<questions.order.count {
      let row = questions.order[place]
      rowsOfEntity[Int(questions.entities.numbers[Int(row)])].append(row)
    }
    var answers = SweptAnswers(set, rowCount: questions.rowCount)
    var isComplete = true
    try reader.read(.rows, asked.keys) { (index, value) throws(OnlineError) in
      guard let value, isComplete else { return }
      let entity = EntityReader(reader: reader, key: asked.key(index))
      do throws(RowsError) {
        for row in rowsOfEntity[Int(asked.entities[index])] {
          let time = questions.times[Int(row)]
          let isSeen = try sweep.sweep(value, at: time, of: entity) {
            answers.set(Int(row), $0, $1)
          }
          guard let isSeen else {
            isComplete = false
            return
          }
          if isSeen { answers.see(Int(row)) }
        }
      } catch {
        throw OnlineError(attempt, .damaged("the \(error.part) of an entity's rows"))
      }
    }
    return isComplete ? answers.finish() : nil
  }

  /// The rows of the entities that are asked about, each with the number of its entity.
  private func rows(
    of set: SetPlan, in table: Table, _ keys: [Column], _ questions: Questions, _ attempt: String
  ) throws(OnlineError) -> ([Column], Buffer<Int32>) {
    let asked = AskedKeys(keys, questions.entities, under: table.prefix)
    let rows = RowBlockReader(RowFormat(set))
    var entities = BufferBuilder<Int32>()
    try reader.read(.rows, asked.keys) { (index, value) throws(OnlineError) in
      guard let value else { return }
      let entity = EntityReader(reader: reader, key: asked.key(index))
      let count = try entity.gather(value, of: set, into: rows)
      entities.append(repeating: asked.entities[index], count: count)
    }
    return (rows.finish(), entities.finish())
  }
}

/// The keys of the entities that are asked about, each once.
private struct AskedKeys {
  var keys = KeyList()

  /// The number of the entity of each key.
  var entities: [Int32] = []

  /// Key `index` by itself.
  func key(_ index: Int) -> [UInt8] { Array(keys.bytes[keys.range(index)]) }

  init(_ columns: [Column], _ index: EntityIndex, under prefix: [UInt8]) {
    let key = EntityKey(columns)
    keys.reserve(index.count, byteCount: 24)
    var isTaken = [Bool](repeating: false, count: index.count)
    for row in 0..<index.numbers.count {
      let number = index.numbers[row]
      guard number >= 0, !isTaken[Int(number)] else { continue }
      isTaken[Int(number)] = true
      entities.append(number)
      keys.append { bytes in
        bytes += prefix
        key.append(row, to: &bytes)
      }
    }
  }
}
