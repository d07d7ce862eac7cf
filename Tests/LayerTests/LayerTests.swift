import Testing

struct LayerTests {
  @Test func `every import points down`() throws {
    var findings: [String] = []
    for file in try Repository.files() where file.hasSuffix(".swift") {
      let folders = file.path.split(separator: "/")
      guard folders.count > 2, folders[0] == "Sources",
        let room = House.martlet.room(String(folders[1]))
      else { continue }
      findings += House.martlet.findings(in: file.text, of: room).map { "\(file.path): \($0)" }
    }
    #expect(findings == [])
  }

  @Test func `every module of the sources is a room of the house`() {
    let modules = Repository.names(in: "Sources").filter { $0.hasPrefix("Martlet") }
    #expect(modules.sorted() == House.martlet.rooms.map(\.name).sorted())
  }

  @Test func `the reference imports nothing that it judges`() throws {
    for file in try Repository.files() where file.path.hasPrefix("Tests/MartletReference/") {
      let modules = ImportLine.all(in: file.text).map(\.module)
      #expect(modules.allSatisfy { $0 == "Swift" }, "\(file.path) imports \(modules)")
    }
  }

  @Test(arguments: [
    "import MartletPlan",
    "public import MartletPlan",
    "@testable import MartletPlan",
    "@_exported public import MartletPlan",
    "@_spi(Tests) internal import MartletPlan",
    "import struct MartletPlan.Job",
    "  import\tMartletPlan  // why not",
    "import Swift; import MartletPlan",
    "/* first */ import MartletPlan",
    "#if DEBUG\nimport MartletPlan\n#endif",
  ])
  func `a planted import is found in every form`(text: String) throws {
    let columns = try #require(House.martlet.room("MartletColumns"))
    #expect(House.martlet.findings(in: text, of: columns).count == 1)
  }

  @Test(arguments: [
    "// import MartletPlan",
    "/* import MartletPlan */",
    "/* /* */\nimport MartletPlan\n*/",
    "let text = \"\"\"\n  import MartletPlan\n  \"\"\"",
    "let important = MartletPlan",
  ])
  func `what only looks like an import is none`(text: String) {
    #expect(ImportLine.all(in: text) == [])
  }

  @Test(arguments: [
    ("MartletColumns", "MartletEngine", "line 1: MartletColumns imports up: MartletEngine"),
    ("MartletOnline", "MartletOffline", "line 1: MartletOnline imports sideways: MartletOffline"),
    ("MartletEngine", "Glibc", "line 1: MartletEngine may not import Glibc"),
    ("MartletOffline", "CSQLite", "line 1: MartletOffline may not import CSQLite"),
    ("Martlet", "Foundation", "line 1: Martlet may not import Foundation"),
    ("MartletRegistry", "CSQLite", nil),
    ("MartletCommand", "MartletColumns", nil),
  ])
  func `an arrow is judged by its rows`(room: String, module: String, finding: String?) throws {
    let room = try #require(House.martlet.room(room))
    #expect(House.martlet.findings(in: "import \(module)", of: room).first == finding)
  }
}
