import CBaselines
import MartletAggregates
import MartletColumns
import Racing

/// Windows of 1 h, 24 h, 7 d and 30 d over entities of 200 rows in half a year, each asked 20 times.
let windowWorkloads = [
  Workload("windows, framed", of: "row", .tiny(1_000), .full(10_000_000)) { rows, race in
    let asked = AskedHistory(rows: rows)
    race.enter("Frames") { watch in
      let frames = watch.measure { asked.frames() }
      return UInt64(frames.questionCount)
    }
    race.expect(UInt64(asked.questions.count))
  },
  Workload("windows, max", of: "row", .tiny(1_000), .full(10_000_000)) { rows, race in
    let asked = AskedHistory(rows: rows)
    var draw = Draw(seed: 72)
    let values = draw.doubles(asked.times.count)
    race.enter("Frames and Extreme.slide") { watch in
      var found = asked.unanswered(-Double.infinity)
      watch.measure {
        let largest = Extreme<Double>(.highest)
        largest.slide(over: values.span, in: asked.frames()) { window, question, state in
          found[window][question] = largest.value(of: state) ?? -.infinity
        }
      }
      return Checksum.of(found.joined())
    }
    race.enter("the same, folded back and forth") { watch in
      var found = asked.unanswered(-Double.infinity)
      watch.measure {
        let largest = Plain(aggregate: Extreme<Double>(.highest))
        largest.slide(over: values.span, in: asked.frames()) { window, question, state in
          found[window][question] = largest.value(of: state) ?? -.infinity
        }
      }
      return Checksum.of(found.joined())
    }
    race.enter("C") { watch in
      var found = asked.unanswered(-Double.infinity)
      watch.measure {
        for (window, length) in asked.lengths.enumerated() {
          c_slide_max(
            asked.times, values, AskedHistory.rowsOfEach, asked.questions,
            AskedHistory.questionsOfEach, asked.entityCount, length, &found[window])
        }
      }
      return Checksum.of(found.joined())
    }
  },
  Workload("windows, sum", of: "row", .tiny(1_000), .full(10_000_000)) { rows, race in
    let asked = AskedHistory(rows: rows)
    var draw = Draw(seed: 74)
    let values = draw.doubles(asked.times.count)
    race.enter("Frames and RemovableAggregate.slide, exact") { watch in
      var found = asked.unanswered(0.0)
      watch.measure {
        let sum = DoubleSum(.sum)
        sum.slide(over: values.span, in: asked.frames()) { window, question, state in
          found[window][question] = sum.value(of: state) ?? 0
        }
      }
      return Checksum.of(found.joined())
    }
    race.enter("the same, folded back and forth") { watch in
      var found = asked.unanswered(0.0)
      watch.measure {
        let sum = Plain(aggregate: DoubleSum(.sum))
        sum.slide(over: values.span, in: asked.frames()) { window, question, state in
          found[window][question] = sum.value(of: state) ?? 0
        }
      }
      return Checksum.of(found.joined())
    }
    race.pace("+= and -= in C, not exact") { watch in
      var found = asked.unanswered(0.0)
      watch.measure {
        for (window, length) in asked.lengths.enumerated() {
          c_slide_sum(
            asked.times, values, AskedHistory.rowsOfEach, asked.questions,
            AskedHistory.questionsOfEach, asked.entityCount, length, &found[window])
        }
      }
      return Checksum.of(found.joined())
    }
  },
  Workload("windows, any", of: "row", .tiny(1_000), .full(10_000_000)) { rows, race in
    let asked = AskedHistory(rows: rows)
    var draw = Draw(seed: 73)
    let flags = (0..<asked.times.count).map { _ in draw.below(100) == 0 }
    let bytes = flags.map { UInt8($0 ? 1 : 0) }
    race.enter("Frames and RemovableAggregate.slide") { watch in
      var found = asked.unanswered(Int64(0))
      watch.measure {
        let any = Flags(.any)
        any.slide(over: flags.span, in: asked.frames()) { window, question, state in
          found[window][question] = any.value(of: state) ?? false ? 1 : 0
        }
      }
      return Checksum.of(found.joined())
    }
    race.enter("C") { watch in
      var found = asked.unanswered(Int64(0))
      watch.measure {
        for (window, length) in asked.lengths.enumerated() {
          c_slide_count(
            asked.times, bytes, AskedHistory.rowsOfEach, asked.questions,
            AskedHistory.questionsOfEach, asked.entityCount, length, &found[window])
        }
      }
      return Checksum.of(found.joined())
    }
  },
]

/// Rows and questions of many entities, ascending in time within each.
private struct AskedHistory {
  static let rowsOfEach = 200
  static let questionsOfEach = 20

  let lengths: [Int64] = [.hour, 24 * .hour, 7 * .day, 30 * .day]
  let entityCount: Int
  var times: [Int64] = []
  var questions: [Int64] = []

  init(rows: Int) {
    entityCount = rows / AskedHistory.rowsOfEach
    var draw = Draw(seed: 71)
    for _ in 0..<entityCount {
      times += draw.ints(AskedHistory.rowsOfEach, below: 180 * Int(Int64.day)).sorted()
      questions += draw.ints(AskedHistory.questionsOfEach, below: 180 * Int(Int64.day)).sorted()
    }
  }

  func unanswered<Answer>(_ nothing: Answer) -> [[Answer]] {
    lengths.map { _ in Array(repeating: nothing, count: questions.count) }
  }

  func frames() -> Frames {
    let events = Buffer(copying: times.span)
    var frames = Frames(
      RowTimes(.events, events: events),
      windows: lengths.map { .last(TimeLength(microseconds: $0)) })
    for entity in 0..<entityCount {
      let asked = entity * Self.questionsOfEach
      let first = entity * Self.rowsOfEach
      frames.append(
        questions.span.extracting(asked..<asked + Self.questionsOfEach),
        rows: first..<first + Self.rowsOfEach)
    }
    return frames
  }
}

/// An aggregate of which nothing is known but the protocol.
private struct Plain<Known: Aggregate>: Aggregate {
  let aggregate: Known

  var empty: Known.State { aggregate.empty }
  func add(_ input: Known.Input, to state: inout Known.State) { aggregate.add(input, to: &state) }
  func add(_ inputs: Span<Known.Input>, to state: inout Known.State) {
    aggregate.add(inputs, to: &state)
  }
  func merge(_ other: Known.State, into state: inout Known.State) {
    aggregate.merge(other, into: &state)
  }
  func value(of state: Known.State) -> Known.Output? { aggregate.value(of: state) }
  func encode(_ state: Known.State, into writer: inout StateWriter) {
    aggregate.encode(state, into: &writer)
  }
  func decode(from reader: inout StateReader) throws(StateError) -> Known.State {
    try aggregate.decode(from: &reader)
  }
}
