/// The exact quantile of values rounded to seven significant bits: off by at most 0.79 %.
///
/// A state counts the rows of each rounded value. Counts only add up, so every order and split
/// gives the same state and rows can be removed; nothing is ever collapsed. A state has at most one
/// bucket for each row, one for each bucket between its smallest and largest value (64 in every
/// doubling), and 262,018 in all.
///
/// The quantile `q` of n rows is the smallest value of which at least q·n rows are no greater; 0
/// asks for the smallest. Infinities and NaN are values like others, NaN above all. No rows, no
/// value.
public struct ApproxQuantile: RemovableAggregate {
  /// The quantile asked for, in millionths, so that 0.07 of 100 rows is 7 exactly.
  public let millionths: Int

  /// The quantile that `fraction` of the rows do not exceed, read to the millionth.
  public init(_ fraction: Double) {
    precondition((0...1).contains(fraction), "quantile \(fraction)")
    millionths = Int((fraction * 1_000_000).rounded())
  }

  /// How many rows round to one value.
  struct Bucket: Sendable, Equatable {
    var value: RoundedValue
    var count: Tally
  }

  /// How many rows round to each value.
  public struct State: Sendable, Equatable {
    /// By value, ascending; none is empty.
    var buckets: [Bucket] = []
  }

  public var empty: State { State() }

  public func add(_ input: Double, to state: inout State) {
    state.add(1, of: RoundedValue(input))
  }

  public func remove(_ input: Double, from state: inout State) {
    state.subtract(1, of: RoundedValue(input))
  }

  public func merge(_ other: State, into state: inout State) {
    state = State(buckets: state.merged(with: other))
  }

  public func subtract(_ other: State, from state: inout State) {
    for bucket in other.buckets { state.subtract(bucket.count, of: bucket.value) }
  }

  public func value(of state: State) -> Double? {
    var total: UInt128 = 0
    for bucket in state.buckets { total += UInt128(bucket.count.number) }
    let rank = max((UInt128(millionths) * total + 999_999) / 1_000_000, 1)
    var seen: UInt128 = 0
    for bucket in state.buckets {
      seen += UInt128(bucket.count.number)
      if seen >= rank { return bucket.value.value }
    }
    return nil
  }

  // version · bucket count · for each bucket the distance from the one before, and its count
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(UInt64(state.buckets.count))
    var last: Int32 = 0
    for (index, bucket) in state.buckets.enumerated() {
      let number = bucket.value.number
      if index == 0 {
        writer.write(signed: Int64(number))
      } else {
        writer.write(UInt64(number - last))
      }
      writer.write(bucket.count.number)
      last = number
    }
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    var state = State()
    var last: Int64 = 0
    for index in 0..<(try reader.readCount("bucket count", atMost: RoundedValue.numbers.count)) {
      if index == 0 {
        last = try reader.readSigned("bucket")
      } else {
        let distance = try reader.readNumber("bucket", atMost: UInt64(RoundedValue.numbers.count))
        guard distance > 0 else { throw StateError("bucket", .outOfOrder) }
        last += Int64(distance)
      }
      guard let number = Int32(exactly: last), RoundedValue.numbers.contains(number) else {
        throw StateError("bucket", .outOfRange)
      }
      let count = try reader.readNumber("count")
      guard count > 0 else { throw StateError("count", .notCanonical) }
      state.buckets.append(Bucket(value: RoundedValue(number: number), count: Tally(count)))
    }
    return state
  }
}

extension ApproxQuantile.State {
  private func place(of value: RoundedValue) -> Int {
    buckets.firstIndex(past: { $0.value >= value })
  }

  mutating func add(_ count: Tally, of value: RoundedValue) {
    let place = place(of: value)
    if place < buckets.count, buckets[place].value == value {
      buckets[place].count.add(count)
    } else {
      buckets.insert(.init(value: value, count: count), at: place)
    }
  }

  mutating func subtract(_ count: Tally, of value: RoundedValue) {
    let place = place(of: value)
    precondition(place < buckets.count && buckets[place].value == value, "never added")
    buckets[place].count.subtract(count)
    if buckets[place].count == 0 { buckets.remove(at: place) }
  }

  func merged(with other: Self) -> [ApproxQuantile.Bucket] {
    if buckets.isEmpty { return other.buckets }
    var merged: [ApproxQuantile.Bucket] = []
    merged.reserveCapacity(buckets.count + other.buckets.count)
    var mine = buckets[...]
    var theirs = other.buckets[...]
    while let one = mine.first, let two = theirs.first {
      if one.value <= two.value { merged.append(mine.removeFirst()) }
      if two.value < one.value { merged.append(theirs.removeFirst()) }
      if one.value == two.value { merged[merged.count - 1].count.add(theirs.removeFirst().count) }
    }
    return merged + mine + theirs
  }
}
