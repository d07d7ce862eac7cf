import Glibc
public import MartletParquet

/// A file of the store, read at any place, from any thread.
public final class StoredFile: ByteSource {
  /// Where it is.
  public let path: String

  /// How long it is; a file of the store never changes.
  public let byteCount: Int

  private let descriptor: Int32

  /// Opens the file at `path`.
  public init(_ path: String) throws(SystemError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      let refusal = SystemError.last
      close(descriptor)
      throw refusal
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = Int(facts.st_size)
  }

  deinit { close(descriptor) }

  public func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < room.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: room[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, offset + done)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError.last }
      // Shorter than it was: somebody cut a file that never changes.
      guard count > 0 else { throw SystemError(code: EIO) }
      done += count
    }
  }
}
