import MartletColumns
import MartletDiagnostics

extension Quantity {
  /// What a number with a unit counts.
  enum Measure {
    case microseconds, bytes

    /// The amount that `written` says.
    func read(_ written: String) -> Result<Int64, Misreading> {
      switch self {
      case .microseconds: Measure.length(written)
      case .bytes: Measure.size(written)
      }
    }
  }

  /// Why a number with a unit could not be read.
  enum Misreading: Error {
    case noLength, noSize, outOfRange

    func diagnostic(_ range: TextRange, _ written: String) -> Diagnostic {
      switch self {
      case .noLength:
        .error("bad-length", "`\(written.shortened)` is not a length of time")
          .pointing(at: range, "a whole number and a unit, or several")
          .help("the units are us, ms, s, m, h, d, w and y, as in `90s`, `1h30m` or `7d`")
      case .noSize:
        .error("bad-size", "`\(written.shortened)` is not a size")
          .pointing(at: range, "a whole number and a unit")
          .help("the units are KB, MB, GB, TB, and KiB, MiB, GiB, TiB, as in `512MB`")
      case .outOfRange:
        .error("number-too-big", "`\(written.shortened)` is more than can be counted")
          .pointing(at: range, "beyond 63 bits")
      }
    }
  }
}

extension Quantity.Measure {
  private static func length(_ written: String) -> Result<Int64, Quantity.Misreading> {
    do {
      return .success(try TimeLength(written).microseconds)
    } catch {
      return .failure(error.reason == .outOfRange ? .outOfRange : .noLength)
    }
  }

  private static func size(_ written: String) -> Result<Int64, Quantity.Misreading> {
    let digits = written.prefix { $0.isASCII && $0.isNumber }
    guard let unit = units[written[digits.endIndex...]], !digits.isEmpty else {
      return .failure(.noSize)
    }
    guard let number = Int64(digits) else { return .failure(.outOfRange) }
    let (size, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? .failure(.outOfRange) : .success(size)
  }

  /// As the command line counts: `KB` is a thousand and `KiB` 1,024.
  private static let units: [Substring: Int64] = [
    "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
  ]
}

extension String {
  /// At most the first forty characters, for a sentence.
  var shortened: String { utf8.count > 40 ? prefix(40) + "…" : self }
}
