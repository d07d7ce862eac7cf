import Glibc
import MartletDiagnostics
import MartletLanguage
import Testing

/// Each page of `docs/errors` shows a program, what is said about it, and one that is understood. The
/// page is the golden: `MARTLET_WRITE_PAGES=1` writes anew what is said.
struct ErrorPageTests {
  static let codes = Fixture.names(in: "docs/errors").map { String($0.dropLast(3)) }

  private static let zones = ZoneNames(["America/New_York", "Europe/Berlin", "Europe/London"])

  @Test(arguments: codes)
  func `the page shows what is said`(code: String) throws {
    let path = "docs/errors/\(code).md"
    let page = Fixture.text(path)
    #expect(page.hasPrefix("# \(code)\n\n"))
    let blocks = page.blocks
    guard blocks.count == 3 else {
      #expect(blocks.isEmpty, "\(code) has no program, or all three blocks")
      return
    }
    let wrong = compile(Fixture.files(blocks[0]), knowing: Self.zones)
    let said = Fixture.drawing(of: wrong)
    #expect(Set(wrong.findings.map(\.code)) == [code], "\(said)")
    if getenv("MARTLET_WRITE_PAGES") != nil {
      Fixture.write(
        page.replacing("```text\n\(blocks[1])```", with: "```text\n\(said)```"), to: path)
    } else {
      #expect(said == blocks[1])
    }
    let right = compile(Fixture.files(blocks[2]), knowing: Self.zones)
    #expect(right.findings == [], "\(Fixture.drawing(of: right))")
  }

  /// The program carries the pages with it: it may run where there are no docs.
  @Test func `the program has the pages that the docs have`() {
    let path = "Sources/MartletLanguage/Explaining/FindingPages.swift"
    var source = """
      // swift-format-ignore-file
      // The pages of docs/errors as the program carries them: written by `MARTLET_WRITE_PAGES=1`, tested
      // to be the same.

      extension FindingPage {
        /// All pages, by their codes.
        public static let all: [FindingPage] = [

      """
    for code in ErrorPageTests.codes.sorted() {
      let page = Fixture.text("docs/errors/\(code).md")
      source += "    FindingPage(\(code.debugDescription), \(page.debugDescription)),\n"
    }
    source += "  ]\n}\n"
    if getenv("MARTLET_WRITE_PAGES") != nil {
      Fixture.write(source, to: path)
    } else {
      #expect(Fixture.text(path) == source)
    }
  }

  @Test func `every code that is said has its page, and every page its code`() {
    let sources = Fixture.swiftFiles(in: "Sources/MartletLanguage").map { Fixture.text($0) }
    var codes: Set<String> = []
    for source in sources {
      for match in source.matches(of: /\.(error|warning)\(\s*"([a-z0-9-]+)"/) {
        codes.insert(String(match.output.2))
      }
    }
    #expect(codes.count >= 60)
    #expect(codes.sorted() == ErrorPageTests.codes.sorted())
  }
}

extension String {
  /// The texts of the fenced blocks.
  var blocks: [String] {
    var blocks: [String] = []
    var block: String?
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let text = block { blocks.append(text) }
        block = block == nil ? "" : nil
      } else if block != nil {
        block?.append(line + "\n")
      }
    }
    return blocks
  }
}

extension Fixture {
  static func write(_ text: String, to path: String) {
    guard let file = fopen("\(root)/\(path)", "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  /// The Swift files in the folders of `path`.
  static func swiftFiles(in path: String) -> [String] {
    names(in: path).flatMap { name in
      name.hasSuffix(".swift") ? ["\(path)/\(name)"] : swiftFiles(in: "\(path)/\(name)")
    }
  }
}
