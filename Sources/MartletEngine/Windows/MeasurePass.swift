import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// One pass over rows, for measures whose states are the same.
///
/// The branches on function and type are taken here, once a pass; what runs over the rows is a loop
/// of one type.
struct MeasurePass {
  let measures: [WindowPlan.Measure]

  /// For each window of `frames`, for each of `measures`, where its answers go.
  let answers: [[[FeatureAnswers]]]

  /// When each question asks.
  let asked: Buffer<Int64>

  /// When each row happened.
  let times: Buffer<Int64>
  let frames: Frames

  /// The rows' values.
  let value: CodedValues?

  /// The rows that count; `nil` for all.
  let counting: Bitmap?

  func run() {
    let measure = measures[0]
    switch (measure.function, measure.parameter) {
    case (.count, _): removable(Count<Int64>(), over: times) { Count<Int64>().value(of: $0) }
    case (.timeSinceLast, _): sinceLast()
    case (.decayedSum, .halfLife(let length)): decayedSum(DecayedSum(halfLife: length))
    case (.approxQuantile, .fraction(let fraction)): approxQuantile(fraction)
    case (.any, _), (.all, _): flags()
    default:
      guard let value else { preconditionFailure("\(measure.function) of nothing") }
      if let doubles = value.doubles {
        ofDoubles(measure, doubles)
      } else {
        ofWords(measure, value.words, value)
      }
    }
  }

  // MARK: By function

  private func ofDoubles(_ measure: WindowPlan.Measure, _ doubles: Buffer<Double>) {
    let bits = { (value: Double?) in value.map { Int64(bitPattern: $0.bitPattern) } }
    switch (measure.function, measure.parameter) {
    case (.sum, _), (.avg, _):
      let (sum, average) = (DoubleSum(.sum), DoubleSum(.average))
      sum.slide(over: doubles.span, counting: counting, in: frames) { window, question, state in
        writeEach(window, question) {
          bits($0 == .sum ? sum.value(of: state) : average.value(of: state))
        }
      }
    case (.variance, _), (.stddev, _):
      let (variance, deviation) = (DoubleSpread(.variance), DoubleSpread(.standardDeviation))
      removable(variance, over: doubles) { state, function in
        bits(function == .variance ? variance.value(of: state) : deviation.value(of: state))
      }
    case (.min, _), (.max, _):
      let extreme = Extreme<Double>(measure.end)
      sliding(extreme, over: doubles) { bits(extreme.value(of: $0)) }
    case (.first, .count(let count)), (.last, .count(let count)):
      ends(Extremes<Timed<Double>>(count, measure.end), timed(doubles)) {
        Int64(bitPattern: $0.value.bitPattern)
      }
    case (.first, _), (.last, _):
      let extreme = Extreme<Timed<Double>>(measure.end)
      sliding(extreme, over: timed(doubles)) { bits(extreme.value(of: $0)?.value) }
    case (.distinct, _):
      let distinct = Distinct<Double>()
      distinct.slide(over: doubles.span, counting: counting, in: frames) {
        window, question, state in
        let count = distinct.value(of: state)
        write(window, question) { $0.set(count, at: $1) }
      }
    case (.approxDistinct, _):
      let distinct = ApproxDistinct<Double>()
      any(distinct, over: doubles) { distinct.value(of: $0) }
    default: preconditionFailure("\(measure.function) of doubles")
    }
  }

