import Glibc
import MartletSources

/// What a program before us in a pipe hands over.
enum StandardInput {
  /// All of it.
  static func bytes() throws(SourceError) -> [UInt8] {
    var bytes: [UInt8] = []
    let size = 1 << 20
    while true {
      let start = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: size))
      let count = bytes.withUnsafeMutableBytes { all in
        let room = UnsafeMutableRawBufferPointer(rebasing: all[start...])
        return read(STDIN_FILENO, room.baseAddress, room.count)
      }
      if count < 0, errno == EINTR {
        bytes.removeLast(size)
        continue
      }
      guard count >= 0 else {
        throw SourceError(
          attempt: "reading `standard input`", reason: .refused(String(cString: strerror(errno))))
      }
      bytes.removeLast(size - count)
      if count == 0 { return bytes }
    }
  }
}
