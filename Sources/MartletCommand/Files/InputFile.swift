import Glibc
import MartletParquet

/// A file that is read at any place, from any thread.
final class InputFile: ByteSource {
  let path: String
  let byteCount: Int
  private let number: Int32

  /// Opens the file at `path`.
  init(_ path: String) throws(CommandError) {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .failed("reading `\(path)`", SystemError.last) }
    var facts = stat()
    guard fstat(number, &facts) == 0 else {
      let refusal = SystemError.last
      close(number)
      throw .failed("reading `\(path)`", refusal)
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      close(number)
      throw .failed("reading `\(path)`", "it is no regular file")
    }
    self.path = path
    self.number = number
    byteCount = Int(facts.st_size)
  }

  deinit { close(number) }

  func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < room.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: room[done...])
      let count = pread(number, rest.baseAddress, rest.count, offset + done)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError.last }
      guard count > 0 else { throw FileHasShrunk() }
      done += count
    }
  }
}

/// The file ends before the place where it ended when it was opened.
private struct FileHasShrunk: Error, CustomStringConvertible {
  var description: String { "the file has become shorter while it was read" }
}

extension ParquetFile {
  /// The Parquet file at `path`, with its footer read.
  static func opened(at path: String) throws(CommandError) -> ParquetFile {
    let source = try InputFile(path)
    do throws(ParquetError) { return try ParquetFile(source) } catch {
      throw .failed("reading `\(path)`", "\(error)")
    }
  }
}
