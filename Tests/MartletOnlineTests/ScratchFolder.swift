import Glibc
import Testing

/// A folder that is gone when the test is done with it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/martlet-online-\(String(repeating: "X", count: 6))".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { room in
      room.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    path = try #require(made)
  }

  deinit { Self.remove(path) }

  static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove("\(path)/\(name)") }
      }
      closedir(folder)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
