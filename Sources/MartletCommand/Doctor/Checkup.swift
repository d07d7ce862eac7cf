import MartletDiagnostics

/// All that `martlet doctor` finds, gathered before anything is said.
struct Checkup {
  var machine: Machine
  var libraries: [LibraryFound]
  var settings: Settings
  var store: StoreHealth
  /// The log of changes; `nil` while there is no registry.
  var log: LogHealth?
  /// What the store keeps; `nil` while there is no registry, or where it cannot be read.
  var data: DataHealth?

  /// A linked library, and what the system says about its file.
  struct LibraryFound: Equatable {
    var name: String
    /// What the library states, or else what its file is called; `nil` when neither tells.
    var version: String?
    var traits: [String]
    /// `nil` for one that is part of the program.
    var file: String?

    init(_ library: LinkedLibrary, among mapped: MappedLibraries) {
      name = library.name
      version = library.version ?? mapped.version(of: library.fileStem)
      traits = library.traits
      file = mapped.file(of: library.fileStem)
    }
  }

  /// What is wrong, and what to do about it.
  struct Problem: Equatable {
    var title: String
    var help: String
  }

  /// What keeps this machine or this project from working.
  var problems: [Problem] {
    var problems: [Problem] = []
    if let rocksDB = libraries.first(where: { $0.name == "RocksDB" }),
      !rocksDB.traits.contains("zstd")
    {
      problems.append(
        Problem(
          title: "RocksDB was built without zstd, which the online store is written with",
          help: "use Debian's librocksdb, or build RocksDB with zstd"))
    }
    if let sqlite = libraries.first(where: { $0.name == "SQLite" }),
      sqlite.traits.contains("single-threaded")
    {
      problems.append(
        Problem(
          title: "SQLite was built for a single thread",
          help: "use Debian's libsqlite3, or build SQLite with SQLITE_THREADSAFE=1"))
    }
    if case .flag = settings.project.origin, let folder = settings.project.value,
      !isFolder("\(folder)/featuredefs")
    {
      problems.append(
        Problem(
          title: "\(folder) has no featuredefs/",
          help: "name the folder that holds it: `--project DIR`"))
    }
    if case .unusable(let path, let reason) = store {
      problems.append(
        Problem(
          title: "the store at \(path) cannot be used: \(reason)",
          help: "give yourself the right to it, or name another: `--store DIR`"))
    }
    if let log, let title = log.problem {
      problems.append(Problem(title: title, help: log.help))
    }
    return problems + (data?.problems ?? [])
  }
}
