import Glibc
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import SeededRandom
import Testing

@testable import MartletRegistry

struct LineageTests {
  @Test func `edges lead from a service to the columns and files that it is made from`() throws {
    let text = """
      entity user(user_id: int)

      events clicks {
          from  "clicks/*.csv"
          at    at
          known seen_at
          id    click_id

          user_id:  int
          click_id: string
          weight:   double
          page:     string
          kind:     string
          unused:   string
          at:       time
          seen_at:  time

          expect weight >= 0.0 or warn
      }

      features clicking of user from clicks {
          where kind == "real"
          let   heavy = weight * 2.0
          let   twice = heavy * 2.0

          total = sum(twice)  over 7d
          pages = count(page) over 7d
      }

      features ratio {
          share = clicking.total_7d / 2.0
      }

      service model {
          ratio.share
      }
      """
    let edges = LineageEdge.all(of: try definitions(text))
    #expect(uses(of: LineageNode(.service, "model"), edges) == ["feature ratio.share"])
    #expect(
      uses(of: .feature("ratio", "share"), edges) == [
        "features ratio", "feature clicking.total_7d",
      ])
    #expect(
      uses(of: .feature("clicking", "total_7d"), edges) == [
        "column clicks.weight", "features clicking",
      ])
    #expect(
      uses(of: LineageNode(.features, "clicking"), edges) == [
        "column clicks.kind", "column clicks.user_id", "entity user", "source clicks",
      ])
    #expect(
      uses(of: LineageNode(.source, "clicks"), edges) == [
        "file clicks/*.csv", "column clicks.at", "column clicks.click_id", "column clicks.seen_at",
        "column clicks.weight",
      ])
    try withRegistry { registry in
      let files = TextFiles([TextFile(path: "a.martlet", text: text)])
      let snapshot = DefinitionsSnapshot(files, try definitions(text))
      _ = try registry.apply(snapshot, upon: 0, at: Instant(microseconds: 0), by: "ann")
      #expect(try registry.lineage(of: 1) == edges)
      func reach(_ column: String) throws -> [String] {
        try registry.lineage(.down, from: .column("clicks", column), in: 1)
          .filter { $0.kind == .feature || $0.kind == .service }.map(\.name)
      }
      #expect(try reach("page") == ["clicking.pages_7d"])
      #expect(try reach("unused") == [])
      #expect(
        try reach("kind") == ["clicking.pages_7d", "clicking.total_7d", "ratio.share", "model"])
      // The same once more is the same version, its lineage too.
      #expect(
        try registry.apply(snapshot, upon: 1, at: Instant(microseconds: 0), by: "ann")
          == .nothing(current: 1))
    }
  }

  /// The generator says what it made from what; a reference that knows nothing else follows it.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `what a column's loss reaches among a thousand features is just what leans on it`(
    seed: UInt64
  ) throws {
    let made = GeneratedProject(seed: seed)
    let snapshot = DefinitionsSnapshot(
      TextFiles([TextFile(path: "a.martlet", text: made.text)]), try definitions(made.text))
    #expect(snapshot.meanings.keys.count { $0.kind == .feature } >= 1_000)
    try withRegistry { registry in
      _ = try registry.apply(snapshot, upon: 0, at: Instant(microseconds: 0), by: "ann")
      for column in made.columns {
        let reached = try registry.lineage(
          .down, from: LineageNode(.column, column), in: 1)
        let names = Set(reached.filter { $0.kind == .feature || $0.kind == .service }.map(\.name))
        #expect(names == made.reached(from: column), "\(column)")
        for name in names.sorted().prefix(3) {
          let kind: LineageNode.Kind = name.contains(".") ? .feature : .service
          let up = try registry.lineage(.up, from: LineageNode(kind, name), in: 1)
          #expect(up.contains(LineageNode(.column, column)))
        }
      }
    }
  }

  private func uses(of node: LineageNode, _ edges: Set<LineageEdge>) -> [String] {
    edges.filter { $0.user == node }.map(\.uses).sorted().map { "\($0.kind.rawValue) \($0.name)" }
  }

  private func definitions(_ text: String) throws -> Definitions {
    let program = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    try #require(
      !program.findings.contains { $0.severity == .error }, "\(program.findings.prefix(3))")
    return program.value.definitions
  }

  private func withRegistry(_ body: (Registry) throws -> Void) throws {
    var template = Array("/tmp/martlet-lineage-\(String(repeating: "X", count: 6))".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer {
      for name in ["registry.sqlite", "registry.sqlite-wal", "registry.sqlite-shm"] {
        unlink("\(folder)/\(name)")
      }
      rmdir(folder)
    }
    try body(try Registry(at: "\(folder)/registry.sqlite"))
  }
}

/// A project of a thousand features and more, written down together with who leans on whom.
private struct GeneratedProject {
  private(set) var text = "entity user(user_id: int)\n"
  private(set) var columns: [String] = []
  private var users: [String: Set<String>] = [:]

  init(seed: UInt64) {
    var random = SeededGenerator(seed)
    var stored: [String] = []
    for source in 0..<6 {
      let name = "source\(source)"
      text += "\nevents \(name) {\n  from \"\(name).csv\"\n  at at\n  user_id: int\n  at: time\n"
      let own = (0..<25).map { "c\($0)" }
      for column in own { text += "  \(column): double\n" }
      text += "}\n"
      columns += own.map { "\(name).\($0)" }
      for number in 0..<4 {
        let set = "set\(source)_\(number)"
        text += "\nfeatures \(set) of user from \(name) {\n"
        var needed: Set<String> = []
        if Bool.random(using: &random), let filter = own.randomElement(using: &random) {
          text += "  where \(filter) > 0.0\n"
          needed.insert("\(name).\(filter)")
        }
        let hidden = own.randomElement(using: &random) ?? "c0"
        text += "  let hidden = \(hidden) + 1.0\n"
        for feature in 0..<30 {
          var read = Set(
            (0..<Int.random(in: 1...3, using: &random)).map { _ in
              own.randomElement(using: &random) ?? "c0"
            })
          var terms = read.sorted()
          if feature == 0 || Int.random(in: 0..<8, using: &random) == 0 {
            terms.append("hidden")
            read.insert(hidden)
          }
          text += "  f\(feature) = sum(\(terms.joined(separator: " + "))) over 7d\n"
          let full = "\(set).f\(feature)_7d"
          stored.append(full)
          for column in read.map({ "\(name).\($0)" }) + needed {
            users[column, default: []].insert(full)
          }
        }
        text += "}\n"
      }
    }
    var known = stored
    for number in 0..<12 {
      let set = "computed\(number)"
      text += "\nfeatures \(set) {\n"
      var own: [String] = []
      for feature in 0..<30 {
        let read = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
          known.randomElement(using: &random)
        }
        text += "  g\(feature) = \(read.joined(separator: " + "))\n"
        own.append("\(set).g\(feature)")
        for other in read { users[other, default: []].insert("\(set).g\(feature)") }
      }
      text += "}\n"
      known += own
    }
    for number in 0..<10 {
      text += "\nservice service\(number) {\n"
      for feature in Set((0..<20).compactMap({ _ in known.randomElement(using: &random) })).sorted()
      {
        text += "  \(feature)\n"
        users[feature, default: []].insert("service\(number)")
      }
      text += "}\n"
    }
  }

  /// What leans on `column`, found by going over everything until nothing is added.
  func reached(from column: String) -> Set<String> {
    var found = users[column] ?? []
    while true {
      let more = found.union(found.flatMap { users[$0] ?? [] })
      if more == found { return found }
      found = more
    }
  }
}
