import CBaselines
import Racing

let columnWorkloads = [
  // Proves the bench itself: a plain loop over raw memory costs the same in both languages.
  Workload(
    "gather, doubles in random order", of: "row", .tiny(1_000), .full(10_000_000)
  ) { rows, race in
    var draw = Draw(seed: 42)
    let values = draw.doubles(rows)
    let order = draw.permutation(rows)

    race.enter("Swift loop") { watch in
      var gathered = [Double](repeating: 0, count: rows)
      watch.measure { gather(values.span, order.span, into: &gathered) }
      return Checksum.of(gathered)
    }
    race.enter("C") { watch in
      var gathered = [Double](repeating: 0, count: rows)
      watch.measure { c_gather_double(values, order, &gathered, rows) }
      return Checksum.of(gathered)
    }
  }
]

private func gather(_ values: Span<Double>, _ order: Span<Int32>, into out: inout [Double]) {
  var target = out.mutableSpan
  for row in order.indices { target[row] = values[Int(order[row])] }
}
