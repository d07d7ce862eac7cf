import Glibc

/// A system call's refusal.
struct SystemError: Error, Equatable {
  var code: Int32

  /// The refusal of the call that has just failed on this thread.
  static var last: SystemError { SystemError(code: errno) }

  /// The system's own words: "No such file or directory".
  var reason: String { String(cString: strerror(code)) }
}

extension SystemError {
  /// The code of a write to a pipe that nobody reads any more.
  static let closedPipe = EPIPE
}
