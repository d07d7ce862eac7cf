import CBaselines
import MartletAggregates
import Racing

/// Exact sums beside the plain ones in C, which round at every step.
let exactWorkloads = [
  Workload("sum, amounts of money", of: "value", .tiny(1_000), .full(10_000_000)) { rows, race in
    let amounts = money(rows)
    let sum = DoubleSum(.sum)
    race.enter("DoubleSum.add, a span") { watch in
      var state = sum.empty
      watch.measure { sum.add(amounts.span, to: &state) }
      return Checksum.of([sum.value(of: state) ?? 0])
    }
    race.enter("DoubleSum.add, one by one") { watch in
      var state = sum.empty
      watch.measure { for amount in amounts { sum.add(amount, to: &state) } }
      return Checksum.of([sum.value(of: state) ?? 0])
    }
    race.pace("DoubleSum.add and remove, a window of 64") { watch in
      var state = sum.empty
      watch.measure {
        for index in amounts.indices {
          sum.add(amounts[index], to: &state)
          if index >= 64 { sum.remove(amounts[index - 64], from: &state) }
        }
      }
      return Checksum.of([sum.value(of: state) ?? 0])
    }
    race.pace("+= in C") { watch in
      Checksum.of([watch.measure { c_sum_double(amounts, rows) }])
    }
  },
  Workload("sum, exponents far apart", of: "value", .tiny(1_000), .full(10_000_000)) {
    rows, race in
    var draw = Draw(seed: 52)
    let numbers = (0..<rows).map { _ in
      draw.fraction() * Double(sign: .plus, exponent: draw.below(600) - 300, significand: 1)
    }
    let sum = DoubleSum(.sum)
    race.enter("DoubleSum.add, a span") { watch in
      var state = sum.empty
      watch.measure { sum.add(numbers.span, to: &state) }
      return Checksum.of([sum.value(of: state) ?? 0])
    }
    race.pace("+= in C") { watch in
      Checksum.of([watch.measure { c_sum_double(numbers, rows) }])
    }
  },
  Workload("variance, amounts of money", of: "value", .tiny(1_000), .full(10_000_000)) {
    rows, race in
    let amounts = money(rows)
    let spread = DoubleSpread(.variance)
    race.enter("DoubleSpread.add") { watch in
      var state = spread.empty
      watch.measure { spread.add(amounts.span, to: &state) }
      return Checksum.of([spread.value(of: state) ?? 0])
    }
  },
  Workload("sum, integers in 128 bits", of: "value", .tiny(1_000), .full(10_000_000)) {
    rows, race in
    var draw = Draw(seed: 53)
    let numbers = draw.ints(rows, below: 1 << 40)
    let sum = IntSum()
    race.enter("IntSum.add, a span") { watch in
      var state = sum.empty
      watch.measure { sum.add(numbers.span, to: &state) }
      return Checksum.of([Double(sum.value(of: state) ?? 0)])
    }
    race.enter("C, __int128") { watch in
      Checksum.of([watch.measure { c_sum_int(numbers, rows) }])
    }
  },
  Workload("sums: merge, value, encode, decode", of: "state", .tiny(100), .full(1_000_000)) {
    count, race in
    let amounts = money(count * 8)
    let sum = DoubleSum(.sum)
    let states = (0..<count).map { sum.state(of: amounts[$0 * 8..<$0 * 8 + 8]) }
    let total = sum.state(of: amounts)
    race.enter("merge") { watch in
      var merged = sum.empty
      watch.measure { for state in states { sum.merge(state, into: &merged) } }
      return Checksum.of([merged == total ? 1.0 : 0.0])
    }
    race.pace("value") { watch in
      var checksum = Checksum()
      watch.measure { for state in states { checksum.add(sum.value(of: state) ?? 0) } }
      return checksum.value
    }
    race.pace("encode") { watch in
      var bytes = 0
      watch.measure { for state in states { bytes += sum.encoded(state).count } }
      return Checksum.of([Double(bytes)])
    }
    let encoded = states.map { sum.encoded($0) }
    race.pace("decode") { watch in
      var decoded = 0
      watch.measure {
        for (index, bytes) in encoded.enumerated() {
          // A refusal leaves the count short, which the checksum shows.
          if (try? sum.decoded(bytes)) == states[index] { decoded += 1 }
        }
      }
      return Checksum.of([Double(decoded)])
    }
  },
]

/// Whole cents below a thousand, most of them small.
private func money(_ count: Int) -> [Double] {
  var draw = Draw(seed: 51)
  return draw.skewedInts(count, below: 100_000).map { Double($0) / 100 }
}
