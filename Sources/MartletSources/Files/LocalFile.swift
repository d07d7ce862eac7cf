import Glibc
public import MartletParquet

/// A file of this machine, read at any place, from any thread.
public final class LocalFile: ByteSource {
  /// Where it is.
  public let path: String

  /// How long it was when it was opened.
  public let byteCount: Int

  private let number: Int32

  /// Opens the file at `path`.
  public init(_ path: String) throws(SourceError) {
    let attempt = "reading `\(path)`"
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else {
      let reason: SourceError.Reason = errno == ENOENT ? .nothingThere : .refused(lastRefusal())
      throw SourceError(attempt: attempt, reason: reason)
    }
    var facts = stat()
    guard fstat(number, &facts) == 0 else {
      let refusal = lastRefusal()
      close(number)
      throw SourceError(attempt: attempt, reason: .refused(refusal))
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      close(number)
      throw SourceError(attempt: attempt, reason: .noRegularFile)
    }
    self.path = path
    self.number = number
    byteCount = Int(facts.st_size)
  }

  deinit { close(number) }

  public func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < room.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: room[done...])
      let count = pread(number, rest.baseAddress, rest.count, offset + done)
      if count < 0, errno == EINTR { continue }
      let attempt = "reading `\(path)`"
      guard count >= 0 else {
        throw SourceError(attempt: attempt, reason: .refused(lastRefusal()))
      }
      guard count > 0 else {
        throw SourceError(attempt: attempt, reason: .damaged("it became shorter while it was read"))
      }
      done += count
    }
  }
}

/// What the system said last.
func lastRefusal() -> String { String(cString: strerror(errno)) }

extension LocalFile {
  /// All of it.
  func bytes() throws(SourceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    do {
      try bytes.withUnsafeMutableBytes { try read(at: 0, into: $0) }
    } catch let error as SourceError {
      throw error
    } catch {
      throw SourceError(attempt: "reading `\(path)`", reason: .refused("\(error)"))
    }
    return bytes
  }
}
