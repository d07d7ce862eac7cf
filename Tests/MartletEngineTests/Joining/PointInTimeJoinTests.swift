import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import MartletReference
import SeededRandom
import Testing

/// The join answers as the reference does, whatever the order and the batches in which rows come,
/// and whatever the parts in which it is worked out.
struct PointInTimeJoinTests {
  @Test(arguments: Seed.first(60))
  func `events answer as the reference does`(seed: Seed) throws {
    var random = seed.generator()
    let set = try plannedSet("clicks", in: joinDefinitions)
    let rows = (0..<Int.random(in: 0...60, using: &random)).map { _ in
      ReferenceRow.random(using: &random)
    }
    let questions = Asked.random(near: rows, using: &random)
    try expectEvents(set, rows, questions, widest: .always, using: &random)
  }

  /// Rows known when they happen or some late, with and without ids, and questions long after most of them.
  @Test(arguments: Seed.first(60))
  func `old rows are left behind only where they decide nothing`(seed: Seed) throws {
    var random = seed.generator()
    let told = (0..<Int.random(in: 0...80, using: &random)).map { _ in
      ReferenceRow.random(using: &random)
    }
    let late = told.map(\.withoutId)
    let rows = late.map { $0.known(nil) }
    let first = Int64.random(in: 5...50, using: &random)
    let questions = (0..<20).map { _ in
      Asked(
        ["a", "b", "c", "nobody"].randomElement(using: &random),
        first + Int64.random(in: 0...6, using: &random))
    }
    for (name, widest) in [
      ("newest", ReferenceWindow.always), ("recent", .long), ("stepped", .stepped),
      ("whole", .always),
    ] {
      let set = try plannedSet(name, in: joinDefinitions)
      try expectEvents(set, rows, questions, widest: widest, using: &random)
    }
    try expectStates(plannedSet("mood", in: joinDefinitions), rows, questions, using: &random)
    try expectEvents(
      plannedSet("told", in: joinDefinitions), told.map { $0.known(nil) }, questions,
      widest: .always,
      using: &random)
    let heard = try plannedSet("heard", in: joinDefinitions)
    try expectEvents(heard, late, questions, widest: .always, using: &random)
    try expectStates(plannedSet("profile", in: joinDefinitions), late, questions, using: &random)
  }

  private func expectEvents(
    _ set: SetPlan, _ rows: [ReferenceRow], _ questions: [Asked], widest: ReferenceWindow,
    using random: inout SeededGenerator
  ) throws {
    let answers = try join(set, rows, questions, using: &random)
    let order = set.rows.valueNames
    for (number, asked) in questions.enumerated() {
      let entity = ReferenceEntity(asked.entity ?? "", in: rows, comparing: order)
      let isSeen = asked.isWhole && entity.sees(widest, at: asked.time ?? 0)
      for (place, feature) in set.features.enumerated() {
        let wanted = try #require(wantedAnswers[feature.name])
        let expected = asked.isWhole ? wanted(entity, asked.time ?? 0) : wanted(.nobody, 0)
        let found = ReferenceAnswer(answers.columns[place][number])
        #expect(found == expected, "\(feature.name) of \(asked)")
        let status: ValueStatus = isSeen ? (expected == .null ? .null : .present) : .missing
        #expect(answers.statuses(of: place)[number] == status, "\(feature.name) of \(asked)")
      }
    }
  }

  @Test(arguments: Seed.first(60))
  func `states answer as the reference does`(seed: Seed) throws {
    var random = seed.generator()
    let set = try plannedSet("profile", in: joinDefinitions)
    let rows = (0..<Int.random(in: 0...40, using: &random)).map { _ in
      ReferenceRow.random(using: &random).withoutId
    }
    let questions = Asked.random(near: rows, using: &random)
    try expectStates(set, rows, questions, using: &random)
  }

