import Glibc

/// The checkout that these tests were built from, read as text.
struct Repository {
  struct File {
    /// From the checkout's top, as in `Sources/Martlet/Martlet.swift`.
    var path: String
    var text: String
    var isExecutable: Bool

    var name: Substring { path.split(separator: "/").last ?? "" }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    func hasSuffix(_ suffixes: String...) -> Bool { suffixes.contains { path.hasSuffix($0) } }
  }

  static let top = String(#filePath.dropLast("/Tests/LayerTests/Repository.swift".count))

  /// Everything written by hand, in order of path.
  static func files() throws -> [File] {
    let folders = [
      ".ci", "Benchmarks", "clients", "Sources", "Tests", "changelog", "docs", "examples",
      "featuredefs",
      "scripts",
    ]
    let pages = ["ARCHITECTURE.md", "README.md", "Package.swift"]
    return try (folders.flatMap(paths(under:)) + pages).sorted().compactMap(file)
  }

  static func exists(_ path: String) -> Bool { access(top + "/" + path, F_OK) == 0 }

  /// The names in a folder, hidden ones left out.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(top + "/" + folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func paths(under folder: String) -> [String] {
    names(in: folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      if unwritten.contains(path) { return [] }
      var status = stat()
      guard lstat(top + "/" + path, &status) == 0 else { return [] }
      return status.st_mode & S_IFMT == S_IFDIR ? paths(under: path) : [path]
    }
  }

  /// Made by machines, or kept as they came.
  private static let unwritten: Set<String> = [
    "Benchmarks/data", "Benchmarks/results", "Benchmarks/scratch",
  ]

  /// `nil` for a file that is no text, such as a Parquet fixture.
  private static func file(_ path: String) throws -> File? {
    guard let bytes = bytes(of: path), !bytes.contains(0),
      let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    return File(path: path, text: text, isExecutable: access(top + "/" + path, X_OK) == 0)
  }

  private static func bytes(of path: String) -> [UInt8]? {
    guard let file = fopen(top + "/" + path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return bytes
  }
}
