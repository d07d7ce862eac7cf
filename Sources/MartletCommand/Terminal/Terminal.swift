import Glibc
import MartletDiagnostics
import MartletOffline

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

    /// How wide text may be; where nobody looks, as wide as it is.
    var columns: Int? { if case .terminal(let columns) = self { columns } else { nil } }

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
  func paint(for stream: Stream, _ choice: ColorChoice) -> Paint {
    switch choice {
    case .always: .ansi
    case .never: .plain
    case .auto: stream.isTerminal && !isDumb && !refusesColor ? .ansi : .plain
    }
  }

  /// How progress is shown on the talk stream.
  func progressStyle(_ choice: ProgressChoice) -> ProgressStyle {
    switch choice {
    case .plain: .heartbeat
    case .none: .silent
    case .auto:
      if !isDumb, let columns = talk.columns { .painted(columns: columns) } else { .silent }
    }
  }
}