  private func expectStates(
    _ set: SetPlan, _ rows: [ReferenceRow], _ questions: [Asked],
    using random: inout SeededGenerator
  ) throws {
    let answers = try join(set, rows, questions, using: &random)
    let order = set.rows.valueNames
    for (number, asked) in questions.enumerated() {
      let entity = ReferenceEntity(asked.entity ?? "", in: rows, comparing: order)
      let state = (asked.isWhole ? entity : .nobody).state(keep: 9, at: asked.time ?? 0)
      for (place, feature) in set.features.enumerated() {
        let cell = state.row?.cells[feature.name] ?? nil
        let expected = cell.map { ReferenceAnswer.one($0) } ?? .null
        #expect(ReferenceAnswer(answers.columns[place][number]) == expected)
        let status = state.status == "present" && cell == nil ? "null" : state.status
        #expect("\(answers.statuses(of: place)[number])" == status, "\(feature.name) of \(asked)")
      }
    }
  }

  @Test func `of rows before every window the newest that count are kept, and of ties all`() throws
  {
    func row(_ time: Int64, _ x: Double?, b: Int64) -> ReferenceRow {
      ReferenceRow(
        "a", ReferenceTimes(event: time),
        cells: ["x": x.map { .double($0 as Double) }, "b": .int(b), "n": .int(1), "s": nil])
    }
    let rows = [
      row(1, 1, b: 1), row(2, 2, b: 0), row(4, nil, b: 0), row(3, 5, b: 0), row(3, 4, b: 0),
      row(10, nil, b: 0),
    ]
    func kept(_ name: String, at moment: Int64) throws -> Int {
      let set = try plannedSet(name, in: joinDefinitions)
      let questions = Questions(
        keys: [Column(.string(Strings(["a"])))], times: Column(.time([moment])))
      var collector = RowCollector(set, for: questions.whole)
      collector.add(try rows.batch(of: set))
      return collector.rowCount
    }
    // The newest at 4, both at 3 that have an `x`, the one at 1 where `b` is true, and what is no longer old.
    #expect(try kept("newest", at: 20) == 5)
    #expect(try kept("recent", at: 20) == 1)
    #expect(try kept("whole", at: 20) == 6)
    #expect(try kept("mood", at: 20) == 1)
    #expect(try kept("mood", at: 9) == 1)
    #expect(try kept("newest", at: 9) == 5)
  }

  @Test(arguments: Seed.first(60))
  func `rows that a question does not see change nothing in its answer`(seed: Seed) throws {
    var random = seed.generator()
    for name in ["clicks", "profile"] {
      let set = try plannedSet(name, in: joinDefinitions)
      let rows = (0..<Int.random(in: 1...60, using: &random)).map { _ in
        ReferenceRow.random(using: &random)
      }
      let questions = Asked.random(near: rows, using: &random)
      let number = try #require(questions.indices.filter { questions[$0].isWhole }.first)
      let (entity, moment) = (questions[number].entity ?? "", questions[number].time ?? 0)
      func isUnseen(_ row: ReferenceRow) -> Bool {
        row.entity != entity || row.times.event > moment || row.times.known ?? 0 > moment
          || name == "clicks" && row.times.event == moment
      }
      var others = rows.filter { !isUnseen($0) }
      others += (0..<Int.random(in: 0...40, using: &random)).map { _ in
        var row = ReferenceRow.random(using: &random)
        let later = moment + 1 + Int64.random(in: 0...9, using: &random)
        if !isUnseen(row) { row.times = ReferenceTimes(event: row.times.event, known: later) }
        return row
      }
      let answers = try join(set, rows, questions, using: &random)
      let changed = try join(set, others, questions, using: &random)
      for (place, feature) in set.features.enumerated() {
        let (one, other) = (answers.columns[place][number], changed.columns[place][number])
        #expect(ReferenceAnswer(one) == ReferenceAnswer(other), "\(feature.name)")
        #expect(answers.statuses(of: place)[number] == changed.statuses(of: place)[number])
      }
    }
  }

