/// A day of the proleptic Gregorian calendar, which has a year 0 and years before it.
///
/// The conversions count days in eras of 400 years (146,097 days), each year beginning in March, so
/// that the leap day is the last of its year and no table is needed.
public struct CivilDate: Hashable, Sendable {
  /// The year; 0 is the one before 1.
  public var year: Int

  /// The month, 1 to 12.
  public var month: Int

  /// The day of the month, from 1.
  public var day: Int

  /// The date, or `nil` where the calendar has no such day or it is too far away for `Instant`.
  public init?(year: Int, month: Int, day: Int) {
    guard Self.years.contains(year), 1...12 ~= month, day >= 1,
      day <= Self.daysInMonth(month, of: year)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The years that microseconds in 64 bits reach, whole or in part.
  static let years = -290_308...294_247

  /// The date `days` days after the first of 1970.
  public init(daysSince1970 days: Int) {
    let shifted = days + 719_468  // from the first of March of year 0
    let era = floorDivide(shifted, by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days from the first of 1970 to this one.
  public var daysSince1970: Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = floorDivide(marchYear, by: 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day of the week: 1 is Monday, 7 is Sunday.
  public var weekday: Int { floorRemainder(daysSince1970 + 3, by: 7) + 1 }

  /// How many days `month` has in `year`.
  public static func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether `year` has a 29th of February.
  public static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }
}

/// `dividend / divisor`, rounded down.
@inline(__always)
func floorDivide<T: FixedWidthInteger & SignedInteger>(_ dividend: T, by divisor: T) -> T {
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? quotient - 1 : quotient
}

/// What `floorDivide` leaves: from 0 up to the divisor.
@inline(__always)
func floorRemainder<T: FixedWidthInteger & SignedInteger>(_ dividend: T, by divisor: T) -> T {
  let remainder = dividend % divisor
  return remainder < 0 ? remainder + divisor : remainder
}
