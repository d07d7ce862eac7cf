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

  /// Has the system begin to bring to the disk what was written, and does not wait for it.
  func beginWriting() {
    typealias Begin =
      @convention(c) (
        _ file: Int32, _ offset: Int64, _ count: Int64, _ flags: UInt32
      ) -> Int32
    // The module `Glibc` leaves the call out, and SYNC_FILE_RANGE_WRITE. Where there is none, all is
    // written at the end.
    guard let address = dlsym(nil, "sync_file_range") else { return }
    let withoutWaiting: UInt32 = 2
    _ = unsafeBitCast(address, to: Begin.self)(number, 0, 0, withoutWaiting)
  }

  private func waitUntilWritable() {
    var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}
