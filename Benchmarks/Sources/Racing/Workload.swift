/// Something worth doing fast, and several ways of doing it.
///
///     Workload("gather, doubles in random order", of: "row", .tiny(1_000), .full(10_000_000)) {
///       rows, race in
///       let values = Draw(seed: 42).doubles(rows)
///       race.enter("martlet") { watch in
///         let gathered = watch.measure { gather(values, order) }
///         return Checksum.of(gathered)
///       }
///       race.enter("C") { watch in … }
///     }
public struct Workload: Sendable {
  /// How much is done: enough to prove that the workload works, or enough to measure.
  public enum Size: String, Sendable {
    case tiny, full
  }

  /// A count of things for one size.
  public struct Count: Sendable {
    let size: Size
    let value: Int

    /// Runs in the test suite: milliseconds in a debug build.
    public static func tiny(_ value: Int) -> Count { Count(size: .tiny, value: value) }

    /// Runs when measuring: large enough that a lap takes a good part of a second.
    public static func full(_ value: Int) -> Count { Count(size: .full, value: value) }
  }

  /// What is done, and to what; also what `scripts/bench` finds it by.
  public let name: String

  /// What there are many of, in the singular: times are given for one of these.
  public let unit: String

  private let tiny: Int
  private let full: Int
  private let arrange: @Sendable (Int, inout Race) throws -> Void

  /// Names a workload; `arrange` makes its data and enters the contestants.
  public init(
    _ name: String, of unit: String, _ tiny: Count, _ full: Count,
    arrange: @escaping @Sendable (_ count: Int, _ race: inout Race) throws -> Void
  ) {
    precondition(tiny.size == .tiny && full.size == .full, "\(name): give .tiny, then .full")
    self.name = name
    self.unit = unit
    self.tiny = tiny.value
    self.full = full.value
    self.arrange = arrange
  }

  /// How many units one lap covers.
  public func count(_ size: Size) -> Int {
    switch size {
    case .tiny: tiny
    case .full: full
    }
  }

  /// Lets all contestants run `rounds` times and compares their answers.
  public func run(_ size: Size, rounds: Int) throws -> Outcome {
    var race = Race()
    try arrange(count(size), &race)
    return Outcome(
      workload: name, unit: unit, count: count(size), contestants: try race.run(rounds: rounds))
  }
}
