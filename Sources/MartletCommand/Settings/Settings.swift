import Glibc

/// Where the project and its store are, and how the program talks.
struct Settings: Equatable, Sendable {
  /// The folder that holds `featuredefs/`; `nil` when there is none here or above.
  var project: Setting<String?>
  /// The store's folder, whether it exists yet or not; `nil` without a project.
  var store: Setting<String?>
  var color: Setting<ColorChoice>
  var progress: Setting<ProgressChoice>
}

extension Settings {
  /// The settings of one call: a flag before the environment, both before what is found.
  init(_ values: ArgumentValues, _ environment: Environment) {
    if let folder = values[GlobalFlags.project] {
      project = Setting(value: folder, origin: .flag("--project"))
    } else {
      let folder = Self.nearestProject()
      project = Setting(value: folder, origin: folder == nil ? .notFound : .found)
    }
    if let folder = values[GlobalFlags.store] {
      store = Setting(value: folder, origin: .flag("--store"))
    } else if let folder = environment["MARTLET_STORE"] {
      store = Setting(value: folder, origin: .environment("MARTLET_STORE"))
    } else {
      store = Setting(value: project.value.map { "\($0)/.martlet" }, origin: .standard)
    }
    let color = values[GlobalFlags.color]
    self.color = Setting(
      value: environment["NO_COLOR"] != nil && color == .auto ? .never : color,
      origin: color != .auto
        ? .flag("--color") : environment["NO_COLOR"] != nil ? .environment("NO_COLOR") : .standard)
    let progress = values[GlobalFlags.progress]
    self.progress = Setting(
      value: progress, origin: progress != .auto ? .flag("--progress") : .standard)
  }

  /// This folder, or the nearest above it, that has `featuredefs/`.
  private static func nearestProject() -> String? {
    guard let here = getcwd(nil, 0) else { return nil }
    defer { free(here) }
    var folder = String(cString: here)[...]
    while true {
      if isFolder("\(folder)/featuredefs") { return folder.isEmpty ? "/" : String(folder) }
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = folder[..<slash]
    }
  }
}

/// Whether `path` is a folder that we can see.
func isFolder(_ path: String) -> Bool {
  var facts = stat()
  return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
}
