import Glibc
import MartletDiagnostics
import Testing

@testable import MartletCommand

/// The projects under `examples/`, as far as they need no Python; `scripts/test-examples` runs the rest.
struct ExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    var service: String
    var label: String

    /// What one question names, and when it asks.
    var question: [String]

    /// A feature that the answer to it has.
    var feature: String

    var testDescription: String { name }
  }

  static let examples = [
    Example(
      name: "fraud", service: "checkout", label: "is_fraud",
      question: ["customer_id=c7", "shop_id=38", "--given", "amount=35", "--given", "at_hour=3"],
      feature: "spending__payments_30d"),
    Example(
      name: "churn", service: "churn", label: "left", question: ["subscriber_id=42"],
      feature: "use__visits_1y"),
    Example(
      name: "maintenance", service: "failure_risk", label: "fails",
      question: ["site=mill", "pump_number=2"], feature: "behaviour__pressure_sd_24h"),
    Example(
      name: "recommendations", service: "ranking", label: "bought",
      question: ["viewer_id=v17", "item_id=3"], feature: "match__affinity"),
  ]

  private static let top = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  @Test(arguments: examples)
  func `what is stored of an example answers as its files do, and so does a question`(
    example: Example
  ) throws {
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    let source = "\(Self.top)/examples/\(example.name)"
    let program = try builtFolder() + "/martlet"
    let copied = try RunningProgram("/usr/bin/cp", ["-R", "\(source)/featuredefs", folder]).end()
    try #require(copied.exit == 0, "\(copied.talk)")
    let made = try RunningProgram(
      "/bin/sh", ["\(source)/make-data", folder], environment: ["MARTLET": program]
    ).end()
    try #require(made.exit == 0, "\(made.talk)")
    func martlet(_ words: String...) throws -> ProgramRun {
      let run = try RunningProgram(program, words + ["--project", folder]).end()
      try #require(run.exit == 0, "\(words) \(run.talk)")
      return run
    }
    _ = try martlet("apply", "--yes")
    _ = try martlet("materialize")
    let labels = "\(folder)/data/labels.csv"
    for (more, out) in [([], "stored"), (["--draft"], "drafted")] {
      let words = ["train", example.service, "--spine", labels, "--out", "\(folder)/\(out).jsonl"]
      let run = try RunningProgram(program, words + more + ["--project", folder]).end()
      try #require(run.exit == 0, "\(run.talk)")
    }
    let stored = try text(ofFile: "\(folder)/stored.jsonl")
    #expect(try stored == text(ofFile: "\(folder)/drafted.jsonl"))
    #expect(stored.contains("\"\(example.label)\":0") && stored.contains("\"\(example.label)\":1"))
    let get = try RunningProgram(
      program,
      ["get", example.service] + example.question
        + ["--at", "2026-06-30", "--json", "--project", folder]
    ).end()
    let answer = try JSON(reading: get.output)
    let statuses = answer.member("statuses").member(example.feature).elements
    #expect(statuses == ["present"], "\(get.output) \(get.talk)")
  }

  @Test func `an example's data is the same whenever it is made`() throws {
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    let maker = "\(Self.top)/examples/fraud/make-data"
    func made() throws -> String {
      let run = try RunningProgram("/bin/sh", [maker, folder]).end()
      try #require(run.exit == 0, "\(run.talk)")
      return try RunningProgram(
        "/bin/sh", ["-c", "cat \(folder)/data/*.csv | cksum"]
      ).end().output
    }
    let first = try made()
    #expect(try made() == first)
    #expect(first == "640158648 1500563\n")
  }
}
