import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletSources

/// What a flag or an operand takes: how its text becomes a value, and how it is spoken of.
struct ValueKind<Value: Sendable>: Sendable {
  /// The word that stands for a value in help: `FILE`, `N`.
  var placeholder: String
  var completion: Completion
  var read: @Sendable (String) throws(WrongValue) -> Value
}

extension ValueKind {
  /// The same, for which another word stands in help.
  func called(_ placeholder: String) -> Self {
    var result = self
    result.placeholder = placeholder
    return result
  }
}

/// A text that is no value of its kind.
struct WrongValue: Error, Equatable {
  /// What would have been one: "a whole number from 1 to 22".
  var expected: String
  /// A choice whose name is near to what was written.
  var suggestion: String?

  init(expected: String, suggestion: String? = nil) {
    self.expected = expected
    self.suggestion = suggestion
  }
}

/// What a shell may offer for a word that is not written yet.
enum Completion: Equatable, Sendable {
  case nothing
  case files
  case folders
  case words([String])
}

extension ValueKind where Value == String {
  /// Any text; `placeholder` says what it stands for.
  static func text(_ placeholder: String) -> Self {
    ValueKind(placeholder: placeholder, completion: .nothing) { text in text }
  }

  /// The path of a file; `-` is for the command to understand.
  static var file: Self { path("FILE", completion: .files) }

  /// The path of a folder.
  static var folder: Self { path("DIR", completion: .folders) }

  /// A path that help calls by another word than `FILE`.
  static func path(_ placeholder: String, completion: Completion = .files) -> Self {
    ValueKind(placeholder: placeholder, completion: completion) { text throws(WrongValue) in
      // A path with a NUL byte would reach the system cut short, as another path.
      guard !text.isEmpty, !text.utf8.contains(0) else { throw WrongValue(expected: "a path") }
      return text
    }
  }
}

extension ValueKind where Value == String {
  /// A time zone that this machine knows.
  static var zone: Self {
    ValueKind(placeholder: "ZONE", completion: .nothing) { text throws(WrongValue) in
      let zones = ZoneFiles.names
      guard text == "UTC" || zones.isKnown(text) else {
        throw WrongValue(
          expected: "a time zone such as `Europe/Berlin`",
          suggestion: nearName(to: text, among: zones.all()))
      }
      return text
    }
  }
}

extension ValueKind where Value == Int {
  /// A whole number.
  static var int: Self { int(in: Int.min...Int.max) }

  /// A whole number that lies in `range`.
  static func int(in range: ClosedRange<Int>) -> Self {
    let expected =
      switch (range.lowerBound, range.upperBound) {
      case (Int.min, Int.max): "a whole number"
      case (let low, Int.max): "a whole number from \(low)"
      case (let low, let high): "a whole number from \(low) to \(high)"
      }
    return ValueKind(placeholder: "N", completion: .nothing) { text throws(WrongValue) in
      guard let number = Int(text), range.contains(number) else {
        throw WrongValue(expected: expected)
      }
      return number
    }
  }

  /// A number of bytes, as people write it: `4096`, `64KB`, `512MB`, `2GiB`.
  static var size: Self {
    ValueKind(placeholder: "SIZE", completion: .nothing) { text throws(WrongValue) in
      guard let bytes = byteCount(text) else {
        throw WrongValue(expected: "a size such as `512MB` or `2GiB`")
      }
      return bytes
    }
  }
}

/// The number of bytes that `text` names; `KB` is a thousand and `KiB` is 1,024, as disks and
/// memory are counted.
private func byteCount(_ text: String) -> Int? {
  let digits = text.prefix { $0.isASCII && $0.isNumber }
  let units = [
    "": 1, "B": 1,
    "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
  ]
  guard
    let count = Int(digits),
    let unit = units[text.dropFirst(digits.count).uppercased()]
  else { return nil }
  let (bytes, overflow) = count.multipliedReportingOverflow(by: unit)
  return overflow ? nil : bytes
}

extension ValueKind
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the names of `Value`'s cases.
  static var choice: Self {
    let names = Value.allCases.map(\.rawValue)
    return ValueKind(placeholder: names.joined(separator: "|"), completion: .words(names)) {
      text throws(WrongValue) in
      guard let value = Value(rawValue: text) else {
        let listed = names.map { "`\($0)`" }.joined(separator: ", ")
        throw WrongValue(expected: "one of \(listed)", suggestion: nearName(to: text, among: names))
      }
      return value
    }
  }
}

extension ValueKind where Value == TimeLength {
  /// A length of time, as the language writes it: `90s`, `24h`, `7d`.
  static var length: Self {
    ValueKind(placeholder: "LENGTH", completion: .nothing) { text throws(WrongValue) in
      do throws(TimeTextError) {
        return try TimeLength(text)
      } catch {
        throw WrongValue(expected: "a length of time such as `90s`, `24h` or `7d`")
      }
    }
  }
}

extension ValueKind where Value == Instant {
  /// A moment in ISO 8601: `2025-01-31`, `2025-01-31T12:00:00Z`.
  static var instant: Self {
    ValueKind(placeholder: "TIME", completion: .nothing) { text throws(WrongValue) in
      do throws(TimeTextError) {
        return try Instant(text)
      } catch {
        throw WrongValue(expected: "a time such as `2025-01-31` or `2025-01-31T12:00:00Z`")
      }
    }
  }
}
