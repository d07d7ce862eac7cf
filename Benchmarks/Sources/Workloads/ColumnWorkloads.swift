import CBaselines
import MartletColumns
import Racing

/// The kernels of columns beside the same loops in C, on data as W1 to W3 have it: 100,000
/// customers, a few of them busy, over half a year of milliseconds.
let columnWorkloads = [
  Workload(
    "gather, doubles in random order", of: "row", .tiny(1_000), .full(10_000_000)
  ) { rows, race in
    var draw = Draw(seed: 42)
    let values = draw.doubles(rows)
    let order = draw.permutation(rows)
    let column = Column(.double(Buffer(copying: values.span)))

    race.enter("Column.gathered") { watch in
      let gathered = watch.measure { column.gathered(at: order.span) }
      return Checksum.of(doubles: gathered)
    }
    race.enter("C") { watch in
      let gathered = watch.measure {
        unfilled(rows, of: Double.self) { c_gather_double(values, order, $0, rows) }
      }
      return Checksum.of(doubles: Column(.double(gathered)))
    }
  },
  Workload("filter, half of the doubles", of: "row", .tiny(1_000), .full(10_000_000)) {
    rows, race in
    var draw = Draw(seed: 43)
    let values = draw.doubles(rows)
    let words = (0..<(rows + 63) / 64).map { _ in draw.next() }
    let mask = Bitmap(words: Buffer(copying: words.span), count: rows)
    let column = Column(.double(Buffer(copying: values.span)))

    race.enter("Column.filtered") { watch in
      let kept = watch.measure { column.filtered(by: mask) }
      return Checksum.of(doubles: kept)
    }
    race.enter("C") { watch in
      var kept = 0
      let filtered = watch.measure {
        unfilled(rows, of: Double.self) { kept = c_filter_double(values, words, $0, rows) }
      }
      return Checksum.of(doubles: Column(.double(filtered.slice(0..<kept))))
    }
  },
  Workload("group, int keys", of: "row", .tiny(1_000), .full(10_000_000)) { rows, race in
    var draw = Draw(seed: 44)
    let keys = draw.skewedInts(rows, below: 100_000).map { $0 &* 7_919 }
    let column = Column(.int(Buffer(copying: keys.span)))

    race.enter("Grouper") { watch in
      let groups = watch.measure {
        var grouper = Grouper([.int])
        return grouper.groups(of: [column])
      }
      return Checksum.of(ints: groups)
    }
    race.enter("C") { watch in
      let groups = watch.measure {
        unfilled(rows, of: Int32.self) { _ = c_group_ints(keys, $0, rows) }
      }
      return Checksum.of(ints: groups)
    }
  },
  Workload("group, string keys", of: "row", .tiny(1_000), .full(10_000_000)) { rows, race in
    var draw = Draw(seed: 45)
    let names = (0..<100_000).map { "c\(10_000_000 + $0)" }
    var builder = StringsBuilder(capacity: rows, byteCapacity: rows * 9)
    for key in draw.skewedInts(rows, below: 100_000) { builder.append(names[Int(key)]) }
    let texts = builder.finish()
    let column = Column(.string(texts))

    race.enter("Grouper") { watch in
      let groups = watch.measure {
        var grouper = Grouper([.string])
        return grouper.groups(of: [column])
      }
      return Checksum.of(ints: groups)
    }
    race.enter("C") { watch in
      let groups = watch.measure {
        unfilled(rows, of: Int32.self) { out in
          texts.bytes.withUnsafeBufferPointer { bytes in
            texts.offsets.withUnsafeBufferPointer { offsets in
              _ = c_group_texts(bytes.baseAddress, offsets.baseAddress, out, rows)
            }
          }
        }
      }
      return Checksum.of(ints: groups)
    }
  },
  Workload("order by (key, time)", of: "row", .tiny(1_000), .full(10_000_000)) { rows, race in
    var draw = Draw(seed: 46)
    let keys = draw.skewedInts(rows, below: 100_000)
    let times = draw.ints(rows, below: 180 * 86_400_000).map { $0 * 1_000 + 1_735_689_600_000_000 }

    race.enter("RowOrder") { watch in
      let order = watch.measure { RowOrder.by(key: keys.span, thenTime: times.span) }
      return Checksum.of(ints: order)
    }
    race.enter("C, radix from the lowest digit") { watch in
      let order = watch.measure {
        unfilled(rows, of: Int32.self) { _ = c_order_rows(keys, times, $0, rows) }
      }
      return Checksum.of(ints: order)
    }
  },
]

/// A buffer that `fill` writes whole, allocated as the kernels allocate theirs.
private func unfilled<Element: BitwiseCopyable>(
  _ count: Int, of type: Element.Type, _ fill: (UnsafeMutablePointer<Element>) -> Void
) -> Buffer<Element> {
  var builder = BufferBuilder<Element>()
  builder.append(upTo: count) { room in
    if let start = room.baseAddress { fill(start) }
    return count
  }
  return builder.finish()
}

extension Checksum {
  fileprivate static func of(ints numbers: Buffer<Int32>) -> UInt64 {
    var sum = Checksum()
    for index in 0..<numbers.count { sum.add(numbers[index]) }
    return sum.value
  }

  fileprivate static func of(doubles column: Column) -> UInt64 {
    guard case .double(let numbers) = column.values else { return 0 }
    var sum = Checksum()
    for index in 0..<numbers.count { sum.add(numbers[index]) }
    return sum.value
  }
}
