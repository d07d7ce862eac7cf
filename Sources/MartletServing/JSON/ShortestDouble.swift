/// Doubles as the shortest digits that read back to the same bits, written where they are sent from: what
/// `description` says, in about a third of the time, since no `String` comes in between.
///
/// The digits are found by Giulietti's Schubfach ("The Schubfach way to render doubles", 2021):
///
///     double ──▶ the numbers that read back as it, in units of a quarter of its last place
///            ──times a power of ten──▶ the same as decimals with 17 digits
///            ──▶ of the multiples of ten within, if there is one alone, it; else the nearest unit
///
/// One product with 128 bits of the power, rounded to odd, decides both questions rightly.
enum ShortestDouble {
  /// Room that a double needs: a sign, 17 digits, a point, `e-308`, and what is written behind them before
  /// it is known how many there are.
  static let roomInBytes = 64

  /// Writes `number`, which is finite, to `room` and returns how many bytes that took.
  static func write(_ number: Double, to room: UnsafeMutableRawBufferPointer) -> Int {
    precondition(room.count >= roomInBytes, "\(room.count) bytes")
    var at = 0
    if number.sign == .minus {
      room[0] = UInt8(ascii: "-")
      at = 1
    }
    guard number != 0 else { return at + write("0.0", to: room, at) }
    let (digits, exponent) = decimal(of: number)
    return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { text in
      let places = spread(digits, over: text)
      return write(
        text, places, pointAt: 17 - places.lowerBound + exponent,
        isLarge: number.magnitude > 0x1p53, to: room, at)
    }
  }

  // MARK: Digits as text

  /// Writes the 17 digits of `number` and zeros behind them; returns where the first and the last stand that
  /// is no zero.
  private static func spread(
    _ number: UInt64, over text: UnsafeMutableRawBufferPointer
  ) -> Range<Int> {
    let (first, rest) = number.quotientAndRemainder(dividingBy: 10_000_000_000_000_000)
    let (high, low) = rest.quotientAndRemainder(dividingBy: 100_000_000)
    let (highDigits, lowDigits) = (eightDigits(high), eightDigits(low))
    let zeros: UInt64 = 0x3030_3030_3030_3030
    text[0] = UInt8(truncatingIfNeeded: first) | 0x30
    text.storeBytes(of: highDigits | zeros, toByteOffset: 1, as: UInt64.self)
    text.storeBytes(of: lowDigits | zeros, toByteOffset: 9, as: UInt64.self)
    for place in [17, 25, 32] { text.storeBytes(of: zeros, toByteOffset: place, as: UInt64.self) }
    let start =
      first != 0
      ? 0
      : highDigits != 0
        ? 1 + highDigits.trailingZeroBitCount / 8 : 9 + lowDigits.trailingZeroBitCount / 8
    let end =
      lowDigits != 0
      ? 17 - lowDigits.leadingZeroBitCount / 8
      : highDigits != 0 ? 9 - highDigits.leadingZeroBitCount / 8 : 1
    return start..<end
  }

  /// The eight digits of a number below 10^8, a byte each, the first in the lowest: all at once.
  @inline(__always)
  private static func eightDigits(_ number: UInt64) -> UInt64 {
    // Two numbers of four digits, then four of two, then eight of one, side by side.
    let fours = number / 10_000 | (number % 10_000) &<< 32
    let hundreds = ((fours &* 10_486) &>> 20) & 0x0000_007F_0000_007F
    let twos = hundreds | (fours &- hundreds &* 100) &<< 16
    let tens = ((twos &* 103) &>> 10) & 0x000F_000F_000F_000F
    return UInt64(littleEndian: tens | (twos &- tens &* 10) &<< 8)
  }

