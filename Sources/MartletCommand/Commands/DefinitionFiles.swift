import Glibc
import MartletDiagnostics
import MartletOffline

/// Reads the definitions of a project, and other texts whole.
enum DefinitionFiles {
  /// All `*.martlet` files below `featuredefs/` of the project, in the order of their paths; hidden
  /// folders are passed over.
  static func read(of invocation: Invocation, attempting attempt: String) throws -> TextFiles {
    guard let project = invocation.settings.project.value else {
      throw CommandError.failed(
        attempt, "there is no `featuredefs/` here or in a folder above",
        help: "go to the project's folder, or name it with `--project DIR`",
        "`martlet init DIR` begins one, with a sample")
    }
    let folder = "\(project)/featuredefs"
    guard isFolder(folder) else {
      throw CommandError.failed(
        attempt, "`\(folder)` is not a folder",
        help: "a project is a folder that has one; `martlet init DIR` makes one, with a sample")
    }
    var files: [TextFile] = []
    for path in try paths(below: folder) {
      files.append(try read("\(folder)/\(path)", shownAs: "featuredefs/\(path)"))
    }
    return TextFiles(files)
  }

  /// The paths of the definitions below `folder`, relative to it, sorted.
  static func paths(below folder: String) throws -> [String] {
    var found: [String] = []
    var pending = [""]
    while let prefix = pending.popLast() {
      for name in try names(in: prefix.isEmpty ? folder : "\(folder)/\(prefix)") {
        let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
        if name.hasSuffix(".martlet") {
          found.append(path)
        } else if isOwnFolder("\(folder)/\(path)") {
          pending.append(path)
        }
      }
    }
    return found.sorted()
  }

  private static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      throw CommandError.failed("reading `\(folder)`", SystemError.last)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// Whether `path` is a folder and no link to one, so that no circle is walked.
  private static func isOwnFolder(_ path: String) -> Bool {
    var facts = stat()
    return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// The file at `path`; `-` is standard input.
  static func read(_ path: String, shownAs shown: String? = nil) throws -> TextFile {
    let attempt = path == "-" ? "reading standard input" : "reading `\(path)`"
    let number = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw CommandError.failed(attempt, SystemError.last) }
    defer { if path != "-" { close(number) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(number, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw CommandError.failed(attempt, SystemError.last) }
      if count == 0 { break }
      bytes += chunk[..<count]
      guard bytes.count <= TextFile.byteLimit - chunk.count else {
        throw CommandError.failed(attempt, "it has more than a gibibyte")
      }
    }
    return TextFile(path: shown ?? (path == "-" ? "standard input" : path), bytes: bytes)
  }
}