  private func ofWords(
    _ measure: WindowPlan.Measure, _ words: Buffer<Int64>, _ value: CodedValues
  ) {
    let bits = { (value: Double?) in value.map { Int64(bitPattern: $0.bitPattern) } }
    switch (measure.function, measure.parameter) {
    case (.sum, _), (.avg, _):
      let (sum, average) = (IntSum(), IntAverage())
      sum.slide(over: words.span, counting: counting, in: frames) { window, question, state in
        writeEach(window, question) {
          $0 == .sum ? sum.value(of: state) : bits(average.value(of: state))
        }
      }
    case (.variance, _), (.stddev, _):
      let (variance, deviation) = (IntSpread(.variance), IntSpread(.standardDeviation))
      removable(variance, over: words) { state, function in
        bits(function == .variance ? variance.value(of: state) : deviation.value(of: state))
      }
    case (.min, _), (.max, _):
      let extreme = Extreme<Int64>(measure.end)
      sliding(extreme, over: words) { extreme.value(of: $0).map(value.answer) }
    case (.first, .count(let count)), (.last, .count(let count)):
      ends(Extremes<Timed<Int64>>(count, measure.end), timed(words)) { value.answer($0.value) }
    case (.first, _), (.last, _):
      let extreme = Extreme<Timed<Int64>>(measure.end)
      sliding(extreme, over: timed(words)) { extreme.value(of: $0).map { value.answer($0.value) } }
    case (.distinct, _):
      let distinct = Distinct<Int64>()
      distinct.slide(over: words.span, counting: counting, in: frames) { window, question, state in
        let count = distinct.value(of: state)
        write(window, question) { $0.set(count, at: $1) }
      }
    case (.approxDistinct, _):
      let distinct = ApproxDistinct<HashedRow>()
      any(distinct, over: hashes(value)) { distinct.value(of: $0) }
    case (.topK, .count(let count)):
      let topK = TopK<Int64>(count)
      topK.slide(over: words.span, counting: counting, in: frames) { window, question, state in
        let keys = topK.value(of: state)?.map { value.answer($0.key) }
        write(window, question) { $0.set(keys, at: $1) }
      }
    case (.histogram, _):
      let histogram = Histogram<Int64>()
      histogram.slide(over: words.span, counting: counting, in: frames) { window, question, state in
        let counts = histogram.value(of: state)
        write(window, question) { $0.set(counts, at: $1) }
      }
    default: preconditionFailure("\(measure.function) of \(measure.type)")
    }
  }

  private func sinceLast() {
    let newest = Extreme<Instant>(.highest)
    let instants = times.reinterpreted(as: Instant.self)
    newest.slide(over: instants.span, counting: counting, in: frames) { window, question, state in
      let age = newest.age(of: state, at: AsOf(microseconds: asked[question]))
      let seconds = age.map { Double($0.microseconds) / 1e6 }
      write(window, question) { $0.set(seconds.map { Int64(bitPattern: $0.bitPattern) }, at: $1) }
    }
  }

  private func decayedSum(_ sum: DecayedSum) {
    guard let doubles = value?.doubles else { preconditionFailure("a decayed sum of no doubles") }
    let inputs = timed(doubles)
    sum.slide(over: inputs.span, counting: counting, in: frames) { window, question, state in
      let value = sum.value(of: state, at: AsOf(microseconds: asked[question]))
      write(window, question) { $0.set(value.map { Int64(bitPattern: $0.bitPattern) }, at: $1) }
    }
  }

  private func approxQuantile(_ fraction: Double) {
    guard let doubles = value?.doubles else { preconditionFailure("a quantile of no doubles") }
    let quantile = ApproxQuantile(fraction)
    removable(quantile, over: doubles) { state in
      quantile.value(of: state).map { Int64(bitPattern: $0.bitPattern) }
    }
  }

  private func flags() {
    guard case .bool(let flags)? = value?.column.values else { preconditionFailure("no bools") }
    let (any, all) = (Flags(.any), Flags(.all))
    removable(any, over: flags) { state, function in
      (function == .any ? any.value(of: state) : all.value(of: state)).map { $0 ? 1 : 0 }
    }
  }

  // MARK: Passes

  private func removable<A: RemovableAggregate>(
    _ aggregate: A, over inputs: Buffer<A.Input>, word: (A.State) -> Int64?
  ) where A.Input: BitwiseCopyable {
    aggregate.slide(over: inputs.span, counting: counting, in: frames) { window, question, state in
      let word = word(state)
      write(window, question) { $0.set(word, at: $1) }
    }
  }

  /// As above, where measures of one group read their values each in its way.
  private func removable<A: RemovableAggregate>(
    _ aggregate: A, over inputs: Buffer<A.Input>, word: (A.State, AggregateFunction) -> Int64?
  ) where A.Input: BitwiseCopyable {
    aggregate.slide(over: inputs.span, counting: counting, in: frames) { window, question, state in
      writeEach(window, question) { word(state, $0) }
    }
  }