  /// Writes the digits at `places`, the first `point` of which stand before the point, as `description`
  /// would.
  private static func write(
    _ text: UnsafeMutableRawBufferPointer, _ places: Range<Int>, pointAt point: Int, isLarge: Bool,
    to room: UnsafeMutableRawBufferPointer, _ start: Int
  ) -> Int {
    let (first, count) = (places.lowerBound, places.count)
    if isLarge || point < -3 {
      room[start] = text[first]
      guard count > 1 else { return start + 1 + write(exponent: point - 1, to: room, start + 1) }
      room[start + 1] = UInt8(ascii: ".")
      copy(text, first + 1, to: room, start + 2)
      return start + 1 + count + write(exponent: point - 1, to: room, start + 1 + count)
    }
    if point <= 0 {
      // Three zeros stand behind the point at most.
      _ = write("0.000", to: room, start)
      copy(text, first, to: room, start + 2 - point)
      return start + 2 - point + count
    }
    // The zeros behind the digits are there as well.
    copy(text, first, to: room, start)
    let fraction = max(count - point, 1)
    copy(text, first + point, to: room, start + point + 1)
    room[start + point] = UInt8(ascii: ".")
    return start + point + 1 + fraction
  }

  /// Copies 17 digits or more: as many as there can be, which is faster than as many as there are.
  @inline(__always)
  private static func copy(
    _ text: UnsafeMutableRawBufferPointer, _ source: Int,
    to room: UnsafeMutableRawBufferPointer, _ target: Int
  ) {
    for part in [0, 8, 16] {
      let digits = text.loadUnaligned(fromByteOffset: source + part, as: UInt64.self)
      room.storeBytes(of: digits, toByteOffset: target + part, as: UInt64.self)
    }
  }

  private static func write(
    exponent: Int, to room: UnsafeMutableRawBufferPointer, _ start: Int
  ) -> Int {
    var at = start + write(exponent < 0 ? "e-" : "e+", to: room, start)
    let size = exponent.magnitude
    if size >= 100 {
      room[at] = UInt8(truncatingIfNeeded: size / 100) + 0x30
      at += 1
    }
    room[at] = UInt8(truncatingIfNeeded: size / 10 % 10) + 0x30
    room[at + 1] = UInt8(truncatingIfNeeded: size % 10) + 0x30
    return at + 2 - start
  }

  private static func write(
    _ text: StaticString, to room: UnsafeMutableRawBufferPointer, _ start: Int
  ) -> Int {
    text.withUTF8Buffer { text in
      for index in text.indices { room[start + index] = text[index] }
      return text.count
    }
  }

  // MARK: The digits

  /// The shortest `digits` × 10^`exponent` that reads back as `number`, finite and not 0; of several the
  /// nearest.
  private static func decimal(of number: Double) -> (digits: UInt64, exponent: Int) {
    let fraction = number.significandBitPattern
    let biased = Int(number.exponentBitPattern)
    // number = significand × 2^binary
    let significand = biased == 0 ? fraction : fraction | 1 &<< 52
    let binary = max(biased, 1) - 1075
    // Below a power of two the neighbours are half as far away.
    let isPower = fraction == 0 && biased > 1
    let exponent = isPower ? floorLog10OfThreeQuarters(binary) : floorLog10(binary)
    let power = PowersOfTen.power(-exponent)
    let shift = UInt64(truncatingIfNeeded: binary + floorLog2(tenTo: -exponent) + 1)

    let odd = significand & 1
    let lower = scaled(4 * significand - 2 + (isPower ? 1 : 0), shift, power) + odd
    let value = scaled(4 * significand, shift, power)
    let upper = scaled(4 * significand + 2, shift, power) - odd

    let unit = value / 4
    if unit >= 10 {
      let ten = unit / 10
      let isBelowIn = lower <= 40 * ten
      let isAboveIn = 40 * ten + 40 <= upper
      if isBelowIn != isAboveIn { return (ten + (isAboveIn ? 1 : 0), exponent + 1) }
    }
    let isBelowIn = lower <= 4 * unit
    let isAboveIn = 4 * unit + 4 <= upper
    if isBelowIn != isAboveIn { return (unit + (isAboveIn ? 1 : 0), exponent) }
    let middle = 4 * unit + 2
    let roundsUp = value > middle || value == middle && unit & 1 == 1
    return (unit + (roundsUp ? 1 : 0), exponent)
  }

