import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan

extension WindowPlan.Measure {
  /// The fold of this measure, over a value of `type`; `nil` where its states cannot be written.
  func fold(over type: ColumnType?) -> (any MeasureFold)? {
    let place = value ?? 0
    switch (function, parameter) {
    case (.count, _):
      let count = Count<Int64>()
      return AggregateFold(count, of: self) { rows, row in
        rows.times[row]
      } answer: { state, _, _ in
        count.value(of: state).map { .int($0) } ?? .null
      }
    case (.timeSinceLast, _):
      let newest = Extreme<Instant>(.highest)
      return AggregateFold(newest, of: self) { rows, row in
        Instant(microseconds: rows.times[row])
      } answer: { state, _, question in
        newest.age(of: state, at: question).map { .double(Double($0.microseconds) / 1e6) } ?? .null
      }
    case (.decayedSum, .halfLife(let length)):
      let sum = DecayedSum(halfLife: length)
      return AggregateFold(sum, of: self) { rows, row in
        Timed(rows.double(place, row), at: EventTime(microseconds: rows.times[row]))
      } answer: { state, _, question in
        sum.value(of: state, at: question).map { .double($0) } ?? .null
      }
    case (.approxQuantile, .fraction(let fraction)):
      let quantile = ApproxQuantile(fraction)
      return AggregateFold(quantile, of: self) { rows, row in
        rows.double(place, row)
      } answer: { state, _, _ in
        quantile.value(of: state).map { .double($0) } ?? .null
      }
    case (.any, _), (.all, _):
      let (any, all) = (Flags(.any), Flags(.all))
      return AggregateFold(any, of: self) { rows, row in
        rows.word(place, row) != 0
      } answer: { state, measure, _ in
        let flag = measure.function == .any ? any.value(of: state) : all.value(of: state)
        return flag.map { .bool($0) } ?? .null
      }
    default: break
    }
    switch type {
    case .double:
      return foldRanked(
        { $0.double(place, $1) }, { .double($0) }, hash: { $0.double(place, $1).stableHash })
        ?? foldDoubles(place)
    case .int, .time, .bool:
      return foldRanked(
        { $0.word(place, $1) }, { Value(word: $0, type) },
        hash: { $0.word(place, $1).stableHash }) ?? foldInts(place)
    case .string:
      return foldRanked(
        { String(decoding: $0.bytes(place, $1), as: UTF8.self) }, { .string($0) },
        hash: { $0.bytes(place, $1).stableHash })
    case .bytes:
      return foldRanked(
        { $0.bytes(place, $1) }, { .bytes($0) }, hash: { $0.bytes(place, $1).stableHash })
    default: return nil
    }
  }

  private func foldDoubles(_ place: Int) -> (any MeasureFold)? {
    switch function {
    case .sum, .avg:
      let (sum, average) = (DoubleSum(.sum), DoubleSum(.average))
      return AggregateFold(sum, of: self) { rows, row in
        rows.double(place, row)
      } answer: { state, measure, _ in
        let value = measure.function == .sum ? sum.value(of: state) : average.value(of: state)
        return value.map { .double($0) } ?? .null
      }
    case .variance, .stddev:
      let (variance, deviation) = (DoubleSpread(.variance), DoubleSpread(.standardDeviation))
      return AggregateFold(variance, of: self) { rows, row in
        rows.double(place, row)
      } answer: { state, measure, _ in
        let isVariance = measure.function == .variance
        let value = isVariance ? variance.value(of: state) : deviation.value(of: state)
        return value.map { .double($0) } ?? .null
      }
    default: return nil
    }
  }

  private func foldInts(_ place: Int) -> (any MeasureFold)? {
    switch function {
    case .sum, .avg:
      let (sum, average) = (IntSum(), IntAverage())
      return AggregateFold(sum, of: self) { rows, row in
        rows.word(place, row)
      } answer: { state, measure, _ in
        measure.function == .sum
          ? sum.value(of: state).map { .int($0) } ?? .null
          : average.value(of: state).map { .double($0) } ?? .null
      }
    case .variance, .stddev:
      let (variance, deviation) = (IntSpread(.variance), IntSpread(.standardDeviation))
      return AggregateFold(variance, of: self) { rows, row in
        rows.word(place, row)
      } answer: { state, measure, _ in
        let isVariance = measure.function == .variance
        let value = isVariance ? variance.value(of: state) : deviation.value(of: state)
        return value.map { .double($0) } ?? .null
      }
    default: return nil
    }
  }

  /// The folds that only rank values, tell them apart or count them.
  private func foldRanked<Ranking: Ranked & Equatable>(
    _ input: @escaping (FoldRows, Int) -> Ranking, _ value: @escaping (Ranking) -> Value,
    hash: @escaping (FoldRows, Int) -> UInt64
  ) -> (any MeasureFold)? {
    let timed = { (rows: FoldRows, row: Int) in
      Timed(input(rows, row), at: EventTime(microseconds: rows.times[row]))
    }
    switch (function, parameter) {
    case (.min, _), (.max, _):
      let extreme = Extreme<Ranking>(end)
      return AggregateFold(extreme, of: self, input: input) { state, _, _ in
        extreme.value(of: state).map(value) ?? .null
      }
    case (.first, .count(let count)), (.last, .count(let count)):
      let extremes = Extremes<Timed<Ranking>>(count, end)
      return AggregateFold(extremes, of: self, input: timed) { state, _, _ in
        extremes.value(of: state).map { .list($0.values.map { value($0.value) }) } ?? .null
      }
    case (.first, _), (.last, _):
      let extreme = Extreme<Timed<Ranking>>(end)
      return AggregateFold(extreme, of: self, input: timed) { state, _, _ in
        extreme.value(of: state).map { value($0.value) } ?? .null
      }
    case (.distinct, _):
      let distinct = Distinct<Ranking>()
      return AggregateFold(distinct, of: self, input: input) { state, _, _ in
        // A count that went over its bound counts nothing, as where rows slide.
        .int(distinct.value(of: state) ?? 0)
      }
    case (.approxDistinct, _):
      let distinct = ApproxDistinct<HashedRow>()
      return AggregateFold(distinct, of: self) { rows, row in
        HashedRow(stableHash: hash(rows, row))
      } answer: { state, _, _ in
        distinct.value(of: state).map { .int($0) } ?? .int(0)
      }
    case (.topK, .count(let count)):
      let topK = TopK<Ranking>(count)
      return AggregateFold(topK, of: self, input: input) { state, _, _ in
        topK.value(of: state).map { .list($0.map { value($0.key) }) } ?? .null
      }
    case (.histogram, _):
      let histogram = Histogram<Ranking>()
      return AggregateFold(histogram, of: self, input: input) { state, _, _ in
        guard let counts = histogram.value(of: state) else { return .null }
        let members = counts.map { entry in
          guard case .string(let key) = value(entry.key) else {
            return JSON.Member("", .int(entry.count))
          }
          return JSON.Member(key, .int(entry.count))
        }
        return .string(JSON.object(members).text)
      }
    default: return nil
    }
  }
}

extension Value {
  /// The int, time or bool that `word` stands for.
  fileprivate init(word: Int64, _ type: ColumnType?) {
    switch type {
    case .time: self = .time(Instant(microseconds: word))
    case .bool: self = .bool(word != 0)
    default: self = .int(word)
    }
  }
}
