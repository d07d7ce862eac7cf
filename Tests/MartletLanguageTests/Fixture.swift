import Glibc
import MartletDiagnostics
import Testing

/// The repository's own files, found from this one.
enum Fixture {
  static let root = String(#filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 })

  /// The text of the file at `path` in the repository.
  static func text(_ path: String) -> String {
    guard let file = fopen("\(root)/\(path)", "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The names in the folder at `path`, sorted.
  static func names(in path: String) -> [String] {
    guard let folder = opendir("\(root)/\(path)") else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The example projects; beside them lies what they share.
  static let examples = names(in: "examples").filter { name in
    !names(in: "examples/\(name)/featuredefs").isEmpty
  }

  /// The demo project of the repository as one text.
  static let project = names(in: "featuredefs").map { text("featuredefs/\($0)") }.joined(
    separator: "\n")
}