  @Test
  func `questions that repeat an earlier one are counted, those without a key or time are not`()
    throws
  {
    let asked: [Asked] = [
      Asked("b", 4), Asked("a", 4), Asked("b", 4), Asked(nil, 4), Asked(nil, 4), Asked("b", nil),
      Asked("b", nil), Asked("b", 5), Asked("b", 4),
    ]
    let keys = try #require(
      Column(.string, asked.map { $0.entity.map { .string($0) } ?? .null }))
    let times = try #require(
      Column(.time, asked.map { $0.time.map { .time(Instant(microseconds: $0)) } ?? .null }))
    let questions = Questions(keys: [keys], times: times)
    #expect(questions.repeatCount == 2)
    #expect(questions.order == [1, 0, 2, 8, 7])
    #expect(questions.entities.numbers == [1, 0, 1, -1, -1, 1, 1, 1, 1])
    #expect(questions.earliest == 4 && questions.latest == 5)
  }

  @Test(arguments: Seed.first(10))
  func `rows of an entity that is asked about at no time are nobody's`(seed: Seed) throws {
    var random = seed.generator()
    let rows = ["a", "b", "c"].map { name in
      ReferenceRow(name, ReferenceTimes(event: 5), cells: ["x": .double(1.5 as Double)])
    }
    let questions = [Asked("a", 9), Asked("b", nil), Asked("c", 6), Asked("c", 9)]
    let recent = try plannedSet("recent", in: joinDefinitions)
    try expectEvents(recent, rows, questions, widest: .long, using: &random)
    try expectStates(plannedSet("mood", in: joinDefinitions), rows, questions, using: &random)
  }

  @Test func `an event on the question's instant is not seen, a state is`() throws {
    let row = ReferenceRow(
      "a", ReferenceTimes(event: 5, known: 5), cells: ["n": .int(7), "b": .int(1)])
    var random = Seed(1).generator()
    let questions = [Asked("a", 5), Asked("a", 6)]
    let clicks = try join(
      plannedSet("clicks", in: joinDefinitions), [row], questions, using: &random)
    let count = try #require(try plannedSet("clicks", in: joinDefinitions).position(of: "n_count"))
    #expect(clicks.columns[count] == Column(.int([0, 1])))
    let profile = try join(
      plannedSet("profile", in: joinDefinitions), [row], questions, using: &random)
    let n = try #require(try plannedSet("profile", in: joinDefinitions).position(of: "n"))
    #expect(profile.columns[n] == Column(.int([7, 7])))
  }
}

// MARK: Histories

/// One question; `nil` where the caller left the key or the time out.
private struct Asked: CustomStringConvertible {
  var entity: String?
  var time: Int64?

  init(_ entity: String?, _ time: Int64?) {
    self.entity = entity
    self.time = time
  }

  var isWhole: Bool { entity != nil && time != nil }
  var description: String { "\(entity ?? "null") at \(time.map(String.init) ?? "null")" }

  /// Questions at random moments, and at the edges of what rows do.
  static func random(near rows: [ReferenceRow], using random: inout SeededGenerator) -> [Asked] {
    (0..<30).map { _ in
      let entity = ["a", "b", "c", "nobody", nil][Int.random(in: 0...4, using: &random)]
      guard let row = rows.randomElement(using: &random), Bool.random(using: &random) else {
        return Asked(
          entity,
          Int.random(in: 0...9, using: &random) == 0
            ? nil : Int64.random(in: -5...45, using: &random))
      }
      let edge = ([0, 5, 9, 12] as [Int64]).randomElement(using: &random) ?? 0
      return Asked(row.entity, row.times.event + edge + Int64.random(in: -1...1, using: &random))
    }
  }
}

extension ReferenceRow {
  fileprivate static func random(using random: inout SeededGenerator) -> ReferenceRow {
    let time = Int64.random(in: 0...30, using: &random)
    let lag = ([0, 0, 0, 1, 8, -3] as [Int64]).randomElement(using: &random) ?? 0
    func maybe(_ value: ReferenceValue) -> ReferenceValue? {
      Int.random(in: 0...5, using: &random) == 0 ? nil : value
    }
    let x =
      [1.5, -0.0, 0.0, .nan, .infinity, 1e300, -1e300, 0.1].randomElement(using: &random) ?? 0
    let s = ["", "a", "b", "ab", "é"].randomElement(using: &random) ?? ""
    return ReferenceRow(
      ["a", "b", "c", "d"].randomElement(using: &random) ?? "a",
      ReferenceTimes(event: time, known: time + lag), id: Int64.random(in: 0...40, using: &random),
      isDelete: Int.random(in: 0...5, using: &random) == 0,
      cells: [
        "n": maybe(.int(Int64.random(in: -3...3, using: &random))), "x": maybe(.double(x)),
        "s": maybe(.text(Array(s.utf8))), "b": maybe(.int(Bool.random(using: &random) ? 1 : 0)),
      ])
  }

