/// A habit that a machine can hold us to.
struct HouseRule: Sendable {
  var title: String
  var applies: @Sendable (Repository.File) -> Bool

  /// What is wrong with a file it applies to, one sentence each.
  var findings: @Sendable (Repository.File) -> [String]
}

extension HouseRule {
  static let all = [
    nothingLeftOver, nobodysMachine, noTraps, reasons, sameAnswerEveryTime, noDrawers, oneIdea,
    endsWithItsLine, linksLead, scriptsRun, testsRun,
  ]

  // The words are put together here, or this file would break its own rules.
  private static let leftovers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
  private static let machines = [
    "/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/far" + "m/", "py" + "pi.org",
    "pythonho" + "sted", "deb.deb" + "ian.org",
  ]

  static let nothingLeftOver = words(leftovers, "leaves nothing for later") { _ in true }

  static let nobodysMachine = words(machines, "names no one's machine") { _ in true }

  static let noTraps = code(
    ["try!", "fatalError("], "bad input never traps"
  ) { $0.path.hasPrefix("Sources/") }

  static let sameAnswerEveryTime = code(
    [
      "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".hashValue", "Hasher()",
      "CommandLine", "print(", "debugPrint(", "readLine(", "dump(",
    ], "rows 0 to 3 neither see nor touch the world"
  ) { file in
    let folders = file.path.split(separator: "/")
    return folders.first == "Sources" && folders.count > 2
      && (House.martlet.room(String(folders[1]))?.row ?? 4) < 4
  }

  static let testsRun = code(
    [".disabled(", "withKnownIssue"], "a test that does not run is deleted"
  ) { $0.path.hasPrefix("Tests/") && $0.hasSuffix(".swift") }

  static let reasons = HouseRule(
    title: "what looks wrong carries its reason",
    applies: { $0.path.hasPrefix("Sources/") && $0.hasSuffix(".swift") },
    findings: { file in
      let lines = file.lines
      let code = SwiftText(file.text).code.split(separator: "\n", omittingEmptySubsequences: false)
      return code.indices.compactMap { index in
        let odd = ["try?", "@unchecked Sendable"].first { code[index].containsWord($0) }
        guard let odd else { return nil }
        let near = lines[max(0, index - 2)...index]
        return near.contains { $0.contains("//") } ? nil : "line \(index + 1): why `\(odd)`?"
      }
    })

  static let noDrawers = HouseRule(
    title: "a file is named for its idea",
    applies: { $0.hasSuffix(".swift", ".c", ".h") },
    findings: { file in
      ["Util", "Helper", "Common", "Misc"].filter { file.name.contains($0) }
        .map { "\($0) is a drawer" }
    })

  static let oneIdea = HouseRule(
    title: "a file holds one idea",
    applies: { $0.hasSuffix(".swift", ".c", ".h") },
    findings: { file in
      let count = file.lines.count
      return count > 500 ? ["\(count) lines: look for the second idea"] : []
    })

  static let endsWithItsLine = HouseRule(
    title: "a file ends with one line end",
    applies: {
      !$0.text.isEmpty && !$0.path.contains("/Fixtures/") && !$0.path.contains("/Seeds/")
    },
    findings: { file in
      !file.text.hasSuffix("\n") || file.text.hasSuffix("\n\n") ? ["ends otherwise"] : []
    })

  static let linksLead = HouseRule(
    title: "a link in a page leads somewhere",
    applies: { $0.hasSuffix(".md") },
    findings: { file in
      let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
      return file.text.split(separator: "](").dropFirst().compactMap { rest in
        let target = rest.prefix { $0 != ")" && $0 != "#" }
        if target.isEmpty || target.contains(":") || target.contains(" ") { return nil }
        let path = (folder.isEmpty ? "" : folder + "/") + target
        return Repository.exists(path) ? nil : "\(target) is not there"
      }
    })

  static let scriptsRun = HouseRule(
    title: "a script can be run",
    applies: { $0.path.hasPrefix("scripts/") || $0.path.hasPrefix(".ci/") },
    findings: { file in
      (file.isExecutable ? [] : ["is not executable"])
        + (file.text.hasPrefix("#!") ? [] : ["does not say what runs it"])
    })

  private static func words(
    _ words: [String], _ title: String, in applies: @escaping @Sendable (Repository.File) -> Bool
  ) -> HouseRule {
    HouseRule(title: title, applies: applies) { file in
      words.filter { file.text.contains($0) }.map { "says \($0)" }
    }
  }

  private static func code(
    _ words: [String], _ title: String, in applies: @escaping @Sendable (Repository.File) -> Bool
  ) -> HouseRule {
    HouseRule(title: title, applies: applies) { file in
      let code = SwiftText(file.text).code
      return words.filter { code.contains($0) }.map { "uses \($0)" }
    }
  }
}

extension StringProtocol {
  /// Whether `word` stands in it other than as the end of a longer name: `entry?.name` is no `try?`.
  fileprivate func containsWord(_ word: String) -> Bool {
    var rest = self[...]
    while let found = rest.firstRange(of: word) {
      let before = rest[..<found.lowerBound].last
      if before.map({ !$0.isLetter && !$0.isNumber && $0 != "_" }) ?? true { return true }
      rest = rest[found.upperBound...]
    }
    return false
  }
}
