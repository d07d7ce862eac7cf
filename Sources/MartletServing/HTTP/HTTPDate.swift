import MartletColumns

/// A second, as HTTP writes it. A loop keeps one and makes another when the second is over.
struct HTTPDate: Equatable {
  /// Seconds since the beginning of 1970.
  let second: Int

  let text: String

  init(second: Int) {
    self.second = second
    let inDay = (second % 86_400 + 86_400) % 86_400
    let date = CivilDate(daysSince1970: (second - inDay) / 86_400)
    text = """
      \(Self.weekdays[date.weekday - 1]), \(two(date.day)) \(Self.months[date.month - 1]) \
      \(date.year) \(two(inDay / 3_600)):\(two(inDay / 60 % 60)):\(two(inDay % 60)) GMT
      """
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
