import Glibc
import MartletOffline

/// A folder that files go into.
enum Folder {
  /// Whether there is a folder at `path`.
  static func isFolder(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// The folder that what is at `path` lies in.
  static func parent(of path: String) -> String {
    let trimmed = path.hasSuffix("/") && path.count > 1 ? path.dropLast() : path[...]
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  /// Whether nothing lies in the folder at `path`, or there is none yet. Hidden files are nothing.
  static func isEmptyOrMissing(_ path: String) throws(CommandError) -> Bool {
    guard let folder = opendir(path) else {
      if errno == ENOENT { return true }
      throw .failed("writing `\(path)`", SystemError.last)
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { return false }
    }
    return true
  }

  /// Makes the folder at `path`, where there is none.
  static func make(_ path: String) throws(CommandError) {
    guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
    throw .failed("making the folder `\(path)`", SystemError.last)
  }
}
