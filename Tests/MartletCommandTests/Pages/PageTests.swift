import Glibc
import HTTPCaller
import MartletDiagnostics
import Testing

@testable import MartletCommand

/// What the README and the pages of `docs` show of a shell is what happens.
///
/// `MARTLET_WRITE_PAGES=1` writes what is said into the pages, for a reader of the difference.
struct PageTests {
  @Test(arguments: PageTests.pagesOfSessions)
  func `the sessions of a page are as it shows them`(path: String) throws {
    var page = MarkdownPage(Self.contents(of: path))
    var written: [(lines: Range<Int>, text: [String])] = []
    for session in PageSession.all(in: page) {
      let said = try session.run(port: freePort())
      #expect(said.count == session.steps.count, "\(path): the shell ended early")
      for (step, lines) in zip(session.steps, said) {
        let shown = Array(page.lines[step.said])
        guard let lines, !SaidLines.agree(shown: shown, said: lines) else { continue }
        written.append((step.said, lines))
        guard getenv("MARTLET_WRITE_PAGES") == nil else { continue }
        let place = "\(path):\(step.said.lowerBound): $ \(step.command)"
        Issue.record("\(place)\n\(lines.joined(separator: "\n"))")
      }
    }
    guard getenv("MARTLET_WRITE_PAGES") != nil, !written.isEmpty else { return }
    for part in written.reversed() { page.lines.replaceSubrange(part.lines, with: part.text) }
    let file = try #require(fopen("\(repositoryFolder)/\(path)", "w"))
    fputs(page.text, file)
    fclose(file)
  }

  @Test(arguments: PageTests.pages)
  func `commands that a page names without running them could be run`(path: String) throws {
    let page = MarkdownPage(Self.contents(of: path))
    for block in page.blocks {
      let lines = page.lines(of: block)
      let place = "\(path):\(block.lines.lowerBound)"
      #expect(Self.kinds.contains(block.kind), "\(place): a block of the kind `\(block.kind)`")
      if block.kind == "text" {
        #expect(!lines.contains { $0.hasPrefix("martlet ") }, "\(place): sh or console?")
      }
      guard block.kind == "sh" else { continue }
      for line in lines where line.hasPrefix("martlet ") {
        // Notes in a column of their own, comments, and what follows in the shell.
        let call = line.split(separator: "   ")[0].split(separator: " #")[0]
          .split { "|>&;".contains($0) }[0]
        let words = Self.words(call).dropFirst()
        let parsed = Result { try CommandLineParser(root: .martlet).parse(Array(words)) }
        #expect(throws: Never.self, "\(place): \(line)") { try parsed.get() }
      }
    }
  }

  @Test(arguments: PageTests.pages)
  func `definitions that a page shows compile`(path: String) throws {
    let page = MarkdownPage(Self.contents(of: path))
    let blocks = page.blocks.filter { $0.kind == "martlet" }
    guard !blocks.isEmpty else { return }
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    if blocks[0].beginning == "sample" {
      #expect(try martlet("init", folder).exit == 0)
    } else {
      mkdir("\(folder)/featuredefs", 0o755)
    }
    let file = try #require(fopen("\(folder)/featuredefs/page.martlet", "w"))
    for block in blocks { fputs(page.lines(of: block).joined(separator: "\n") + "\n\n", file) }
    fclose(file)
    let check = try martlet("check", "--project", folder)
    #expect(check.exit == 0, "\(path): \(check.output)")
  }

  @Test(arguments: PageTests.pages)
  func `JSON that a page shows can be read, and Swift and C are of files that are compiled`(
    path: String
  ) throws {
    let page = MarkdownPage(Self.contents(of: path))
    let compiled = Self.compiledFiles.map { Self.trimmedLines(Self.contents(of: $0)[...]) }
    for block in page.blocks {
      let text = page.lines(of: block).joined(separator: "\n")
      let place = "\(path):\(block.lines.lowerBound)"
      switch block.kind {
      case "json": #expect(throws: Never.self, "\(place)") { try JSON(reading: text) }
      case "swift", "c":
        let shown = Self.trimmedLines(text[...])
        let isCompiled = compiled.contains { lines in
          // All of them, in their order; a page may leave lines out.
          var rest = lines[...]
          return shown.allSatisfy { line in
            guard let found = rest.firstIndex(of: line) else { return false }
            rest = rest[(found + 1)...]
            return true
          }
        }
        #expect(isCompiled, "\(place): no file has these lines")
      default: break
      }
    }
  }

