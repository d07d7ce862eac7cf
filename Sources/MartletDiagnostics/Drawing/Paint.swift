/// Whether what is drawn carries colour.
public enum Paint: Hashable, Sendable {
  /// Text alone.
  case plain

  /// The colours of ANSI terminals.
  case ansi
}

/// What a piece of a drawing is, as far as colour goes.
public enum Ink: Hashable, Sendable {
  case text, title, error, warning, frame, advice

  fileprivate var code: String? {
    switch self {
    case .text: nil
    case .title: "1"
    case .error: "1;31"
    case .warning: "1;33"
    case .frame: "34"
    case .advice: "36"
    }
  }
}

extension Paint {
  /// `text` in `ink`, with nothing in it that could disturb a terminal.
  public func callAsFunction(_ text: String, _ ink: Ink = .text) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { clean.append(scalar.disturbsDisplay ? "\u{FFFD}" : scalar) }
    guard self == .ansi, let code = ink.code, !text.isEmpty else { return String(clean) }
    return "\u{1B}[\(code)m\(String(clean))\u{1B}[0m"
  }
}
