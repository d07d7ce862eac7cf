/// A number of any size and any fineness, exactly.
///
/// Digits of 32 bits, of which only those that are not zero are kept, each with its place:
///
///     digit · 2^(32 · place), places ascending      │ −7 @ −3 │ 12 @ −2 │ 1 @ 40 │
///
/// A digit lies between −2^31 and 2^31 − 1, the signs mixed as they come. Every number has exactly
/// one such form, and neither adding nor subtracting ever borrows through a row of zeros.
public struct LongNumber: Sendable, Equatable {
  struct Digit: Sendable, Equatable {
    var place: Int64
    var digit: Int32
  }

  private(set) var digits: [Digit] = []

  /// The farthest place that bytes may name; no value at any time comes near it.
  static let farthestPlace: Int64 = 1 << 50

  /// Adds `magnitude` · 2^`exponent`, or its negative.
  mutating func add(_ magnitude: UInt64, isNegative: Bool, at exponent: Int64) {
    var rest = UInt128(magnitude) << UInt128(exponent & 31)
    var place = exponent >> 5
    while rest > 0 {
      let chunk = Int64(rest & 0xFFFF_FFFF)
      add(isNegative ? -chunk : chunk, at: place)
      rest >>= 32
      place += 1
    }
  }

  mutating func add(_ other: LongNumber) {
    for digit in other.digits { add(Int64(digit.digit), at: digit.place) }
  }

  mutating func subtract(_ other: LongNumber) {
    for digit in other.digits { add(-Int64(digit.digit), at: digit.place) }
  }

  /// Adds to one digit, and carries what it cannot hold.
  private mutating func add(_ amount: Int64, at place: Int64) {
    var carry = amount
    var place = place
    var index = digits.firstIndex(past: { $0.place >= place })
    while carry != 0 {
      let isThere = index < digits.count && digits[index].place == place
      let sum = carry + (isThere ? Int64(digits[index].digit) : 0)
      carry = (sum + 1 << 31) >> 32
      let digit = Int32(sum - carry << 32)
      switch (isThere, digit) {
      case (true, 0): digits.remove(at: index)
      case (false, 0): break
      case (true, _):
        digits[index].digit = digit
        index += 1
      case (false, _):
        digits.insert(Digit(place: place, digit: digit), at: index)
        index += 1
      }
      place += 1
    }
  }

  /// The upper 62 or more bits, as `magnitude` · 2^`exponent`; `nil` for zero.
  var leading: (magnitude: UInt64, exponent: Int64, isNegative: Bool)? {
    guard let top = digits.last else { return nil }
    var wide: Int128 = 0
    var index = digits.count - 1
    for place in stride(from: top.place, through: top.place - 2, by: -1) {
      wide <<= 32
      if index >= 0, digits[index].place == place {
        wide += Int128(digits[index].digit)
        index -= 1
      }
    }
    let shift = 64 - wide.magnitude.leadingZeroBitCount
    let magnitude = shift >= 0 ? wide.magnitude >> shift : wide.magnitude << -shift
    return (UInt64(magnitude), (top.place - 2) * 32 + Int64(shift), wide < 0)
  }
}

extension LongNumber {
  // digit count · for each digit the distance from the place before, and the digit
  func write(to writer: inout StateWriter) {
    writer.write(UInt64(digits.count))
    var last: Int64?
    for digit in digits {
      if let last {
        writer.write(UInt64(digit.place - last))
      } else {
        writer.write(signed: digit.place)
      }
      writer.write(signed: Int64(digit.digit))
      last = digit.place
    }
  }

  static func read(from reader: inout StateReader) throws(StateError) -> LongNumber {
    var number = LongNumber()
    let farthest = UInt64(farthestPlace)
    for _ in 0..<(try reader.readCount("digit count", atMost: Int(Int32.max))) {
      let place: Int64
      if let last = number.digits.last {
        let distance = try reader.readNumber("place", atMost: 2 * farthest)
        guard distance > 0 else { throw StateError("place", .outOfOrder) }
        place = last.place + Int64(distance)
      } else {
        place = try reader.readSigned("place")
      }
      guard place.magnitude <= farthest else { throw StateError("place", .outOfRange) }
      guard let digit = Int32(exactly: try reader.readSigned("digit")) else {
        throw StateError("digit", .outOfRange)
      }
      guard digit != 0 else { throw StateError("digit", .notCanonical) }
      number.digits.append(Digit(place: place, digit: digit))
    }
    return number
  }
}
