/// A whole number of any size, done the way it is done on paper: digits of 16 bits, lowest first.
public struct BigInteger: Sendable {
  var isNegative: Bool
  var digits: [UInt32]

  public init(_ number: some BinaryInteger) {
    isNegative = number < 0
    digits = []
    var rest = number.magnitude
    while rest > 0 {
      digits.append(UInt32(rest & 0xffff))
      rest >>= 16
    }
  }

  init(isNegative: Bool, digits: [UInt32]) {
    var digits = digits
    while digits.last == 0 { digits.removeLast() }
    self.isNegative = isNegative && !digits.isEmpty
    self.digits = digits
  }

  /// Two to the `exponent`.
  public static func power(ofTwo exponent: Int) -> BigInteger {
    BigInteger(
      isNegative: false,
      digits: [UInt32](repeating: 0, count: exponent / 16) + [1 << UInt32(exponent % 16)])
  }

  private static func compare(_ one: [UInt32], _ other: [UInt32]) -> Int {
    if one.count != other.count { return one.count < other.count ? -1 : 1 }
    for index in one.indices.reversed() where one[index] != other[index] {
      return one[index] < other[index] ? -1 : 1
    }
    return 0
  }

  private static func sum(_ one: [UInt32], _ other: [UInt32]) -> [UInt32] {
    var digits: [UInt32] = []
    var carry: UInt32 = 0
    for index in 0..<max(one.count, other.count) {
      let column =
        (index < one.count ? one[index] : 0) + (index < other.count ? other[index] : 0) + carry
      digits.append(column & 0xffff)
      carry = column >> 16
    }
    return digits + [carry]
  }

  private static func difference(_ larger: [UInt32], _ smaller: [UInt32]) -> [UInt32] {
    var digits: [UInt32] = []
    var borrow: UInt32 = 0
    for index in larger.indices {
      let taken = (index < smaller.count ? smaller[index] : 0) + borrow
      borrow = larger[index] < taken ? 1 : 0
      digits.append(larger[index] + (borrow << 16) - taken)
    }
    return digits
  }

  public static func + (one: BigInteger, other: BigInteger) -> BigInteger {
    if one.isNegative == other.isNegative {
      return BigInteger(isNegative: one.isNegative, digits: sum(one.digits, other.digits))
    }
    if compare(one.digits, other.digits) >= 0 {
      return BigInteger(isNegative: one.isNegative, digits: difference(one.digits, other.digits))
    }
    return BigInteger(isNegative: other.isNegative, digits: difference(other.digits, one.digits))
  }

  public static prefix func - (number: BigInteger) -> BigInteger {
    BigInteger(isNegative: !number.isNegative, digits: number.digits)
  }

  public static func - (one: BigInteger, other: BigInteger) -> BigInteger { one + -other }

  public static func * (one: BigInteger, other: BigInteger) -> BigInteger {
    var digits = [UInt32](repeating: 0, count: one.digits.count + other.digits.count)
    for (low, digit) in one.digits.enumerated() where digit != 0 {
      var carry: UInt32 = 0
      for (high, factor) in other.digits.enumerated() {
        let column = UInt64(digit) * UInt64(factor) + UInt64(digits[low + high]) + UInt64(carry)
        digits[low + high] = UInt32(column & 0xffff)
        carry = UInt32(column >> 16)
      }
      digits[low + other.digits.count] = carry
    }
    return BigInteger(isNegative: one.isNegative != other.isNegative, digits: digits)
  }

  public var isZero: Bool { digits.isEmpty }
}

extension BigInteger: Comparable {
  public static func < (one: BigInteger, other: BigInteger) -> Bool {
    if one.isNegative != other.isNegative { return one.isNegative }
    let order = compare(one.digits, other.digits)
    return one.isNegative ? order > 0 : order < 0
  }

  public static func == (one: BigInteger, other: BigInteger) -> Bool {
    one.isNegative == other.isNegative && one.digits == other.digits
  }
}
