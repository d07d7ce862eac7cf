import Glibc

/// What is known about where output and talk go, asked once and passed down.
struct Terminal: Equatable, Sendable {
  var output: Stream
  var talk: Stream
  /// Cannot move its cursor (`TERM=dumb`).
  var isDumb: Bool
  /// `NO_COLOR` is set.
  var refusesColor: Bool

  /// One of the two streams.
  enum Stream: Equatable, Sendable {
    case terminal(columns: Int)
    /// A file, a pipe, nothing.
    case other

    /// How wide text may be.
    var columns: Int { if case .terminal(let columns) = self { columns } else { 80 } }

    var isTerminal: Bool { self != .other }
  }

  /// Neither stream is a terminal.
  static let none = Terminal(output: .other, talk: .other, isDumb: false, refusesColor: false)
}

extension Terminal {
  /// Asks the system.
  static func ofProcess(_ environment: Environment) -> Terminal {
    Terminal(
      output: stream(.standardOutput), talk: stream(.standardError),
      isDumb: environment["TERM"] == "dumb", refusesColor: environment["NO_COLOR"] != nil)
  }

  private static func stream(_ descriptor: Descriptor) -> Stream {
    guard isatty(descriptor.number) == 1 else { return .other }
    var size = winsize()
    guard ioctl(descriptor.number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return .terminal(columns: 80)
    }
    return .terminal(columns: Int(size.ws_col))
  }

  /// The colours for text on `stream`.
  func palette(for stream: Stream, _ choice: ColorChoice) -> Palette {
    switch choice {
    case .always: .colored
    case .never: .plain
    case .auto: stream.isTerminal && !isDumb && !refusesColor ? .colored : .plain
    }
  }

  /// How progress is shown on the talk stream.
  func progressStyle(_ choice: ProgressChoice) -> ProgressStyle {
    switch choice {
    case .plain: .heartbeat
    case .none: .silent
    case .auto: talk.isTerminal && !isDumb ? .painted(columns: talk.columns) : .silent
    }
  }
}

/// Text in colours, or left as it is.
enum Palette: Equatable, Sendable {
  case plain
  case colored

  func error(_ text: String) -> String { paint(text, "1;31") }
  func heading(_ text: String) -> String { paint(text, "1") }
  func hint(_ text: String) -> String { paint(text, "36") }

  private func paint(_ text: String, _ code: String) -> String {
    self == .plain ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