  private func sliding<Value: BitwiseCopyable>(
    _ extreme: Extreme<Value>, over inputs: Buffer<Value>, word: (Extreme<Value>.State) -> Int64?
  ) {
    extreme.slide(over: inputs.span, counting: counting, in: frames) { window, question, state in
      let word = word(state)
      write(window, question) { $0.set(word, at: $1) }
    }
  }

  private func sliding<Value>(
    _ extreme: Extreme<Value>, over inputs: [Value], word: (Extreme<Value>.State) -> Int64?
  ) {
    extreme.slide(over: inputs.span, counting: counting, in: frames) { window, question, state in
      let word = word(state)
      write(window, question) { $0.set(word, at: $1) }
    }
  }

  private func any<A: Aggregate>(
    _ aggregate: A, over inputs: Buffer<A.Input>, word: (A.State) -> Int64?
  ) where A.Input: BitwiseCopyable {
    aggregate.slide(over: inputs.span, counting: counting, in: frames) { window, question, state in
      let word = word(state)
      write(window, question) { $0.set(word, at: $1) }
    }
  }

  private func ends<Value>(
    _ extremes: Extremes<Timed<Value>>, _ inputs: [Timed<Value>], word: (Timed<Value>) -> Int64
  ) {
    extremes.slide(over: inputs.span, counting: counting, in: frames) { window, question, state in
      let words = extremes.value(of: state)?.values.map(word)
      write(window, question) { $0.set(words, at: $1) }
    }
  }

  /// Hands `body` each feature that wants the window's answer to the question, with its row.
  private func write(
    _ window: Int, _ question: Int, _ body: (FeatureAnswers, Int32) -> Void
  ) {
    let row = Int32(truncatingIfNeeded: question)
    for features in answers[window] { for answers in features { body(answers, row) } }
  }

  /// Writes what `word` gives of each measure that wants the window's answer to the question.
  private func writeEach(
    _ window: Int, _ question: Int, _ word: (AggregateFunction) -> Int64?
  ) {
    let row = Int32(truncatingIfNeeded: question)
    for (index, measure) in measures.enumerated() where !answers[window][index].isEmpty {
      let word = word(measure.function)
      for answers in answers[window][index] { answers.set(word, at: row) }
    }
  }

  // MARK: Inputs

  private func timed<Value: BitwiseCopyable>(_ values: Buffer<Value>) -> [Timed<Value>] {
    (0..<values.count).map { Timed(values[$0], at: EventTime(microseconds: times[$0])) }
  }

  /// What sketches count, whichever way the value is coded.
  private func hashes(_ value: CodedValues) -> Buffer<HashedRow> {
    var hashes = BufferBuilder<HashedRow>(capacity: value.words.count)
    var hashOfRank: [UInt64] = []
    if let rowOfRank = value.rowOfRank { hashOfRank = rowOfRank.map { value.column.hash(Int($0)) } }
    for row in 0..<value.words.count {
      let word = value.words[row]
      let hash = value.rowOfRank == nil ? word.stableHash : hashOfRank[Int(word)]
      hashes.append(HashedRow(stableHash: hash))
    }
    return hashes.finish()
  }
}

/// A row by the hash of its value.
struct HashedRow: Hashed, BitwiseCopyable {
  var stableHash: UInt64
}

extension Column {
  /// The hash that sketches have of the text or the bytes in `row`.
  func hash(_ row: Int) -> UInt64 {
    switch values {
    case .string(let texts), .bytes(let texts):
      texts.withBytes(at: row) { StableHash.of($0) }
    case .dictionary(let texts):
      texts.dictionary.withBytes(at: Int(texts.codes[row])) { StableHash.of($0) }
    default: preconditionFailure("a \(type) has no rank")
    }
  }
}

extension WindowPlan.Measure {
  /// The end of the ranking that `min`, `max`, `first` and `last` ask for.
  var end: RankingEnd { function == .min || function == .first ? .lowest : .highest }
}

extension FeatureAnswers {
  @inline(__always)
  fileprivate func set(_ word: Int64?, at row: Int32) {
    if case .words(let words) = self { words.set(row, word) }
  }

  fileprivate func set(_ words: [Int64]?, at row: Int32) {
    if case .lists(let lists) = self { lists.set(row, words) }
  }

  fileprivate func set(_ counts: [CountedKey<Int64>]?, at row: Int32) {
    if case .counts(let slots) = self { slots.set(row, counts) }
  }
}
