import CSQLite
import Glibc
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import Testing

@testable import MartletRegistry

struct RegistryTests {
  @Test func `versions are numbered, and each can be read again`() throws {
    try withRegistry { registry, _ in
      #expect(try registry.currentVersion() == 0)
      let (first, second) = (try snapshot("n: int"), try snapshot("n: string"))
      #expect(try registry.apply(first, upon: 0, at: noon, by: "ann") == .version(1))
      #expect(
        try registry.apply(second, upon: 1, at: noon, by: "bob", message: "why") == .version(2))
      #expect(try registry.snapshot(of: 1) == first)
      #expect(try registry.snapshot(of: 2) == second)
      #expect(try registry.apply(first, upon: 2, at: noon, by: "ann", backTo: 1) == .version(3))
      #expect(try registry.versions().map(\.backTo) == [nil, nil, 1])
      #expect(try registry.versions().map(\.message) == ["", "why", ""])
      #expect(throws: RegistryError.self) { try registry.snapshot(of: 4) }
    }
  }

  @Test func `what means the same changes only the text`() throws {
    try withRegistry { registry, _ in
      let plain = try snapshot("n: int")
      let commented = try snapshot("n: int  # how many")
      #expect(try registry.apply(plain, upon: 0, at: noon, by: "ann") == .version(1))
      #expect(try registry.apply(plain, upon: 1, at: noon, by: "ann") == .nothing(current: 1))
      #expect(try registry.apply(commented, upon: 1, at: noon, by: "ann") == .rewritten(current: 1))
      #expect(try registry.snapshot(of: 1) == commented)
      #expect(try registry.versions().count == 1)
      #expect(try registry.audit().map(\.action) == ["apply", "rewrite"])
    }
  }

  @Test func `of two who build upon one version the slower is told`() throws {
    try withRegistry { registry, path in
      let other = try Registry(at: path)
      #expect(try registry.apply(snapshot("n: int"), upon: 0, at: noon, by: "ann") == .version(1))
      let refused = #expect(throws: RegistryError.self) {
        try other.apply(snapshot("n: string"), upon: 0, at: noon, by: "bob")
      }
      #expect(refused?.reason == .moved(to: 1, by: "ann"))
      #expect(try other.versions().count == 1)
    }
  }

  @Test func `eight at once, each again until it is heard, are eight versions`() throws {
    try withRegistry { registry, path in
      let threads = (0..<8).map { number in
        startThread {
          guard let mine = try? Registry(at: path),
            let definitions = try? snapshot("n: int\n    x\(number): int")
          else { return }
          while true {
            guard let base = try? mine.currentVersion() else { continue }
            // Being told that another was quicker is what this test wants to happen.
            if (try? mine.apply(definitions, upon: base, at: noon, by: "\(number)")) != nil {
              return
            }
          }
        }
      }
      for thread in threads { pthread_join(thread, nil) }
      #expect(try registry.versions().map(\.number) == Array(1...8))
      #expect(try Set(registry.versions().map(\.author)).count == 8)
      try registry.verifyAudit()
    }
  }

  @Test func `what fails half-way leaves nothing behind`() throws {
    try withRegistry { registry, _ in
      #expect(try registry.apply(snapshot("n: int"), upon: 0, at: noon, by: "ann") == .version(1))
      try registry.connection.run("DROP TABLE audit", attempting: "a test")
      #expect(throws: RegistryError.self) {
        try registry.apply(snapshot("n: string"), upon: 1, at: noon, by: "ann")
      }
      #expect(try registry.currentVersion() == 1)
      #expect(try registry.snapshot(of: 1) == snapshot("n: int"))
    }
  }

  @Test(arguments: [
    "UPDATE audit SET author = 'eve' WHERE number = 2", "DELETE FROM audit WHERE number = 1",
    "UPDATE audit SET at = at + 1 WHERE number = 3",
  ])
  func `a log that was changed is told from one that was written`(_ meddling: String) throws {
    try withRegistry { registry, _ in
      for number in 0..<3 {
        _ = try registry.apply(
          snapshot("n: int\n    x\(number): int"), upon: number, at: noon, by: "ann")
      }
      try registry.verifyAudit()
      try registry.connection.run(meddling, attempting: "a test")
      #expect(throws: RegistryError.self) { try registry.verifyAudit() }
    }
  }

  @Test func `a registry of the first layout is brought up to date with what it holds`() throws {
    try withFolder { folder in
      let path = "\(folder)/registry.sqlite"
      do {
        let old = try Connection(path, attempting: "a test")
        try old.run(RegistryLayout.steps[0], attempting: "a test")
        try old.run(
          """
          INSERT INTO versions VALUES (1, 7, 'ann', 'first', NULL);
          PRAGMA application_id = \(RegistryLayout.application); PRAGMA user_version = 1
          """, attempting: "a test")
      }
      let registry = try Registry(at: path)
      #expect(try registry.versions().map(\.message) == ["first"])
      #expect(try registry.runs().isEmpty && registry.currentData() == 0)
      let layout = try registry.connection.number("PRAGMA user_version", attempting: "a test")
      #expect(layout.map(Int.init) == RegistryLayout.steps.count)
    }
  }

  @Test func `a file that is no registry of ours is refused by what it is`() throws {
    try withRegistry { registry, path in
      try registry.connection.run("PRAGMA user_version = 99", attempting: "a test")
      expectRefusal(path, .newerLayout(found: 99, known: RegistryLayout.steps.count))
    }
    try withFolder { folder in
      var foreign: OpaquePointer?
      sqlite3_open("\(folder)/foreign.sqlite", &foreign)
      sqlite3_exec(foreign, "CREATE TABLE t (x)", nil, nil, nil)
      sqlite3_close(foreign)
      expectRefusal("\(folder)/foreign.sqlite", .notARegistry)

      let file = try #require(fopen("\(folder)/text.sqlite", "w"))
      fputs(String(repeating: "no database at all ", count: 100), file)
      fclose(file)
      expectRefusal("\(folder)/text.sqlite", .notARegistry)

      let missing = #expect(throws: RegistryError.self) {
        try Registry(at: "\(folder)/no/such/folder.sqlite")
      }
      guard case .unreachable = missing?.reason else {
        Issue.record("\(String(describing: missing))")
        return
      }
    }
  }

  @Test func `who waits in vain for the registry is told that it is held`() throws {
    try withRegistry { registry, path in
      let other = try Connection(path, attempting: "a test", waiting: 20)
      try registry.connection.transaction(attempting: "a test") { () throws(RegistryError) in
        let refused = #expect(throws: RegistryError.self) {
          try other.run("BEGIN IMMEDIATE", attempting: "a test")
        }
        #expect(refused?.reason == .busy)
      }
    }
  }

  private func expectRefusal(
    _ path: String, _ reason: RegistryError.Reason,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: RegistryError.self, sourceLocation: sourceLocation) {
      try Registry(at: path)
    }
    #expect(error?.reason == reason, sourceLocation: sourceLocation)
  }
}

