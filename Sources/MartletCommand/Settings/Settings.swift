import Glibc
import MartletColumns
import MartletLanguage
import Synchronization

/// Where the project and its store are, what holds for its data, and how the program talks.
struct Settings: Equatable, Sendable {
  /// The folder that holds `featuredefs/`; `nil` when there is none here or above.
  var project: Setting<String?>
  /// The store's folder, whether it exists yet or not; `nil` without a project.
  var store: Setting<String?>
  /// The zone of times that are written without one; `nil` is UTC.
  var zone = Setting<String?>(value: nil, origin: .standard)
  /// How much memory a job may take; `nil` leaves it to the job.
  var memoryInBytes = Setting<Int64?>(value: nil, origin: .standard)
  /// For how long sources keep rows that do not say it themselves; `nil` is for ever.
  var retain = Setting<TimeLength?>(value: nil, origin: .standard)
  var color: Setting<ColorChoice>
  var progress: Setting<ProgressChoice>
}

extension Settings {
  /// The settings of one call: a flag before the environment, both before the project's own, that
  /// before what is found.
  ///
  /// A variable that says nothing usable is passed over here; `Program` has refused it before.
  init(_ values: ArgumentValues, _ environment: Environment) {
    if let folder = values[GlobalFlags.project] {
      project = Setting(value: folder, origin: .flag("--project"))
    } else {
      let folder = Self.nearestProject()
      project = Setting(value: folder, origin: folder == nil ? .notFound : .found)
    }
    let written = project.value.flatMap { ProjectBlock(below: $0) }
    store =
      Self.strongest(
        GlobalFlags.store, values, environment, "MARTLET_STORE", .folder, written?.store)
      ?? Setting(value: project.value.map { "\($0)/.martlet" }, origin: .standard)
    zone =
      Self.strongest(
        GlobalFlags.zone, values, environment, "MARTLET_ZONE", .zone, written?.zone) ?? zone
    let memory = Self.strongest(
      GlobalFlags.memory, values, environment, "MARTLET_MEMORY", .size,
      written?.memory.map { Setting(value: Int(clamping: $0.value), origin: $0.origin) })
    if let memory {
      memoryInBytes = Setting(value: memory.value.map { Int64($0) }, origin: memory.origin)
    }
    retain =
      Self.strongest(
        GlobalFlags.retain, values, environment, "MARTLET_RETAIN", .length, written?.retain)
      ?? retain
    let color = values[GlobalFlags.color]
    self.color = Setting(
      value: environment["NO_COLOR"] != nil && color == .auto ? .never : color,
      origin: color != .auto
        ? .flag("--color") : environment["NO_COLOR"] != nil ? .environment("NO_COLOR") : .standard)
    let progress = values[GlobalFlags.progress]
    self.progress = Setting(
      value: progress, origin: progress != .auto ? .flag("--progress") : .standard)
  }

  /// What the flag says, or else the variable, or else the project.
  private static func strongest<Value>(
    _ flag: Flag<Value?>, _ values: ArgumentValues, _ environment: Environment, _ variable: String,
    _ kind: ValueKind<Value>, _ written: Setting<Value>?
  ) -> Setting<Value?>? {
    if let value = values[flag] {
      return Setting(value: value, origin: .flag(flag.definition.spelled))
    }
    // What cannot be read has been refused by `check`.
    if let text = environment[variable], let value = try? kind.read(text) {
      return Setting(value: value, origin: .environment(variable))
    }
    return written.map { Setting(value: $0.value, origin: $0.origin) }
  }

  /// Refuses variables that say nothing usable, before anything is done.
  static func check(_ environment: Environment) throws(CommandError) {
    try check("MARTLET_STORE", .folder, environment)
    try check("MARTLET_ZONE", .zone, environment)
    try check("MARTLET_MEMORY", .size, environment)
    try check("MARTLET_RETAIN", .length, environment)
  }

  private static func check<Value>(
    _ variable: String, _ kind: ValueKind<Value>, _ environment: Environment
  ) throws(CommandError) {
    guard let text = environment[variable] else { return }
    do throws(WrongValue) { _ = try kind.read(text) } catch {
      throw CommandError(
        exit: .wrongUsage, attempt: "reading the variable \(variable)",
        reason: "`\(text)` is not \(error.expected)",
        help: error.suggestion.map { ["did you mean `\($0)`?"] } ?? [])
    }
  }

  /// What goes before the project's own settings where definitions are compiled: flags and variables.
  var overrides: ProjectSettings {
    var result = ProjectSettings()
    if zone.origin.isOfCall { result.zone = zone.value }
    if retain.origin.isOfCall { result.retain = retain.value }
    if memoryInBytes.origin.isOfCall { result.memoryInBytes = memoryInBytes.value }
    return result
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

/// The settings of one call, looked for once, when they are first asked for.
final class FoundSettings: Sendable {
  private let found = Mutex<Settings?>(nil)

  /// The settings, which `look` finds the first time.
  func settings(_ look: () -> Settings) -> Settings {
    found.withLock { found in
      let settings = found ?? look()
      found = settings
      return settings
    }
  }
}

extension SettingOrigin {
  /// Whether this one call says so, and not the project.
  fileprivate var isOfCall: Bool {
    switch self {
    case .flag, .environment: true
    case .projectFile, .found, .notFound, .standard: false
    }
  }
}

/// Whether `path` is a folder that we can see.
func isFolder(_ path: String) -> Bool {
  var facts = stat()
  return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
}
