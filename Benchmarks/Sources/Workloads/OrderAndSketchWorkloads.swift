import MartletAggregates
import MartletColumns
import Racing

/// Three ways to the same state, to the byte: rows by the span, rows one by one, and the states of
/// 100 rows each merged, of which only the merging counts.
private func race<A: Aggregate>(
  _ aggregate: A, over rows: [A.Input], in race: inout Race
) {
  func checksum(_ state: A.State) -> UInt64 { Checksum.of(aggregate.encoded(state)) }

  race.enter("add, by the span") { watch in
    let state = watch.measure {
      var state = aggregate.empty
      aggregate.add(rows.span, to: &state)
      return state
    }
    return checksum(state)
  }
  race.enter("add, row by row") { watch in
    checksum(watch.measure { aggregate.state(of: rows) })
  }
  let parts = stride(from: 0, to: rows.count, by: 100).map { first in
    aggregate.state(of: rows[first..<min(first + 100, rows.count)])
  }
  race.enter("merge, 100 rows a state") { watch in
    let state = watch.measure {
      var state = aggregate.empty
      for part in parts { aggregate.merge(part, into: &state) }
      return state
    }
    return checksum(state)
  }
}

private func timed(_ values: [Double]) -> [Timed<Double>] {
  values.enumerated().map { index, value in
    Timed(value, at: EventTime(microseconds: Int64(index) * 1_000_000))
  }
}

/// Aggregates that rank and count, on what one entity's rows look like.
let orderAndSketchWorkloads = [
  Workload("max, doubles", of: "row", .tiny(1_000), .full(10_000_000)) { rows, field in
    var draw = Draw(seed: 60)
    race(Extreme<Double>(.highest), over: draw.doubles(rows), in: &field)
  },
  Workload("last 5, doubles in order", of: "row", .tiny(1_000), .full(2_000_000)) { rows, field in
    var draw = Draw(seed: 61)
    race(Extremes<Timed<Double>>(5, .highest), over: timed(draw.doubles(rows)), in: &field)
  },
  Workload("approx_distinct, 100 values", of: "row", .tiny(1_000), .full(2_000_000)) {
    rows, field in
    var draw = Draw(seed: 62)
    race(ApproxDistinct<Int64>(), over: draw.ints(rows, below: 100), in: &field)
  },
  Workload("approx_distinct, a million values", of: "row", .tiny(1_000), .full(10_000_000)) {
    rows, field in
    var draw = Draw(seed: 63)
    race(ApproxDistinct<Int64>(), over: draw.ints(rows, below: 1_000_000), in: &field)
  },
  Workload("approx_quantile, three decades", of: "row", .tiny(1_000), .full(2_000_000)) {
    rows, field in
    var draw = Draw(seed: 64)
    let values = draw.doubles(rows).map { 1 / (0.001 + $0) }
    race(ApproxQuantile(0.95), over: values, in: &field)
  },
  Workload("histogram, four texts", of: "row", .tiny(1_000), .full(1_000_000)) { rows, field in
    var draw = Draw(seed: 65)
    let texts = ["approved", "declined", "pending", "returned to its sender"]
    race(
      Histogram<String>(), over: draw.ints(rows, below: 4).map { texts[Int($0)] }, in: &field)
  },
  Workload("decayed sum", of: "row", .tiny(1_000), .full(1_000_000)) { rows, field in
    var draw = Draw(seed: 66)
    let hourly = DecayedSum(halfLife: TimeLength(microseconds: 3_600_000_000))
    race(hourly, over: timed(draw.doubles(rows)), in: &field)
  },
]
