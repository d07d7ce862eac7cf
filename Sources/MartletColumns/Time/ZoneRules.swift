/// How far the clocks of a time zone are from UTC, at every moment.
///
/// Read from the files of the time zone database; who opens these is not said here.
///
///     transitions   … ┼───────────┼───────────┼─ ─ ─ ─ ─ ─ ─▶
///     offsets         │  +1 h     │  +2 h     │  by the yearly rule
public struct ZoneRules: Hashable, Sendable {
  /// The moments at which the clocks change, in seconds, ascending.
  private let transitions: [Int64]

  /// The offset from each transition on, in seconds.
  private let offsets: [Int64]

  /// The offset before all transitions.
  private let firstOffset: Int64

  /// What holds from the last transition on.
  private let yearly: YearlyRule?

  /// Coordinated universal time.
  public static let utc = ZoneRules(transitions: [], offsets: [], firstOffset: 0, yearly: nil)

  init(transitions: [Int64], offsets: [Int64], firstOffset: Int64, yearly: YearlyRule?) {
    precondition(transitions.count == offsets.count, "an offset for each transition")
    self.transitions = transitions
    self.offsets = offsets
    self.firstOffset = firstOffset
    self.yearly = yearly
  }

  /// How many seconds the clocks are ahead of UTC, `seconds` after the beginning of 1970.
  func offset(at seconds: Int64) -> Int64 {
    guard let last = transitions.last, seconds < last else {
      if let yearly { return yearly.offset(at: seconds) }
      return offsets.last ?? firstOffset
    }
    var (low, high) = (0, transitions.count)
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : offsets[low - 1]
  }

  /// What a clock on the wall shows at a moment, both in microseconds; the wall's counted as if it
  /// stood in UTC.
  public func wall(at microseconds: Int64) -> Int128 {
    let seconds = floorDivide(microseconds, by: 1_000_000)
    return Int128(microseconds) + Int128(offset(at: seconds)) * 1_000_000
  }

  /// When the clocks show `wall`, in microseconds; `nil` out of range.
  ///
  /// Of two such moments, when the clocks were put back, the first. Where they never show it, because
  /// they were put forward over it, the moment that they were.
  public func instant(ofWall wall: Int128) -> Int64? {
    let day: Int128 = 86_400
    let seconds = floorDivide(wall, by: 1_000_000)
    func offset(_ seconds: Int128) -> Int128 {
      Int128(self.offset(at: Int64(clamping: seconds)))
    }
    let before = offset(seconds - day)
    let after = offset(seconds + day)
    let candidates = [before, after].filter { offset(seconds - $0) == $0 }
    if let ahead = candidates.max() { return Int64(exactly: wall - ahead * 1_000_000) }
    var (low, high) = (seconds - day, seconds + day)
    while high - low > 1 {
      let middle = floorDivide(low + high, by: 2)
      if offset(middle) == before { low = middle } else { high = middle }
    }
    return Int64(exactly: high * 1_000_000)
  }

  /// When the day began on whose clocks it is `microseconds`; `nil` out of range.
  public func midnight(before microseconds: Int64) -> Int64? {
    let day = Int128(Int64.day)
    return instant(ofWall: floorDivide(wall(at: microseconds), by: day) * day)
  }
}
