import MartletColumns

extension CalculationWork {
  mutating func time(_ name: String, _ arguments: [Operand]) -> Column {
    let times = arguments[0].words
    switch name {
    case "days_between":
      return strict(
        arguments,
        .int(
          mapped(times, arguments[1].words, rowCount) {
            Int64((Int128($1) - Int128($0)) / Int128(Int64.day))
          }))
    case "seconds_between":
      return strict(
        arguments,
        .double(
          mapped(times, arguments[1].words, rowCount) { Double(Int128($1) - Int128($0)) / 1e6 }))
    default: break
    }
    let rules = zone(arguments.dropFirst().first)
    let instant = [arguments[0]]
    if name == "midnight" {
      let attempt = attempted(times, rowCount, zero: 0) { rules.midnight(before: $0) }
      return strict(instant, attempt, or: .overflow) { .time($0) }
    }
    let part = WallPart(name)
    return strict(instant, .int(mapped(times, rowCount) { part.of(rules.wall(at: $0)) }))
  }

  /// The rules of the zone that is named; UTC's where none is.
  private func zone(_ operand: Operand?) -> ZoneRules {
    guard let operand, case .string(let name) = operand.column[0], name != "UTC" else {
      return .utc
    }
    guard let rules = zones[name] else { preconditionFailure("nobody gave the rules of \(name)") }
    return rules
  }
}

/// A part of what a clock and a calendar on the wall show.
private enum WallPart {
  case year, month, day, hour, minute, weekday

  init(_ name: String) {
    switch name {
    case "year": self = .year
    case "month": self = .month
    case "day": self = .day
    case "hour": self = .hour
    case "minute": self = .minute
    default: self = .weekday
    }
  }

  /// The part of `wall`, in microseconds as if the wall stood in UTC.
  func of(_ wall: Int128) -> Int64 {
    let day = Int128(Int64.day)
    var (days, rest) = wall.quotientAndRemainder(dividingBy: day)
    if rest < 0 { (days, rest) = (days - 1, rest + day) }
    switch self {
    case .hour: return Int64(rest / Int128(Int64.hour))
    case .minute: return Int64(rest / Int128(Int64.minute) % 60)
    default: break
    }
    let date = CivilDate(daysSince1970: Int(days))
    return switch self {
    case .year: Int64(date.year)
    case .month: Int64(date.month)
    case .day: Int64(date.day)
    default: Int64(date.weekday)
    }
  }
}
