/// How many infinities and NaNs are in a sum.
struct Specials: Equatable, Sendable {
  private var nans: Tally = .zero
  private var infinities: Tally = .zero
  private var negativeInfinities: Tally = .zero

  init() {}

  @inline(never)
  mutating func add(_ number: Double) { self[keyPath: Self.tally(of: number)].add(1) }

  @inline(never)
  mutating func remove(_ number: Double) { self[keyPath: Self.tally(of: number)].subtract(1) }

  private static func tally(of number: Double) -> WritableKeyPath<Specials, Tally> {
    if number.isNaN { return \.nans }
    return number > 0 ? \.infinities : \.negativeInfinities
  }

  mutating func merge(_ other: Specials) {
    nans.add(other.nans)
    infinities.add(other.infinities)
    negativeInfinities.add(other.negativeInfinities)
  }

  mutating func subtract(_ other: Specials) {
    nans.subtract(other.nans)
    infinities.subtract(other.infinities)
    negativeInfinities.subtract(other.negativeInfinities)
  }

  /// What a sum with these is, whatever else is in it; `nil` where there are none.
  var result: Double? {
    if nans > 0 || (infinities > 0 && negativeInfinities > 0) { return .nan }
    if infinities > 0 { return .infinity }
    return negativeInfinities > 0 ? -.infinity : nil
  }

  /// Whether there are none.
  var isEmpty: Bool { self == Specials() }

  // One byte says that there are none, as nearly always.
  func encode(into writer: inout StateWriter) {
    writer.write(byte: isEmpty ? 0 : 1)
    if isEmpty { return }
    for tally in [nans, infinities, negativeInfinities] { writer.write(tally.number) }
  }

  init(from reader: inout StateReader) throws(StateError) {
    let form = try reader.readByte("infinities and NaNs")
    guard form > 0 else { return }
    guard form == 1 else { throw StateError("infinities and NaNs", .outOfRange) }
    nans = Tally(try reader.readNumber("NaNs"))
    infinities = Tally(try reader.readNumber("infinities"))
    negativeInfinities = Tally(try reader.readNumber("negative infinities"))
    guard !isEmpty else { throw StateError("infinities and NaNs", .notCanonical) }
  }
}
