import Glibc

/// A file descriptor that takes every byte or says why not.
public struct Descriptor: Sendable {
  /// The system's number for it.
  public var number: Int32

  /// The descriptor that the system calls `number`.
  public init(number: Int32) { self.number = number }

  /// Where answers go.
  public static let standardOutput = Descriptor(number: STDOUT_FILENO)
  /// Where talk goes.
  public static let standardError = Descriptor(number: STDERR_FILENO)

  /// Writes all of `bytes`, however few the system takes at a time.
  ///
  /// A pipe that a parent made non-blocking answers EAGAIN when it is full: then we wait.
  public func write(_ bytes: RawSpan) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.extracting(droppingFirst: written)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntilWritable()
      default: throw .last
      }
    }
  }

  private func waitUntilWritable() {
    var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}
