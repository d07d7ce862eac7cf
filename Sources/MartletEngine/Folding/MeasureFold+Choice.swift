import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan

extension WindowPlan.Measure {
  /// The fold of this measure, over a value of `type`; `nil` where its states cannot be written.
  func fold(over type: ColumnType?) -> MeasureFold? {
    switch (function, parameter) {
    case (.count, _):
      let count = Count<Int64>()
      return MeasureFold(count, ClockInput.self, of: self) { state, _, _ in
        count.value(of: state).map { .int($0) } ?? .null
      }
    case (.timeSinceLast, _):
      let newest = Extreme<Instant>(.highest)
      return MeasureFold(newest, MomentInput.self, of: self) { state, _, question in
        newest.age(of: state, at: question).map { .double(Double($0.microseconds) / 1e6) } ?? .null
      }
    case (.decayedSum, .halfLife(let length)):
      let sum = DecayedSum(halfLife: length)
      return MeasureFold(sum, TimedInput<DoubleInput>.self, of: self) { state, _, question in
        sum.value(of: state, at: question).map { .double($0) } ?? .null
      }
    case (.approxQuantile, .fraction(let fraction)):
      let quantile = ApproxQuantile(fraction)
      return MeasureFold(quantile, DoubleInput.self, of: self) { state, _, _ in
        quantile.value(of: state).map { .double($0) } ?? .null
      }
    case (.any, _), (.all, _):
      let (any, all) = (Flags(.any), Flags(.all))
      return MeasureFold(any, FlagInput.self, of: self) { state, measure, _ in
        let flag = measure.function == .any ? any.value(of: state) : all.value(of: state)
        return flag.map { .bool($0) } ?? .null
      }
    default: break
    }
    switch type {
    case .double: return foldRanked(DoubleInput.self) { .double($0) } ?? foldDoubles()
    case .int, .time:
      return foldRanked(WordInput.self) { Value(word: $0, type) } ?? foldInts(WordInput.self)
    case .bool: return foldRanked(BitInput.self) { .bool($0 != 0) } ?? foldInts(BitInput.self)
    case .string: return foldRanked(StringInput.self) { .string($0) }
    case .bytes: return foldRanked(BytesInput.self) { .bytes($0) }
    default: return nil
    }
  }

  @inline(__always)
  private func foldDoubles() -> MeasureFold? {
    switch function {
    case .sum, .avg:
      let (sum, average) = (DoubleSum(.sum), DoubleSum(.average))
      return MeasureFold(sum, DoubleInput.self, of: self) { state, measure, _ in
        let value = measure.function == .sum ? sum.value(of: state) : average.value(of: state)
        return value.map { .double($0) } ?? .null
      }
    case .variance, .stddev:
      let (variance, deviation) = (DoubleSpread(.variance), DoubleSpread(.standardDeviation))
      return MeasureFold(variance, DoubleInput.self, of: self) { state, measure, _ in
        let isVariance = measure.function == .variance
        let value = isVariance ? variance.value(of: state) : deviation.value(of: state)
        return value.map { .double($0) } ?? .null
      }
    default: return nil
    }
  }

  @inline(__always)
  private func foldInts<Input: FoldInput>(
    _ input: Input.Type
  ) -> MeasureFold? where Input.Value == Int64 {
    switch function {
    case .sum, .avg:
      let (sum, average) = (IntSum(), IntAverage())
      return MeasureFold(sum, Input.self, of: self) { state, measure, _ in
        measure.function == .sum
          ? sum.value(of: state).map { .int($0) } ?? .null
          : average.value(of: state).map { .double($0) } ?? .null
      }
    case .variance, .stddev:
      let (variance, deviation) = (IntSpread(.variance), IntSpread(.standardDeviation))
      return MeasureFold(variance, Input.self, of: self) { state, measure, _ in
        let isVariance = measure.function == .variance
        let value = isVariance ? variance.value(of: state) : deviation.value(of: state)
        return value.map { .double($0) } ?? .null
      }
    default: return nil
    }
  }

  /// The folds that only rank values, tell them apart or count them.
  @inline(__always)
  private func foldRanked<Input: HashedFoldInput>(
    _ input: Input.Type, _ value: @escaping (Input.Value) -> Value
  ) -> MeasureFold? where Input.Value: Ranked & Equatable {
    switch (function, parameter) {
    case (.min, _), (.max, _):
      let extreme = Extreme<Input.Value>(end)
      return MeasureFold(extreme, Input.self, of: self) { state, _, _ in
        extreme.value(of: state).map(value) ?? .null
      }
    case (.first, .count(let count)), (.last, .count(let count)):
      let extremes = Extremes<Timed<Input.Value>>(count, end)
      return MeasureFold(extremes, TimedInput<Input>.self, of: self) { state, _, _ in
        extremes.value(of: state).map { .list($0.values.map { value($0.value) }) } ?? .null
      }
    case (.first, _), (.last, _):
      let extreme = Extreme<Timed<Input.Value>>(end)
      return MeasureFold(extreme, TimedInput<Input>.self, of: self) { state, _, _ in
        extreme.value(of: state).map { value($0.value) } ?? .null
      }
    case (.distinct, _):
      let distinct = Distinct<Input.Value>()
      return MeasureFold(distinct, Input.self, of: self) { state, _, _ in
        distinct.value(of: state).map { .int($0) } ?? .null
      }
    case (.approxDistinct, _):
      let distinct = ApproxDistinct<HashedRow>()
      return MeasureFold(distinct, HashInput<Input>.self, of: self) { state, _, _ in
        distinct.value(of: state).map { .int($0) } ?? .int(0)
      }
    case (.topK, .count(let count)):
      let topK = TopK<Input.Value>(count)
      return MeasureFold(topK, Input.self, of: self) { state, _, _ in
        topK.value(of: state).map { .list($0.map { value($0.key) }) } ?? .null
      }
    case (.histogram, _):
      let histogram = Histogram<Input.Value>()
      return MeasureFold(histogram, Input.self, of: self) { state, _, _ in
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
  /// The int or time that `word` stands for.
  fileprivate init(word: Int64, _ type: ColumnType?) {
    switch type {
    case .time: self = .time(Instant(microseconds: word))
    default: self = .int(word)
    }
  }
}
