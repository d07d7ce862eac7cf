// Ranks and counts, the long way: sort everything, then look.

/// A value as the reference ranks it.
public enum ReferenceValue: Hashable, Sendable {
  case int(Int64)
  case double(UInt64)
  case text([UInt8])

  /// A double by its bits; every NaN is the same.
  public static func double(_ value: Double) -> Self {
    .double(value.isNaN ? 0x7FF8_0000_0000_0000 : value.bitPattern)
  }

  /// Whether this value stands before `other`.
  public func isBefore(_ other: Self) -> Bool {
    switch (self, other) {
    case (.int(let one), .int(let two)): return one < two
    case (.text(let one), .text(let two)):
      for (mine, theirs) in zip(one, two) where mine != theirs { return mine < theirs }
      return one.count < two.count
    case (.double(let one), .double(let two)):
      let mine = Double(bitPattern: one)
      let theirs = Double(bitPattern: two)
      if mine.isNaN { return false }
      if theirs.isNaN { return true }
      if mine == 0, theirs == 0 { return mine.sign == .minus && theirs.sign == .plus }
      return mine < theirs
    default: fatalError("values of two types")
    }
  }
}

/// What happened, and when.
public struct ReferenceEvent: Hashable, Sendable {
  public var time: Int64
  public var value: ReferenceValue

  public init(_ time: Int64, _ value: ReferenceValue) {
    self.time = time
    self.value = value
  }

  func isBefore(_ other: Self) -> Bool {
    time != other.time ? time < other.time : value.isBefore(other.value)
  }
}

/// The first `count` of `events`, by time and then by value.
public func referenceFirst(_ count: Int, of events: [ReferenceEvent]) -> [ReferenceEvent] {
  Array(events.sorted { $0.isBefore($1) }.prefix(count))
}

/// The last `count` of `events`, the newest first.
public func referenceLast(_ count: Int, of events: [ReferenceEvent]) -> [ReferenceEvent] {
  Array(events.sorted { $0.isBefore($1) }.reversed().prefix(count))
}

/// How often each value occurs, by value.
public func referenceCounts(_ values: [ReferenceValue]) -> [(value: ReferenceValue, count: Int)] {
  Set(values).sorted { $0.isBefore($1) }.map { value in
    (value, values.filter { $0 == value }.count)
  }
}

/// The smallest of `values` of which at least `millionths` of a million of them are no greater.
public func referenceQuantile(_ millionths: Int, of values: [Double]) -> Double? {
  values.filter { candidate in
    let noGreater = values.filter { $0 <= candidate }.count
    return noGreater * 1_000_000 >= millionths * values.count
  }.min()
}
