import Glibc
import Testing

@testable import MartletCommand

struct DefinitionCommandTests {
  private static let top =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  @Test func `the repository's own project has no findings`() throws {
    let run = try martlet("check", "--project", Self.top)
    #expect(run.output.hasPrefix("no findings in 2 files, 2 entities, 2 sources"))
    #expect(run.exit == 0)
  }

  @Test func `findings are the answer, and exit 1 says that there are errors`() throws {
    try inProject("entity a(x: int)\nservice s {\n    b.c\n}\n") { folder in
      let run = try martlet("check", "--project", folder)
      #expect(
        run.output.hasPrefix(
          """
          error[unknown-feature-set]: there is no feature set `b`
            ┌─ featuredefs/a.martlet:3:5
            │
          3 │     b.c
            │     ^ not found
          """))
      #expect(run.exit == 1)
      let json = try martlet("check", "--project", folder, "--json")
      #expect(
        json.output.hasPrefix(
          #"{"ok":false,"errors":1,"warnings":0,"shown":1,"findings":[{"severity":"error","code":"unknown-feature-set""#
        ))
      #expect(json.exit == 1)
    }
  }

  @Test func `warnings pass, unless strictly`() throws {
    try inProject("entity a(x: int)\n") { folder in
      let lenient = try martlet("check", "--project", folder)
      let strict = try martlet("check", "--project", folder, "--strict")
      #expect(lenient.exit == 0)
      #expect(strict.exit == 1)
    }
  }

  @Test func `a hundred findings are shown, and the rest is counted`() throws {
    let lines = (0..<150).map { "entity e\($0)(x: int)\n" }.joined()
    try inProject(lines) { folder in
      let run = try martlet("check", "--project", folder)
      #expect(run.output.split(separator: "\n").count { $0.hasPrefix("warning[") } == 100)
      #expect(
        run.output.hasSuffix(
          """
          and 50 more findings; `--limit 0` shows all

          0 errors, 150 warnings; `martlet explain CODE` tells more

          """))
      let all = try martlet("check", "--project", folder, "--limit", "0")
      #expect(all.output.split(separator: "\n").count { $0.hasPrefix("warning[") } == 150)
      let json = try martlet("check", "--project", folder, "--json", "--limit", "2")
      #expect(json.output.hasPrefix(#"{"ok":true,"errors":0,"warnings":150,"shown":2,"#))
    }
  }

  @Test func `watching checks again when a file changes, and Ctrl-C ends it`() throws {
    try inProject("entity a(x: int)\n") { folder in
      let path = "\(folder)/featuredefs/a.martlet"
      let output = "\(folder)/output"
      defer { unlink(output) }
      close(creat(output, 0o600))
      let running = try RunningProgram(
        builtFolder() + "/martlet", ["check", "--watch", "--project", folder], output: output)
      func wait(for wanted: String, after written: String) throws {
        for _ in 0..<3_000 where !(try text(ofFile: output).contains(wanted)) { usleep(10_000) }
        #expect(try text(ofFile: output).contains(wanted), "after \(written)")
      }
      try wait(for: "0 errors, 1 warning", after: "the start")
      let file = try #require(fopen(path, "w"))
      fputs("entity a(x: nothing)\n", file)
      fclose(file)
      try wait(for: "error[unknown-type]", after: "a change")
      // Nothing changes, nothing is said.
      let said = try text(ofFile: output)
      usleep(800_000)
      #expect(try text(ofFile: output) == said)
      unlink(path)
      try wait(for: "no findings in 0 files", after: "the file is gone")
      running.signal(SIGINT)
      #expect(try running.end().exit == 130)
    }
  }

  @Test func `what runs for a definition is shown step by step`() throws {
    let set = try martlet("show", "customer_spend", "--plan", "--project", Self.top)
    #expect(set.output.hasPrefix("set customer_spend of customer from events transactions\n"))
    let feature = try martlet("show", "customer_spend.spend_1h", "--plan", "--project", Self.top)
    #expect(feature.output == set.output)
    let computed = try martlet("show", "checkout_risk", "--plan", "--project", Self.top)
    #expect(
      computed.exit == 3 && computed.talk.contains("nothing runs for `checkout_risk` by itself"))
  }

  @Test func `a zone that this machine does not know is a finding`() throws {
    try inProject("project {\n    zone \"Europe/Berlim\"\n}\n") { folder in
      let run = try martlet("check", "--project", folder)
      #expect(run.exit == 1 && run.output.contains("= help: did you mean `\"Europe/Berlin\"`?"))
    }
  }

  @Test func `formatting writes what differs, and checking only says so`() throws {
    try inProject("entity a (x:int)\n") { folder in
      let path = "\(folder)/featuredefs/a.martlet"
      let checked = try martlet("fmt", "--check", "--project", folder)
      #expect(checked.exit == 1)
      #expect(checked.output == path + "\n")
      #expect(try text(ofFile: path) == "entity a (x:int)\n")
      #expect(try martlet("fmt", "--project", folder).exit == 0)
      #expect(try text(ofFile: path) == "entity a(x: int)\n")
      #expect(try martlet("fmt", "--check", "--project", folder).exit == 0)
    }
  }

  @Test func `a finding is explained by its page, a wrong code by a near one`() throws {
    #expect(try martlet("explain", "cycle").output.hasPrefix("# cycle\n"))
    let wrong = try martlet("explain", "cylce")
    #expect(wrong.exit == 2)
    #expect(wrong.talk.contains("did you mean `cycle`?"))
  }

  @Test func `what is defined is listed, by kind if asked`() throws {
    let all = try martlet("list", "--project", Self.top)
    #expect(
      all.output.contains("service  fraud_check        15 features by customer_id, merchant_id"))
    #expect(!all.output.contains("customer_spend.spend_1h"))
    let features = try martlet("list", "features", "--json", "--project", Self.top)
    #expect(features.output.split(separator: "\n").count == 19)
    #expect(features.output.hasPrefix(#"{"kind":"feature","name":"customer_profile.country""#))
    #expect(try martlet("list", "things", "--project", Self.top).exit == 2)
  }

  @Test func `a definition is shown with its place, its words and its users`() throws {
    let feature = try martlet("show", "customer_spend.spend_24h", "--project", Self.top)
    #expect(feature.output.contains("Stands in  featuredefs/fraud.martlet:23\nType       double\n"))
    #expect(feature.output.contains("Used by    checkout_risk.ratio, fraud_check\n"))
    #expect(
      feature.output.hasSuffix(
        "\n    spend     = sum(euros)                   over 1h, 24h, 7d, 30d\n"))
    let source = try martlet("show", "profiles", "--project", Self.top)
    #expect(source.output.hasPrefix("Kind       source of states\n"))
    #expect(source.output.contains("Used by    customer_profile\n"))
    let wrong = try martlet("show", "customer_spent", "--project", Self.top)
    #expect(wrong.exit == 3 && wrong.talk.contains("did you mean `customer_spend`?"))
  }

  /// A project whose only definitions are `text`, for as long as `body` runs.
  private func inProject(_ text: String, _ body: (String) throws -> Void) throws {
    let folder = try temporaryFolder()
    let definitions = "\(folder)/featuredefs"
    let path = "\(definitions)/a.martlet"
    try #require(mkdir(definitions, 0o755) == 0)
    defer {
      unlink(path)
      rmdir(definitions)
      rmdir(folder)
    }
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
    try body(folder)
  }
}
