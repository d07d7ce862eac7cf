import MartletAggregates
import MartletColumns
import Racing

/// What each aggregate costs: a row added, a row taken out, a state of some rows merged, read,
/// written and read back.
let aggregateWorkloads = [
  costs("count", Count<Int64>()) { $0.int(below: 1_000) },
  costs("sum of doubles", DoubleSum(.sum)) { $0.cents() },
  costs("avg of doubles", DoubleSum(.average)) { $0.cents() },
  costs("sum of ints", IntSum()) { $0.int(below: 1 << 40) },
  costs("avg of ints", IntAverage()) { $0.int(below: 1 << 40) },
  costs("variance of doubles", DoubleSpread(.variance)) { $0.cents() },
  costs("stddev of ints", IntSpread(.standardDeviation)) { $0.int(below: 1 << 20) },
  costs("any", Flags(.any)) { $0.int(below: 2) == 1 },
  costs("approx_quantile", ApproxQuantile(0.95)) { $0.cents() },
  costs("decayed_sum", DecayedSum(halfLife: TimeLength(microseconds: .day))) {
    Timed($0.cents(), at: EventTime(microseconds: $0.int(below: 30 * .day)))
  },
  costs("max", Extreme<Double>(.highest)) { $0.cents() },
  costs("last", Extreme<Timed<Int64>>(.highest)) {
    Timed($0.int(below: 1_000), at: EventTime(microseconds: $0.int(below: 30 * .day)))
  },
  costs("last, five", Extremes<Timed<Int64>>(5, .highest)) {
    Timed($0.int(below: 1_000), at: EventTime(microseconds: $0.int(below: 30 * .day)))
  },
  costs("distinct", Distinct<Int64>()) { $0.int(below: 200) },
  costs("approx_distinct", ApproxDistinct<Int64>()) { $0.int(below: 1 << 40) },
  costs("top_k", TopK<Int64>(5)) { $0.int(below: 200) },
  costs("histogram", Histogram<String>()) { "kind \($0.int(below: 50))" },
]

/// Rows in each of the states that are merged, read and written.
private let rowsOfState = 32

private func costs<A: Aggregate & Sendable>(
  _ name: String, _ aggregate: A, _ input: @escaping @Sendable (inout Draw) -> A.Input
) -> Workload {
  Workload("\(name): states", of: "operation", .tiny(200), .full(200_000)) { count, race in
    enterStates(aggregate, inputs(count, input), &race)
  }
}

private func costs<A: RemovableAggregate & Sendable>(
  _ name: String, _ aggregate: A, _ input: @escaping @Sendable (inout Draw) -> A.Input
) -> Workload {
  Workload("\(name): states", of: "operation", .tiny(200), .full(200_000)) { count, race in
    let inputs = inputs(count, input)
    enterStates(aggregate, inputs, &race)
    race.pace("remove, a span") { watch in
      var state = aggregate.state(of: inputs)
      watch.measure { aggregate.remove(inputs.span, from: &state) }
      return Checksum.of([Double(aggregate.encoded(state).count)])
    }
  }
}

private func inputs<Input>(_ count: Int, _ input: (inout Draw) -> Input) -> [Input] {
  var draw = Draw(seed: 91)
  return (0..<count).map { _ in input(&draw) }
}

private func enterStates<A: Aggregate>(
  _ aggregate: A, _ inputs: [A.Input], _ race: inout Race
) {
  let count = inputs.count
  race.enter("add, a span") { watch in
    var state = aggregate.empty
    watch.measure { aggregate.add(inputs.span, to: &state) }
    return Checksum.of([Double(aggregate.encoded(state).count)])
  }
  let states = (0..<64).map { place in
    aggregate.state(of: (0..<rowsOfState).map { inputs[(place * rowsOfState + $0) % count] })
  }
  let encoded = states.map { aggregate.encoded($0) }
  race.pace("merge") { watch in
    var checksum = 0
    watch.measure {
      for round in 0..<count / 64 {
        var merged = aggregate.empty
        for state in states { aggregate.merge(state, into: &merged) }
        if round == 0 { checksum = aggregate.encoded(merged).count }
      }
    }
    return Checksum.of([Double(checksum)])
  }
  race.pace("value") { watch in
    var present = 0
    watch.measure {
      for index in 0..<count where aggregate.value(of: states[index % 64]) != nil { present += 1 }
    }
    return Checksum.of([Double(present)])
  }
  race.pace("encode") { watch in
    var bytes = 0
    watch.measure {
      for index in 0..<count { bytes += aggregate.encoded(states[index % 64]).count }
    }
    return Checksum.of([Double(bytes)])
  }
  race.pace("decode") { watch in
    var decoded = 0
    watch.measure {
      // A refusal leaves the count short, which the checksum shows.
      for index in 0..<count where (try? aggregate.decoded(encoded[index % 64])) != nil {
        decoded += 1
      }
    }
    return Checksum.of([Double(decoded)])
  }
}

extension Draw {
  fileprivate mutating func int(below bound: Int64) -> Int64 {
    Int64(below(Int(bound)))
  }

  /// An amount of money.
  fileprivate mutating func cents() -> Double { Double(int(below: 100_000)) / 100 }
}
