import SeededRandom

/// CSV read a byte at a time by a machine of states, as the RFC's grammar has them.
enum SlowCSV {
  struct Field: Equatable {
    var text: [UInt8] = []
    var isQuoted = false
  }

  private enum State { case fieldBegins, plain, quoted, quoteSeen, returnSeen }

  /// The rows of a whole file; `nil` where it is none.
  static func rows(_ file: [UInt8]) -> [[Field]]? {
    var rows: [[Field]] = []
    var row: [Field] = []
    var field = Field()
    var state = State.fieldBegins
    for byte in file {
      let character = Character(Unicode.Scalar(byte))
      switch (state, character) {
      case (.fieldBegins, "\""):
        field.isQuoted = true
        state = .quoted
      case (.quoted, "\""): state = .quoteSeen
      case (.quoted, _): field.text.append(byte)
      case (.quoteSeen, "\""):
        field.text.append(byte)
        state = .quoted
      case (.returnSeen, "\n"), (.fieldBegins, "\n"), (.plain, "\n"), (.quoteSeen, "\n"):
        rows.append(row + [field])
        (row, field, state) = ([], Field(), .fieldBegins)
      case (.returnSeen, _): return nil
      case (_, ","):
        row.append(field)
        (field, state) = (Field(), .fieldBegins)
      case (_, "\r"): state = .returnSeen
      case (.quoteSeen, _), (.plain, "\""): return nil
      default:
        field.text.append(byte)
        state = .plain
      }
    }
    switch state {
    case .quoted, .returnSeen: return nil
    case .fieldBegins where row.isEmpty: return rows
    default: return rows + [row + [field]]
    }
  }
}

extension SeededGenerator {
  /// A decimal number of up to 24 digits, of any size that doubles have and some that they have not.
  mutating func decimal() -> String {
    let digits = (0..<Int.random(in: 1...24, using: &self)).map { _ in
      String(Int.random(in: 0...9, using: &self))
    }
    let point = Int.random(in: 0...digits.count, using: &self)
    let sign = Bool.random(using: &self) ? "-" : ""
    let reach = Bool.random(using: &self) ? 25 : 340
    let power = Int.random(in: -reach...reach, using: &self)
    let fraction = digits[point...].isEmpty ? "" : "." + digits[point...].joined()
    return sign + (point == 0 ? "0" : digits[..<point].joined()) + fraction + "e\(power)"
  }
}