let noon = Instant(microseconds: 1_750_000_000_000_000)

/// Definitions of one source with `columns`.
private func snapshot(_ columns: String) throws -> DefinitionsSnapshot {
  let text = """
    entity a(k: string)
    events e {
        from "e.parquet"
        at t
        k: string
        t: time
        \(columns)
    }
    """
  let files = TextFiles([TextFile(path: "featuredefs/a.martlet", text: text)])
  return DefinitionsSnapshot(files, compile(files).value.definitions)
}

func withRegistry(_ body: (Registry, String) throws -> Void) throws {
  try withFolder { folder in
    let path = "\(folder)/registry.sqlite"
    try body(try Registry(at: path), path)
  }
}

func withFolder(_ body: (String) throws -> Void) throws {
  var template = Array("/tmp/martlet-registry-\(String(repeating: "X", count: 6))".utf8CString)
  let folder = String(cString: try #require(mkdtemp(&template)))
  defer {
    for name in [
      "registry.sqlite", "registry.sqlite-wal", "registry.sqlite-shm", "foreign.sqlite",
      "text.sqlite",
    ] {
      unlink("\(folder)/\(name)")
    }
    rmdir(folder)
  }
  try body(folder)
}

private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let work = Unmanaged.passRetained(Work(body)).toOpaque()
  pthread_create(
    &thread, nil,
    { pointer in
      if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
      return nil
    }, work)
  return thread
}
