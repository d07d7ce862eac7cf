import Glibc
import MartletDiagnostics
import Testing

@testable import MartletCommand

/// What somebody hears who tries the program for the first time.
struct FirstHourTests {
  @Test(arguments: [
    ["check"], ["apply", "--yes"], ["materialize"], ["get", "checkout", "customer_id=c1"],
    ["status"],
    ["train", "checkout", "--spine", "a.csv", "--out", "b.csv"],
  ])
  func `whoever is in no project hears so, and what to do`(words: [String]) throws {
    try inFolder { folder in
      // One who is in the wrong folder, and one who names it.
      let line = "cd \(folder) && exec martlet \(words.joined(separator: " "))"
      let path = ["PATH": try builtFolder()]
      let here = try RunningProgram("bash", ["-c", line], environment: path).end()
      for run in [here, try martlet(words + ["--project", folder])] {
        #expect(run.exit == 3 && run.talk.contains("featuredefs"), "\(run)")
        #expect(run.talk.contains("`martlet init DIR`"), "\(run)")
      }
    }
  }

  @Test func `a training set is not written under the name of something else`() throws {
    try inFolder { folder in
      try #require(try martlet("init", "\(folder)/demo").exit == 0)
      let run = try martlet(
        "train", "checkout", "--draft", "--project", "\(folder)/demo", "--spine",
        "\(folder)/demo/data/labels.csv", "--out", "\(folder)/train.xlsx")
      #expect(run.exit == 3 && run.talk.contains("its ending is none of those"), "\(run)")
      #expect(
        run.talk.contains("these are: `.parquet`") && access("\(folder)/train.xlsx", F_OK) != 0)
    }
  }

  static let missing = ["no/train.parquet", "no/more/parts/"]

  @Test(arguments: missing)
  func `a folder that is missing is said before anything is computed`(out: String) throws {
    try inFolder { folder in
      try #require(try martlet("init", "\(folder)/demo").exit == 0)
      let run = try martlet(
        "train", "checkout", "--draft", "--project", "\(folder)/demo", "--spine",
        "\(folder)/demo/data/labels.csv", "--out", "\(folder)/\(out)")
      #expect(run.exit == 3 && run.talk.contains("there is no folder `\(folder)/no"), "\(run)")
      #expect(!run.talk.contains("rows of"), "\(run)")
    }
  }

  @Test func `an empty project says how it could begin`() throws {
    try inFolder { folder in
      mkdir("\(folder)/featuredefs", 0o755)
      let run = try martlet("check", "--project", folder)
      #expect(run.exit == 0 && run.talk.contains("`martlet init`"), "\(run)")
    }
  }

  @Test func `what the caller has to give is named as it is written`() throws {
    try inSample { folder in
      let run = try martlet("get", "checkout", "customer_id=c1", "--project", folder)
      #expect(run.exit == 2 && run.talk.contains("write `--given amount=VALUE`"), "\(run.talk)")
      let key = try martlet("get", "checkout", "--given", "amount=1", "--project", folder)
      #expect(key.exit == 2 && key.talk.contains("write `customer_id=VALUE`"), "\(key.talk)")
    }
  }

  @Test func `a training set's report fits a terminal, and is told in words afterwards`() throws {
    try inSample { folder in
      let run = try martlet(
        "train", "checkout", "--spine", "\(folder)/data/labels.csv", "--out", "\(folder)/t.parquet",
        "--project", folder)
      #expect(run.exit == 0, "\(run)")
      for line in run.talk.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      let set = try martlet("sets", "show", "1", "--project", folder).output
      #expect(!set.contains("{") && set.contains("\n  name: spending__spend_1d\n"), "\(set)")
      let report = try martlet("runs", "show", "1", "--project", folder).output
      #expect(!report.contains("{") && report.contains("\n  set: spending\n"), "\(report)")
    }
  }

  @Test func `a document becomes lines, without what is not there`() {
    let document: JSON = [
      "rows": 3, "none": nil, "empty": [], "names": ["a", "b"],
      "sets": [["set": "x", "rows": ["kept": 1]], ["set": "y"]],
    ]
    #expect(
      document.outline == [
        "rows: 3", "names: a, b", "sets:", "  set: x", "  rows:", "    kept: 1", "", "  set: y",
      ])
  }

  private static let numbers: [(Double, String)] = [
    (0.019400352733686066, "0.0194004"), (41.92424242424242, "41.9242"), (0, "0.0"), (-2.5, "-2.5"),
    (123456.789, "123457"), (1e20, "1e+20"), (.infinity, "inf"),
  ]

  @Test func `a number has six digits in a table`() {
    for (number, shown) in Self.numbers { #expect(number.inSixDigits == shown) }
  }

  func inSample(_ body: (String) throws -> Void) throws {
    try inFolder { folder in
      for words in [["init", folder], ["apply", "--yes"], ["materialize"]] {
        let run = try martlet(words + ["--project", folder])
        try #require(run.exit == 0, "\(run)")
      }
      try body(folder)
    }
  }

  func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    try body(folder)
  }
}
