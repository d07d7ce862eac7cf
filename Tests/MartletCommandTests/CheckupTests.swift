import Glibc
import MartletDiagnostics
import Testing

@testable import MartletCommand

struct CheckupTests {
  @Test func `a library states its version, or its file's name does`() {
    let mapped = MappedLibraries(paths: [
      "/lib/libzebra.so.9", "/lib/libz.so.1.2.13", "/opt/my libs/librocks.so.7.8.3", "/lib/odd.so",
    ])
    let stated = LinkedLibrary("zlib", fileStem: "libz", version: "1.2.14")
    let silent = LinkedLibrary("Rocks", fileStem: "librocks", version: nil)
    let absent = LinkedLibrary("lz4", fileStem: "liblz4", version: nil)
    let nameless = LinkedLibrary("odd", fileStem: "odd", version: nil)
    let found = [stated, silent, absent, nameless].map { library in
      let found = Checkup.LibraryFound(library, among: mapped)
      return "\(found.name) \(found.version ?? "-") \(found.file ?? "-")"
    }
    #expect(
      found == [
        "zlib 1.2.14 /lib/libz.so.1.2.13", "Rocks 7.8.3 /opt/my libs/librocks.so.7.8.3",
        "lz4 - -", "odd - /lib/odd.so",
      ])
  }

  @Test func `a healthy checkup reads well`() {
    let checkup = checkup(rocksDB: ["zstd", "lz4"], store: .none(at: "/shop/.martlet"))
    #expect(
      checkup.lines(columns: 72, paint: .plain).dropFirst().joined(separator: "\n") == """
        Linux 6.1, 8 cores, 16.0 GB of memory

        Library  Version  Traits     File
        RocksDB  7.8.3    zstd, lz4  /lib/librocksdb.so.7.8.3
        zlib     unknown             part of the program

        Setting   Value           From
        project   /shop           found
        store     /shop/.martlet  default
        zone      UTC             default
        memory    none            default
        retain    for ever        default
        color     never           environment NO_COLOR
        progress  plain           flag --progress

        Store: no store yet at /shop/.martlet
        """)
    #expect(checkup.problems == [])
  }

  @Test func `what is wrong is said with what to do`() {
    let checkup = checkup(
      rocksDB: ["lz4"], store: .unusable(at: "/shop/.martlet", reason: "it is not a folder"))
    let said = checkup.lines(columns: nil, paint: .plain).joined(separator: "\n")
    #expect(
      said.hasSuffix(
        """
        Store: /shop/.martlet cannot be used: it is not a folder

        problem: RocksDB was built without zstd, which the online store is written with
          = help: use Debian's librocksdb, or build RocksDB with zstd

        problem: the store at /shop/.martlet cannot be used: it is not a folder
          = help: give yourself the right to it, or name another: `--store DIR`
        """))
  }

  @Test func `a store is seen as far as it is there`() throws {
    let folder = try temporaryFolder()
    defer {
      unlink("\(folder)/file")
      rmdir("\(folder)/offline")
      rmdir(folder)
    }
    #expect(StoreHealth(at: nil) == .noProject)
    #expect(StoreHealth(at: folder) == .present(at: folder, parts: []))
    #expect(mkdir("\(folder)/offline", 0o700) == 0)
    #expect(StoreHealth(at: folder) == .present(at: folder, parts: ["offline"]))
    #expect(StoreHealth(at: "\(folder)/no") == .none(at: "\(folder)/no"))
    close(creat("\(folder)/file", 0o600))
    #expect(
      StoreHealth(at: "\(folder)/file")
        == .unusable(at: "\(folder)/file", reason: "it is not a folder"))
  }

  @Test(
    arguments: [
      ([], [:], "/shop/.martlet default"),
      (["--store", "/s"], ["MARTLET_STORE": "/e"], "/s flag --store"),
      ([], ["MARTLET_STORE": "/e"], "/e environment MARTLET_STORE"),
      ([], ["MARTLET_STORE": ""], "/shop/.martlet default"),
    ] as [([String], [String: String], String)])
  func `a flag outweighs the environment`(
    flags: [String], environment: [String: String], store: String
  ) throws {
    let words = ["doctor", "--project", "/shop"] + flags
    guard case .run(_, _, let values) = try CommandLineParser(root: .martlet).parse(words) else {
      Issue.record("\(words) does not run")
      return
    }
    let settings = Settings(values, Environment(environment))
    #expect("\(settings.store.value ?? "none") \(settings.store.origin)" == store)
  }

  @Test func `the project says what no flag and no variable does`() throws {
    let folder = try temporaryFolder()
    let definitions = "\(folder)/featuredefs"
    try #require(mkdir(definitions, 0o755) == 0)
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    let text = """
      entity customer(customer_id: string)
      project {
          zone   "Europe/Berlin"
          store  "elsewhere"
          memory 2GB
          retain 3y
      }

      """
    let file = try #require(fopen("\(definitions)/a.martlet", "w"))
    fputs(text, file)
    fclose(file)
    func rows(_ words: [String], _ environment: [String: String] = [:]) throws -> [String] {
      let run = try martlet(["doctor", "--project", folder] + words, environment: environment)
      return run.output.split(separator: "\n").filter { line in
        ["store ", "zone ", "memory ", "retain "].contains { line.hasPrefix($0) }
      }.map { $0.split(separator: " ").joined(separator: " ") }
    }
    #expect(
      try rows([]) == [
        "store \(folder)/elsewhere featuredefs/a.martlet:4",
        "zone Europe/Berlin featuredefs/a.martlet:3", "memory 2.0 GB featuredefs/a.martlet:5",
        "retain 1095d featuredefs/a.martlet:6",
      ])
    let environment = [
      "MARTLET_STORE": "/s", "MARTLET_ZONE": "Asia/Tokyo", "MARTLET_MEMORY": "1GB",
      "MARTLET_RETAIN": "9d",
    ]
    #expect(
      try rows(["--zone", "UTC", "--memory", "4GB"], environment) == [
        "store /s environment MARTLET_STORE", "zone UTC flag --zone", "memory 4.0 GB flag --memory",
        "retain 9d environment MARTLET_RETAIN",
      ])
    let wrong = try martlet("doctor", environment: ["MARTLET_ZONE": "Europe/Berlim"])
    #expect(wrong.exit == 2 && wrong.talk.contains("did you mean `Europe/Berlin`?"), "\(wrong)")
  }

  @Test func `what goes before the project's settings reaches what definitions mean`() throws {
    let folder = try temporaryFolder()
    try #require(mkdir("\(folder)/featuredefs", 0o755) == 0)
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    let text = """
      entity user(user_id: int)
      events clicks {
          from "clicks.csv"
          at   t
          user_id: int
          t:       time
      }
      features clicking of user from clicks {
          clicks = count() over 30d
      }

      """
    let file = try #require(fopen("\(folder)/featuredefs/a.martlet", "w"))
    fputs(text, file)
    fclose(file)
    #expect(try martlet("check", "--project", folder).exit == 0)
    let kept = try martlet("check", "--project", folder, "--retain", "7d")
    #expect(kept.exit == 1 && kept.output.contains("error[window-outlives-data]"))
    func identity(_ words: String...) throws -> String {
      try martlet(["list", "features", "--json", "--project", folder] + words).output
    }
    #expect(try identity("--zone", "Asia/Tokyo") != identity())
    let unknown = try martlet("check", "--project", folder, "--zone", "Asia/Tokio")
    #expect(unknown.exit == 2 && unknown.talk.contains("did you mean `Asia/Tokyo`?"), "\(unknown)")
  }

  @Test func `the doctor finds every library that is linked`() throws {
    let run = try martlet("doctor", "--json")
    for name in ["RocksDB", "SQLite", "zstd", "snappy", "zlib", "lz4", "brotli", "OpenSSL"] {
      #expect(run.output.contains("{\"name\":\"\(name)\",\"version\":\""), "\(name) has no version")
    }
    #expect(run.output.contains("\"problems\":[]"))
    #expect(run.exit == 0)
  }

  @Test func `a problem makes the answer no`() throws {
    #expect(try martlet("doctor", "--project", "/proc").exit == 1)
  }

  private func checkup(rocksDB traits: [String], store: StoreHealth) -> Checkup {
    let mapped = MappedLibraries(paths: ["/lib/librocksdb.so.7.8.3"])
    return Checkup(
      machine: Machine(system: "Linux 6.1", coreCount: 8, memoryInBytes: 16_000_000_000),
      libraries: [
        .init(
          LinkedLibrary("RocksDB", fileStem: "librocksdb", version: nil, traits: traits),
          among: mapped),
        .init(LinkedLibrary("zlib", fileStem: "libz", version: nil), among: mapped),
      ],
      settings: Settings(
        project: Setting(value: "/shop", origin: .found),
        store: Setting(value: "/shop/.martlet", origin: .standard),
        color: Setting(value: .never, origin: .environment("NO_COLOR")),
        progress: Setting(value: .plain, origin: .flag("--progress"))),
      store: store)
  }
}
