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
        Linux 6.1, 8 cores, 16.0GB of memory

        Library  Version  Traits     File
        RocksDB  7.8.3    zstd, lz4  /lib/librocksdb.so.7.8.3
        zlib     unknown             part of the program

        Setting   Value           From
        project   /shop           found
        store     /shop/.martlet  default
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

  @Test func `the doctor finds every library that is linked`() throws {
    let run = try martlet("doctor", "--json")
    for name in ["RocksDB", "SQLite", "zstd", "snappy", "zlib", "lz4", "brotli"] {
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
