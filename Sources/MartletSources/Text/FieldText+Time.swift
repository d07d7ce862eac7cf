import MartletColumns

extension FieldText {
  /// ISO 8601, by the clocks of `zone` where it says no offset; microseconds since 1970, UTC.
  static func time(_ text: UnsafeRawBufferPointer, zone: ZoneRules) -> Int64? {
    if let usual = usualTime(text) {
      return usual.isUTC ? usual.wall : zone.instant(ofWall: Int128(usual.wall))
    }
    do throws(TimeTextError) {
      let bytes = text.bindMemory(to: UInt8.self)
      let written = try WrittenTime(bytes.span)
      guard written.offset == nil else {
        return try Instant(written, elsewhere: TimeLength(microseconds: 0)).microseconds
      }
      return zone.instant(ofWall: Int128(written.wallMicroseconds))
    } catch {
      return nil
    }
  }

  /// The layout in which nearly all files have their times, read in a third of the time that the whole
  /// grammar takes; `nil` for every other, and for what is no time:
  ///
  ///     2025-01-31T23:59:59.123456Z
  ///     0    5  8  11 14 17 19     up to six digits behind the point, and `Z`, may be missing
  private static func usualTime(_ text: UnsafeRawBufferPointer) -> (wall: Int64, isUTC: Bool)? {
    guard text.count >= 19, text.count <= 27, text[4] == 0x2D, text[7] == 0x2D,
      text[10] == 0x54 || text[10] == 0x20, text[13] == 0x3A, text[16] == 0x3A
    else { return nil }
    // A digit's distance from zero is under ten; what is none is far above, and so is a sum with it.
    var wrong: UInt8 = 0
    func digit(_ index: Int) -> Int {
      let digit = text[index] &- 0x30
      wrong |= digit > 9 ? 1 : 0
      return Int(digit)
    }
    func two(_ index: Int) -> Int { digit(index) * 10 + digit(index + 1) }
    let (hour, minute, second) = (two(11), two(14), two(17))
    let date = CivilDate(year: two(0) * 100 + two(2), month: two(5), day: two(8))
    let isUTC = text[text.count - 1] == 0x5A
    var fraction = 0
    let end = isUTC ? text.count - 1 : text.count
    if end > 19 {
      guard text[19] == 0x2E, 21...26 ~= end else { return nil }
      for index in 20..<26 { fraction = fraction * 10 + (index < end ? digit(index) : 0) }
    }
    guard wrong == 0, hour < 24, minute < 60, second < 60, let date else { return nil }
    let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
    return (Int64(seconds) * 1_000_000 + Int64(fraction), isUTC)
  }
}
