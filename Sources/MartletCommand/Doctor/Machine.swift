import Glibc

/// The machine that the program runs on.
struct Machine: Equatable {
  /// "Linux 6.1.0"
  var system: String
  var coreCount: Int
  var memoryInBytes: Int

  static var here: Machine {
    var name = utsname()
    uname(&name)
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    return Machine(
      system: "\(text(of: &name.sysname)) \(text(of: &name.release))",
      coreCount: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      memoryInBytes: pages.multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
        .partialValue)
  }

  /// How much memory the machine has.
  static var memoryInBytes: Int { here.memoryInBytes }

  /// The text in one of the fixed fields that C hands out.
  private static func text<Field>(of field: inout Field) -> String {
    withUnsafeBytes(of: &field) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

/// The shared library files that are mapped into this process.
struct MappedLibraries {
  private let paths: [String]

  init(paths: [String]) { self.paths = paths }

  /// Those of this process, by what the system says; none where it does not say.
  static func ofProcess() -> MappedLibraries {
    let maps = (try? text(ofFile: "/proc/self/maps")) ?? ""  // then versions stay unknown
    let paths = maps.split(separator: "\n").compactMap { line in
      line.firstIndex(of: "/").map { String(line[$0...]) }
    }
    return MappedLibraries(paths: paths)
  }

  /// The file of the library whose files' names begin with `stem`.
  func file(of stem: String) -> String? {
    paths.first { $0.split(separator: "/").last?.hasPrefix("\(stem).so") ?? false }
  }

  /// The version in the file's name, which Debian's libraries carry: `librocksdb.so.7.8.3`.
  func version(of stem: String) -> String? {
    guard let name = file(of: stem)?.split(separator: "/").last else { return nil }
    let version = name.dropFirst("\(stem).so.".count)
    return version.isEmpty ? nil : String(version)
  }
}
