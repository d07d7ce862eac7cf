import Glibc

/// A system call's refusal.
public struct SystemError: Error, Equatable {
  /// The number that the system gives it.
  public var code: Int32

  /// The refusal that the system numbers `code`.
  public init(code: Int32) { self.code = code }

  /// The refusal of the call that has just failed on this thread.
  public static var last: SystemError { SystemError(code: errno) }

  /// The system's own words: "No such file or directory".
  public var reason: String { String(cString: strerror(code)) }
}

extension SystemError {
  /// The code of a write to a pipe that nobody reads any more.
  public static let closedPipe = EPIPE

  /// What is looked for is not there.
  public static let noSuchFile = SystemError(code: ENOENT)
}
