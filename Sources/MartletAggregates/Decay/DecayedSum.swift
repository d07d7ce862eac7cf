public import MartletColumns

/// A sum in which an event counts half as much after every half-life.
///
///     value(t) = Σ vᵢ · 2^(−(t − tᵢ) / h) = 2^(−t / h) · Σ vᵢ · 2^(tᵢ / h)
///
/// The second sum does not know `t`: it is kept exactly, as a `LongNumber`, so that every order and
/// split ends the same, rows can be removed, and any later question is answered from one state.
/// Each term is rounded once, to 64 bits, from its own value and time alone. The value is off by at
/// most 2^−52 of Σ |vᵢ| · 2^(−(t − tᵢ) / h), and twice the smallest double where that is more.
///
/// Infinities and NaN are counted and add up as in any sum. No rows, no value.
public struct DecayedSum: RemovableAggregate {
  /// The time in which a value halves, in microseconds.
  private let halfLife: Int64

  /// Half-lives under a millisecond would need more places than a state may have.
  public static let shortestHalfLife = TimeLength(microseconds: 1000)

  /// The sum that halves every `halfLife`.
  public init(halfLife: TimeLength) {
    precondition(
      halfLife.microseconds >= Self.shortestHalfLife.microseconds, "half-life \(halfLife)")
    self.halfLife = halfLife.microseconds
  }

  /// The sum as of the beginning of 1970, exactly, and what is no finite number.
  public struct State: Sendable, Equatable {
    var sum = LongNumber()
    var rows: Tally = 0
    var infinities: Tally = 0
    var negativeInfinities: Tally = 0
    var nans: Tally = 0
  }

  public var empty: State { State() }

  public func add(_ input: Timed<Double>, to state: inout State) {
    state.rows.add(1)
    guard input.value.isFinite else {
      state.counter(of: input.value) { $0.add(1) }
      return
    }
    addTerm(of: input, negated: false, to: &state)
  }

  public func remove(_ input: Timed<Double>, from state: inout State) {
    state.rows.subtract(1)
    guard input.value.isFinite else {
      state.counter(of: input.value) { $0.subtract(1) }
      return
    }
    addTerm(of: input, negated: true, to: &state)
  }

  private func addTerm(of input: Timed<Double>, negated: Bool, to state: inout State) {
    guard input.value != 0 else { return }
    let age = HalfLives(input.time.microseconds, of: halfLife)
    // The value is `significand` · 2^(`exponent` − 52), with 53 bits, of subnormals too.
    let significand = UInt64(input.value.magnitude.significand * 0x1p52)
    let exponent = Int64(input.value.exponent)
    // 53 bits by 64 bits of which 63 are a fraction; of the product 64 bits are kept.
    let product = UInt128(significand) * UInt128(PowerOfTwo.fraction(age.part))
    let kept = UInt64((product + 1 << 52) >> 53)
    state.sum.add(
      kept, isNegative: (input.value.sign == .minus) != negated, at: exponent - 62 + age.whole)
  }

  public func merge(_ other: State, into state: inout State) {
    state.sum.add(other.sum)
    state.rows.add(other.rows)
    state.infinities.add(other.infinities)
    state.negativeInfinities.add(other.negativeInfinities)
    state.nans.add(other.nans)
  }

  public func subtract(_ other: State, from state: inout State) {
    state.sum.subtract(other.sum)
    state.rows.subtract(other.rows)
    state.infinities.subtract(other.infinities)
    state.negativeInfinities.subtract(other.negativeInfinities)
    state.nans.subtract(other.nans)
  }

  /// What `value(of:at:)` answers from, since a decayed sum has no value without a question.
  public func value(of state: State) -> State? { state.rows == 0 ? nil : state }

  /// The sum as of `question`; `nil` when there were no rows.
  public func value(of state: State, at question: AsOf) -> Double? {
    guard state.rows > 0 else { return nil }
    if let value = state.notFinite { return value }
    guard let leading = state.sum.leading else { return 0 }
    let age = HalfLives(question.microseconds, of: halfLife)
    // 2^(−part) is half of 2^(1 − part), which has the form of a fraction's power; 2^(−0) has it too.
    let shrink = PowerOfTwo.fraction(0 &- age.part)
    let halved: Int64 = age.part == 0 ? 0 : 1
    let product = UInt128(leading.magnitude) * UInt128(shrink)
    let exponent = leading.exponent - age.whole - halved - 63
    return Double(
      sign: leading.isNegative ? .minus : .plus,
      exponent: Int(min(max(exponent, -4000), 4000)), significand: Double(product))
  }

  // version · rows · infinities · negative infinities · NaNs · sum
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    for tally in [state.rows, state.infinities, state.negativeInfinities, state.nans] {
      writer.write(tally.number)
    }
    state.sum.write(to: &writer)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    var state = State()
    state.rows = Tally(try reader.readNumber("rows"))
    state.infinities = Tally(try reader.readNumber("infinities"))
    state.negativeInfinities = Tally(try reader.readNumber("negative infinities"))
    state.nans = Tally(try reader.readNumber("NaNs"))
    state.sum = try LongNumber.read(from: &reader)
    return state
  }
}

extension DecayedSum.State {
  mutating func counter(of value: Double, _ change: (inout Tally) -> Void) {
    if value.isNaN {
      change(&nans)
    } else if value > 0 {
      change(&infinities)
    } else {
      change(&negativeInfinities)
    }
  }

  /// The sum where it is no finite number.
  var notFinite: Double? {
    if nans > 0 || (infinities > 0 && negativeInfinities > 0) { return .nan }
    if infinities > 0 { return .infinity }
    return negativeInfinities > 0 ? -.infinity : nil
  }
}

/// A time in half-lives since the beginning of 1970: whole ones, and 2^64ths of the next.
struct HalfLives {
  let whole: Int64
  let part: UInt64

  init(_ microseconds: Int64, of halfLife: Int64) {
    var (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: halfLife)
    if remainder < 0 {
      quotient -= 1
      remainder += halfLife
    }
    whole = quotient
    part = UInt64(halfLife).dividingFullWidth((UInt64(remainder), 0)).quotient
  }
}