  /// `number` × 2^`shift` × `power` × 2^-128, the last bit set where something was cut off.
  @inline(__always)
  private static func scaled(
    _ number: UInt64, _ shift: UInt64, _ power: (high: UInt64, low: UInt64)
  ) -> UInt64 {
    let number = number &<< shift
    let low = power.low.multipliedFullWidth(by: number).high
    let high = power.high.multipliedFullWidth(by: number)
    let (middle, carries) = high.low.addingReportingOverflow(low)
    return (high.high + (carries ? 1 : 0)) | (middle > 1 ? 1 : 0)
  }

  // Logarithms by multiplication: exact for all exponents that doubles have.
  private static func floorLog10(_ binary: Int) -> Int { (binary * 1_262_611) >> 22 }

  private static func floorLog10OfThreeQuarters(_ binary: Int) -> Int {
    (binary * 1_262_611 - 524_031) >> 22
  }

  private static func floorLog2(tenTo exponent: Int) -> Int { (exponent * 1_741_647) >> 19 }
}

/// The first 128 bits of powers of ten, rounded up: worked out once, exactly.
private enum PowersOfTen {
  private static let exponents = -292...324

  /// The high and the low halves, one after the other.
  private static let halves: [UInt64] = {
    var powers = [UInt64](repeating: 0, count: exponents.count * 2)
    func note(_ exponent: Int, _ number: WideNumber, isWhole: Bool) {
      let (high, low, isCut) = number.firstBits
      // Rounded up: a power that was cut, or of which there were bits that the number had no room for.
      let (raised, carries) = low.addingReportingOverflow(isCut || !isWhole ? 1 : 0)
      let place = (exponent - exponents.lowerBound) * 2
      powers[place] = high + (carries ? 1 : 0)
      powers[place + 1] = raised
    }
    var number = WideNumber(bit: 0)
    for exponent in 0...exponents.upperBound {
      note(exponent, number, isWhole: true)
      number.multiplyByTen()
    }
    // The whole part of 2^1279 / 10^n is that of the one before, divided by ten.
    number = WideNumber(bit: 1_279)
    for exponent in (exponents.lowerBound..<0).reversed() {
      number.divideByTen()
      note(exponent, number, isWhole: false)
    }
    return powers
  }()

  @inline(__always)
  static func power(_ exponent: Int) -> (high: UInt64, low: UInt64) {
    let place = (exponent - exponents.lowerBound) * 2
    return (halves[place], halves[place + 1])
  }
}

/// A whole number of 1,280 bits, the lowest first.
private struct WideNumber {
  private var parts = [UInt64](repeating: 0, count: 20)

  /// 2^`bit`.
  init(bit: Int) { parts[bit / 64] = 1 &<< UInt64(bit % 64) }

  mutating func multiplyByTen() {
    var carry: UInt64 = 0
    for index in parts.indices {
      let (high, low) = parts[index].multipliedFullWidth(by: 10)
      let (sum, carries) = low.addingReportingOverflow(carry)
      parts[index] = sum
      carry = high + (carries ? 1 : 0)
    }
  }

  mutating func divideByTen() {
    var rest: UInt64 = 0
    for index in parts.indices.reversed() {
      let (quotient, remainder) = UInt64(10).dividingFullWidth((rest, parts[index]))
      parts[index] = quotient
      rest = remainder
    }
  }

  /// The first 128 bits from the highest that is set, and whether others that are set follow.
  var firstBits: (high: UInt64, low: UInt64, isCut: Bool) {
    guard let top = parts.lastIndex(where: { $0 != 0 }) else { return (0, 0, false) }
    func part(_ index: Int) -> UInt64 { index >= 0 ? parts[index] : 0 }
    let shift = UInt64(parts[top].leadingZeroBitCount)
    func shifted(_ index: Int) -> UInt64 {
      shift == 0 ? part(index) : part(index) &<< shift | part(index - 1) &>> (64 - shift)
    }
    let isCut =
      shifted(top - 2) != 0 || (0..<max(top - 2, 0)).contains { parts[$0] != 0 }
    return (shifted(top), shifted(top - 1), isCut)
  }
}