  fileprivate func known(_ moment: Int64?) -> ReferenceRow {
    var row = self
    row.times = ReferenceTimes(event: times.event, known: moment)
    return row
  }

  fileprivate var withoutId: ReferenceRow {
    var row = self
    row.id = nil
    return row
  }
}

// MARK: The door

private func plannedSet(_ name: String, in text: String) throws -> SetPlan {
  let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
  #expect(checked.findings.filter { $0.severity == .error } == [])
  return try #require(Plan(checked.value.definitions).set(name))
}

extension SetPlan {
  fileprivate func position(of feature: String) -> Int? {
    features.firstIndex { $0.name == feature }
  }
}

/// Joins `rows` with `questions`, in several parts: shuffled and in batches, dealt to the parts or read
/// for each of them, or as segments in which they lie by key and time.
private func join(
  _ set: SetPlan, _ rows: [ReferenceRow], _ questions: [Asked],
  using random: inout SeededGenerator
) throws -> SetAnswers {
  let asked = Questions(
    keys: [try #require(Column(.string, questions.map { $0.entity.map { .string($0) } ?? .null }))],
    times: try #require(
      Column(.time, questions.map { $0.time.map { .time(Instant(microseconds: $0)) } ?? .null })))
  let parts = asked.parts(Int.random(in: 1...5, using: &random))
  let isSegment = Bool.random(using: &random)
  var batches: [Batch] = []
  var rest = rows.shuffled(using: &random)[...]
  while !rest.isEmpty {
    var batch = Array(rest.prefix(Int.random(in: 1...20, using: &random)))
    rest = rest.dropFirst(batch.count)
    if isSegment { batch.sort { ($0.entity, $0.times.event) < ($1.entity, $1.times.event) } }
    batches.append(try batch.batch(of: set))
  }
  var collectors: [RowCollector]
  if Bool.random(using: &random) {
    var dealt = ScatteredRows(set, asked, parts)
    for batch in batches { dealt.add(batch) }
    collectors = dealt.collectors
  } else {
    collectors = parts.map { RowCollector(set, for: $0) }
    for batch in batches {
      for index in collectors.indices {
        if isSegment { collectors[index].add(ordered: batch) } else { collectors[index].add(batch) }
      }
    }
  }
  let answers = try collectors.map { try PointInTimeJoin($0).answers() }
  return try SetAnswers.placed(answers, of: set, asked) { count, body in
    for index in 0..<count { body(index) }
  }
}

extension Collection<ReferenceRow> {
  /// The rows as the set keeps them.
  fileprivate func batch(of set: SetPlan) throws -> Batch {
    let columns = try set.schema.fields.map { field in
      try #require(Column(field.type, map { $0.value(of: field) }), "\(field)")
    }
    return Batch(set.schema, columns, rowCount: count)
  }
}

extension ReferenceRow {
  fileprivate func value(of field: Field) -> Value {
    switch field.name {
    case "name": return .string(entity)
    case "_time": return .time(Instant(microseconds: times.event))
    case "_known": return .time(Instant(microseconds: times.known ?? times.event))
    case "_deleted": return .bool(isDelete)
    case "_id": return id.map { .int($0) } ?? .null
    default: break
    }
    switch (cells[field.name] ?? nil, field.type) {
    case (nil, _): return .null
    case (.int(let number)?, .bool): return .bool(number == 1)
    case (.int(let number)?, _): return .int(number)
    case (.double(let bits)?, _): return .double(Double(bitPattern: bits))
    case (.text(let bytes)?, _): return .string(String(decoding: bytes, as: UTF8.self))
    }
  }
}

extension ReferenceAnswer {
  fileprivate init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .string(let text) where text.hasPrefix("{"): self = .text(text)
    case .list(let values): self = .several(values.compactMap(ReferenceValue.init))
    default: self = ReferenceValue(value).map { .one($0) } ?? .null
    }
  }
}

extension ReferenceValue {
  fileprivate init?(_ value: Value) {
    switch value {
    case .bool(let flag): self = .int(flag ? 1 : 0)
    case .int(let number): self = .int(number)
    case .double(let number): self = .double(number)
    case .string(let text): self = .text(Array(text.utf8))
    default: return nil
    }
  }
}
