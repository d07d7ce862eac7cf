import Testing

struct HouseRuleTests {
  @Test(arguments: HouseRule.all.map(\.title))
  func `holds everywhere`(title: String) throws {
    let rule = try #require(HouseRule.all.first { $0.title == title })
    let findings = try Repository.files().filter(rule.applies).flatMap { file in
      rule.findings(file).map { "\(file.path): \($0)" }
    }
    #expect(findings == [])
  }

  @Test func `finds what is planted`() {
    expect(.nothingLeftOver, in: "docs/a.md", "TO" + "DO: later\n", finds: "says TO" + "DO")
    expect(.nobodysMachine, in: "docs/a.md", "see /ro" + "ot/x\n", finds: "says /ro" + "ot/")
    expect(.noTraps, in: "Sources/Martlet/A.swift", "let a = try! b()\n", finds: "uses try!")
    expect(.noTraps, in: "Sources/Martlet/A.swift", "// not try! b()\n", finds: nil)
    expect(
      .sameAnswerEveryTime, in: "Sources/MartletPlan/A.swift", "let c = ContinuousClock()\n",
      finds: "uses ContinuousClock")
    expect(.testsRun, in: "Tests/A/A.swift", "@Test(.disabled())\n", finds: "uses .disabled(")
    expect(.reasons, in: "Sources/Martlet/A.swift", "try? b()\n", finds: "line 1: why `try?`?")
    expect(.reasons, in: "Sources/Martlet/A.swift", "entry?.name\n", finds: nil)
    expect(.reasons, in: "Sources/Martlet/A.swift", "// It may be gone.\ntry? b()\n", finds: nil)
    expect(.noDrawers, in: "Sources/Martlet/TextUtils.swift", "\n", finds: "Util is a drawer")
    expect(
      .oneIdea, in: "Sources/Martlet/A.swift", String(repeating: "a\n", count: 500),
      finds: "501 lines: look for the second idea")
    expect(.endsWithItsLine, in: "docs/a.md", "text", finds: "ends otherwise")
    expect(.linksLead, in: "docs/a.md", "[a](nowhere.md)\n", finds: "nowhere.md is not there")
    expect(.linksLead, in: "Tests/a.md", "[a](../README.md#top) [b](#here)\n", finds: nil)
    expect(.scriptsRun, in: "scripts/a", "echo\n", finds: "is not executable")
  }

  @Test func `a rule applies where it should`() {
    #expect(applies(.noTraps, to: "Sources/MartletColumns/A.swift"))
    #expect(!applies(.noTraps, to: "Tests/MartletColumnsTests/A.swift"))
    #expect(applies(.sameAnswerEveryTime, to: "Sources/MartletEngine/A.swift"))
    #expect(!applies(.sameAnswerEveryTime, to: "Sources/MartletSources/A.swift"))
  }

  private func expect(
    _ rule: HouseRule, in path: String, _ text: String, finds finding: String?,
    at location: SourceLocation = #_sourceLocation
  ) {
    let file = Repository.File(path: path, text: text, isExecutable: false)
    #expect(rule.applies(file), sourceLocation: location)
    #expect(rule.findings(file).first == finding, sourceLocation: location)
  }

  private func applies(_ rule: HouseRule, to path: String) -> Bool {
    rule.applies(Repository.File(path: path, text: "", isExecutable: false))
  }
}
