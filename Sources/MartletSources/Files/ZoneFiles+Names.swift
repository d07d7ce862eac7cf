import Glibc
public import MartletLanguage

extension ZoneFiles {
  /// The zones of this machine's database; where there is none, every name may be one, and whoever
  /// needs its rules is told what is missing.
  public static var names: ZoneNames {
    let folder = self.folder
    guard access(folder, R_OK | X_OK) == 0 else { return .unchecked }
    return ZoneNames(
      isKnown: { name in isName(name) && access("\(folder)/\(name)", R_OK) == 0 },
      all: { names(below: folder) })
  }

  /// Whether a text may be a zone's name: a name is no path, and nothing above the database is a zone.
  static func isName(_ text: String) -> Bool {
    !text.hasPrefix("/") && !text.utf8.contains(0) && !text.split(separator: "/").contains("..")
  }

  /// The database's folder.
  static var folder: String { getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo" }

  /// The names with a slash, as the definitions write them: areas begin with a capital letter, which
  /// the database's second and third edition of everything do not.
  private static func names(below folder: String) -> [String] {
    var found: [String] = []
    var pending = [""]
    while let prefix = pending.popLast() {
      guard let stream = opendir("\(folder)/\(prefix)") else { continue }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let isFolder = entry.pointee.d_type == UInt8(DT_DIR)
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard let first = name.utf8.first, 65...90 ~= first else { continue }
        if isFolder {
          pending.append("\(prefix)\(name)/")
        } else if !prefix.isEmpty {
          found.append(prefix + name)
        }
      }
    }
    return found.sorted()
  }
}
