import MartletAggregates
import MartletColumns
import MartletReference
import SeededRandom
import Testing

struct StateLookupTests {
  @Test func `the newest state at or before the question holds`() {
    expectStates([state(2, 20), state(5, 50)])
  }

  @Test func `a late row never replaces a newer one`() {
    // Event time 3 becomes known at 9, long after event time 5.
    expectStates([state(1, 10), state(3, 30, known: 9), state(5, 50, known: 6)])
  }

  @Test func `a late row fills the past until a newer one is known`() {
    expectStates([state(1, 10), state(3, 30, known: 4), state(5, 50, known: 8)])
  }

  @Test func `a delete ends what held, and a late delete holds`() {
    expectStates([state(2, 20), delete(4), state(6, 60)])
    expectStates([state(2, 20), delete(4, known: 8), state(3, 30)])
  }

  @Test func `ties go to the correction, then to the delete, then to the content`() {
    expectStates([state(3, 31), state(3, 32)])
    expectStates([state(3, 99, known: 4), state(3, 1, known: 6)])
    expectStates([state(3, 99), delete(3)])
    expectStates([delete(3, known: 4), state(3, 1, known: 5)])
    expectStates([state(3, nil), state(3, 1)])
  }

  @Test func `every subset of a small history agrees with the reference`() {
    let history = [
      state(1, 10), state(3, 31), state(3, 30, known: 7), delete(3, known: 5), state(4, nil),
      state(6, 60, known: 6), delete(6, known: 9), state(8, 80, known: 2),
    ]
    for subset in 0..<1 << history.count {
      expectStates(history.indices.filter { subset >> $0 & 1 == 1 }.map { history[$0] })
    }
  }

  @Test(arguments: Seed.first(300))
  func `agrees with the reference`(seed: Seed) {
    var random = seed.generator()
    let knowsLate = Bool.random(using: &random)
    let history = (0..<Int.random(in: 0...20, using: &random)).map { _ in
      let time = Int64.random(in: 0...10, using: &random)
      let lateness = ([0, 0, 1, 3, 9] as [Int64]).randomElement(using: &random) ?? 0
      return ReferenceState(
        ReferenceTimes(event: time, known: knowsLate ? time + lateness : nil),
        isDelete: Int.random(in: 0..<5, using: &random) == 0,
        content: [nil, 1, 2, 3].randomElement(using: &random) ?? nil)
    }
    expectStates(history, "\(seed)")
  }

  @Test func `times at the ends of the range are ordinary times`() {
    let states = [state(.min, 1), state(.max, 2, known: .max)]
    expectStates(states, asking: [.min, .min + 4, .min + 5, 0, .max - 1, .max])
  }

  private func state(_ time: Int64, _ content: Int?, known: Int64? = nil) -> ReferenceState {
    ReferenceState(ReferenceTimes(event: time, known: known), content: content)
  }

  private func delete(_ time: Int64, known: Int64? = nil) -> ReferenceState {
    ReferenceState(ReferenceTimes(event: time, known: known), isDelete: true, content: 7)
  }
}

/// Looks `history` up at each question, with and without a limit of age, whichever way the rows of
/// one time lie.
private func expectStates(
  _ history: [ReferenceState], asking questions: [Int64] = Array(-1...20),
  _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  // One row that names its known time means that the source does.
  let namesKnown = history.contains { $0.times.known != nil }
  let named = history.map { row in
    var row = row
    if namesKnown { row.times.known = row.times.known ?? row.times.event }
    return row
  }
  for arrival in [named, named.reversed()] {
    let rows = arrival.enumerated().sorted {
      ($0.element.times.event, $0.offset) < ($1.element.times.event, $1.offset)
    }.map(\.element)
    for keep in [nil, 0, 4] as [Int64?] {
      #expect(
        answers(rows, keep: keep, questions)
          == questions.map {
            let answer = referenceState(rows, keep: keep, at: $0)
            return "\($0): \(answer.status) \(answer.content ?? 0)"
          }, comment, sourceLocation: sourceLocation)
    }
  }
}

private func answers(
  _ rows: [ReferenceState], keep: Int64?, _ questions: [Int64]
) -> [String] {
  // A stranger's rows before ours, so that an entity does not begin at row 0.
  let strangers = 2
  let events = Buffer(Array(repeating: 3, count: strangers) + rows.map(\.times.event))
  let known = rows.compactMap(\.times.known)
  let times = RowTimes(
    .states, events: events,
    known: known.isEmpty ? nil : Buffer(Array(repeating: 3, count: strangers) + known))
  var lookup = StateLookup(
    times, deletes: Bitmap(Array(repeating: false, count: strangers) + rows.map(\.isDelete)),
    keep: keep.map(TimeLength.init)
  ) { row, other in
    (rows[row - strangers].content ?? .min) < (rows[other - strangers].content ?? .min)
  }
  var matches = StateMatches()
  lookup.match(
    questions.span, rows: strangers..<strangers + rows.count, into: &matches)
  return questions.indices.map { index in
    let row = matches.rows[index]
    let content = row == StateMatches.noRow ? nil : rows[row - strangers].content
    let status = ValueStatus.ofState(content, match: matches.statuses[index])
    return "\(questions[index]): \(status) \(status == .present ? content ?? 0 : 0)"
  }
}