  /// Where the pages' Swift and C are from.
  private static let compiledFiles = [
    "examples/clients/swift/Sources/lookup/Lookup.swift",
    "Tests/MartletTests/RowsInMemoryTests.swift",
    "Benchmarks/Sources/Workloads/ExactWorkloads.swift",
    "examples/clients/lookup.c",
  ]

  private static func trimmedLines(_ text: Substring) -> [Substring] {
    text.split(separator: "\n").map { line in
      let start = line.firstIndex { $0 != " " } ?? line.endIndex
      return line[start...]
    }
  }

  @Test(.enabled(if: isInstalled("promtool")))
  func `how Prometheus is told of a server can be read by it`() throws {
    let page = MarkdownPage(Self.contents(of: "docs/operating.md"))
    let blocks = page.blocks.filter { $0.kind == "yaml" }
    #expect(!blocks.isEmpty)
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    for block in blocks {
      let file = try #require(fopen("\(folder)/prometheus.yml", "w"))
      fputs(page.lines(of: block).joined(separator: "\n") + "\n", file)
      fclose(file)
      symlink(
        "\(repositoryFolder)/docs/monitoring/martlet.rules.yml", "\(folder)/martlet.rules.yml")
      let check = try RunningProgram(
        "promtool", ["check", "config", "--syntax-only", "\(folder)/prometheus.yml"]
      ).end()
      #expect(check.exit == 0, "\(check)")
    }
  }

  @Test func `the figures of the README are those of the targets`() {
    func table(in path: String, under title: String) -> [Substring] {
      let lines = Self.contents(of: path).split(separator: "\n")
      let section = lines.drop { $0 != title }.dropFirst().prefix { !$0.hasPrefix("## ") }
      return section.filter { $0.hasPrefix("|") }
    }
    let shown = table(in: "README.md", under: "## How fast")
    #expect(shown.count > 4 && shown == table(in: "docs/targets.md", under: "## In short"))
  }

  @Test func `the rules for Prometheus are rules, of metrics that a server has`() throws {
    let path = "\(repositoryFolder)/docs/monitoring/martlet.rules.yml"
    let rules = try text(ofFile: path)
    if isInstalled("promtool") {
      let check = try RunningProgram("promtool", ["check", "rules", path]).end()
      #expect(check.exit == 0, "\(check)")
    }
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    for words in [["init", folder], ["apply", "--yes"], ["materialize"]] {
      #expect(try martlet(words + ["--project", folder]).exit == 0, "\(words)")
    }
    let server = try RunningServer(folder)
    defer { _ = try? server.end() }
    let question =
      #"{"service":"checkout","entities":{"customer_id":["c1"]},"given":{"amount":[1]}}"#
    #expect(try server.post("/v1/get", "application/json", question).status == 200)
    let wire = try Wire(to: server.port)
    wire.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    let metrics = try #require(wire.answer()).body
    for metric in Set(rules.matches(of: #/martlet_[a-z_]+/#).map { String($0.output) }) {
      #expect(metrics.contains("\n\(metric)"), "\(metric)")
    }
  }

  /// What a block may hold. `console` is run, `sh`, `json` and `yaml` are parsed, `martlet` is compiled, `swift`
  /// and `c` are from files that are, `python` is run by `scripts/test-clients` and `scripts/test-feast`. The others are
  /// for reading: drawings and messages.
  private static let kinds: Set<String> = [
    "console", "sh", "martlet", "text", "json", "sql", "swift", "c", "python", "yaml", "http",
  ]

  /// The pages for people; `docs/command-line.md` is written by the program itself.
  static let pages: [String] =
    ["README.md"]
    + names(in: "docs").map { "docs/\($0)" }
    .filter { $0.hasSuffix(".md") && $0 != "docs/command-line.md" }.sorted()
    + ["Benchmarks/README.md", "clients/python/README.md", "examples/README.md"]
    + ["churn", "clients", "fraud", "maintenance", "recommendations"].map {
      "examples/\($0)/README.md"
    }

  static let pagesOfSessions = pages.filter { contents(of: $0).contains("```console\n") }

  private static func contents(of path: String) -> String {
    (try? text(ofFile: "\(repositoryFolder)/\(path)")) ?? ""
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir("\(repositoryFolder)/\(folder)") else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  /// The words of a line, as a shell cuts them.
  private static func words(_ line: Substring) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      switch character {
      case quote: quote = nil
      case "\"" where quote == nil, "'" where quote == nil:
        quote = character
        word = word ?? ""
      case " " where quote == nil:
        if let word { words.append(word) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  /// A port that nobody listens on, as far as one can know.
  private func freePort() throws -> UInt16 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(socket >= 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    try #require(bound)
    return UInt16(bigEndian: address.sin_port)
  }
}
