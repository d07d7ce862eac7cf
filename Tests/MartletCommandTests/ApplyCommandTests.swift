import Glibc
import Testing

@testable import MartletCommand

/// `plan`, `apply` and `history`, whole processes beside each other.
struct ApplyCommandTests {
  @Test func `a plan says what would change, and leaves no trace`() throws {
    try inShop { shop in
      let plan = try shop.martlet("plan")
      #expect(
        plan.output == """
          Change  Kind      Name           Reaches
          create  entity    customer
          create  source    orders
          create  features  spend
          create  feature   spend.paid_1h
          create  service   risk

          Read again  Why     From    Files  Rows  Bytes
          spend       is new  orders      0     0    0 B

          nothing is applied yet; 5 to create, 0 to change, 0 to remove, 0 reached, 0 unchanged

          """)
      #expect(access(shop.folder + "/.martlet", F_OK) != 0)
      #expect(try shop.martlet("history").output == "nothing is applied yet\n")
    }
  }

  @Test func `each kind of edit is planned for what it is`() throws {
    try inShop { shop in
      #expect(try shop.martlet("apply", "--yes").output.hasSuffix("version 1 applied\n"))
      #expect(try shop.martlet("plan").output == "version 1 is applied; nothing would change\n")

      try shop.define(comment: "# layout only")
      #expect(
        try shop.martlet("plan").output
          == "version 1 is applied; only its texts would change, and no meaning\n")
      #expect(try shop.martlet("apply", "--yes").output.hasSuffix("version 1 rewritten\n"))

      // A window more is a new feature; those that were stay what they were.
      try shop.define(windows: "1h, 2h")
      #expect(
        try shop.martlet("plan").output == """
          Change  Kind      Name           Reaches
          create  feature   spend.paid_2h
          change  features  spend

          version 1 is applied; 1 to create, 1 to change, 0 to remove, 0 reached, 4 unchanged

          """)
      // What rows are kept reaches every feature of the set, and the service that gives one.
      try shop.define(filter: "where amount > 1.0")
      #expect(
        try shop.martlet("plan", "--json").output
          == #"{"version":1,"created":[],"changed":[{"kind":"features","name":"spend","reaches":[{"kind":"feature","name":"spend.paid_1h"},{"kind":"service","name":"risk"}]}],"removed":[],"reached":[{"kind":"feature","name":"spend.paid_1h"},{"kind":"service","name":"risk"}],"unchanged":2,"only_text":false,"services_reached":["risk"],"breaks":[],"read_again":[{"set":"spend","why":"layout","source":"orders","files":0,"rows":0,"rows_are_estimated":false,"bytes":0}],"empty_places":[{"source":"orders","path":"\#(shop.folder)/orders.parquet","says":"no file is there"}]}"#
          + "\n")
    }
  }

  @Test func `an older version can be applied again`() throws {
    try inShop { shop in
      _ = try shop.martlet("apply", "--yes")
      try shop.define(windows: "1h, 2h")
      _ = try shop.martlet("apply", "--yes", "--message", "more windows")
      let back = try shop.martlet("apply", "--yes", "--version", "1")
      #expect(back.output.contains("remove  feature   spend.paid_2h"))
      #expect(back.output.hasSuffix("version 3 applied\n"))
      let history = try shop.martlet("history").output
      #expect(history.contains("back to version 1") && history.contains("more windows"))
      #expect(try shop.martlet("apply", "--yes", "--version", "9").exit == 3)
      #expect(try shop.martlet("history", "--audit").output.split(separator: "\n").count == 4)
    }
  }

  @Test func `the doctor finds a log that was tampered with`() throws {
    try inShop { shop in
      _ = try shop.martlet("apply", "--yes")
      let sound = try shop.martlet("doctor")
      #expect(sound.exit == 0 && sound.output.contains("Log:   1 change, each as it was written"))
      let registry = shop.folder + "/.martlet/registry.sqlite"
      let script =
        "import sqlite3; c = sqlite3.connect('\(registry)');"
        + "c.execute(\"UPDATE audit SET author = 'nobody'\"); c.commit()"
      try #require(try RunningProgram("python3", ["-c", script]).end().exit == 0)
      let tampered = try shop.martlet("doctor")
      #expect(tampered.exit == 1)
      #expect(
        tampered.output.contains(
          "problem: checking the log of changes: row 1 of the log is not the one that was written"))
    }
  }

  @Test func `what a version changed is told by names and by lines`() throws {
    try inShop { shop in
      _ = try shop.martlet("apply", "--yes")
      try shop.define(windows: "1h, 2h", filter: "where amount > 1.0")
      _ = try shop.martlet("apply", "--yes", "--message", "more windows")
      let second = try shop.martlet("history", "2").output
      #expect(second.hasPrefix("version 2, applied 20") && second.contains(": more windows\n"))
      #expect(
        second.hasSuffix(
          """

          since version 1:

          Change  Kind      Name           Reaches
          create  feature   spend.paid_2h
          change  features  spend          spend.paid_1h, risk

          featuredefs/a.martlet
              }
              features spend of customer from orders {
            -     \n  -     paid = sum(amount) over 1h
            +     where amount > 1.0
            +     paid = sum(amount) over 1h, 2h
              }
              service risk { spend.paid_1h }

          """), "\(second)")
      let all = try shop.martlet("history", "2", "--from", "0").output
      #expect(all.contains("since the beginning:") && all.contains("create  service   risk"))
      #expect(try shop.martlet("history", "2", "--from", "2").output.contains("no meaning changed"))
      let json = try shop.martlet("history", "2", "--json").output
      #expect(json.hasPrefix(#"{"version":2,"since":1,"#) && json.contains(#""+    where amount"#))
      #expect(try shop.martlet("history", "7").exit == 3)
    }
  }

  @Test func `nothing is applied unasked, nor with errors`() throws {
    try inShop { shop in
      let unasked = try shop.martlet("apply")
      #expect(unasked.exit == 2)
      #expect(unasked.talk.contains("`--yes` applies without asking"))
      try shop.define(windows: "1parsec")
      #expect(try shop.martlet("apply", "--yes").exit == 1)
      #expect(try shop.martlet("plan").exit == 1)
      #expect(access(shop.folder + "/.martlet", F_OK) != 0)
    }
  }

  @Test func `of two who apply at once both are heard, one after the other or not at all`() throws {
    try inShop { shop in
      _ = try shop.martlet("apply", "--yes")
      for round in 1...6 {
        try shop.define(windows: "\(round + 1)h")
        let both = try (0..<2).map { _ in try shop.start("apply", "--yes") }
        let exits = try both.map { try $0.end().exit }
        // The same definitions: one applies, the other finds it done or is told that it was slower.
        #expect(exits.contains(0) && exits.allSatisfy { $0 == 0 || $0 == 5 }, "\(exits)")
        #expect(try shop.versionCount() == round + 1)
      }
      #expect(try shop.martlet("history", "--audit").exit == 0)
    }
  }

  /// Two hundred times with `MARTLET_NIGHTLY` set.
  @Test func `killed at any moment, a version is there whole or not at all`() throws {
    try inShop { shop in
      _ = try shop.martlet("apply", "--yes")
      var random = SystemRandomNumberGenerator()
      var count = 1
      for round in 0..<(getenv("MARTLET_NIGHTLY") == nil ? 20 : 200) {
        try shop.define(windows: "\(round + 2)h")
        let running = try shop.start("apply", "--yes")
        usleep(UInt32.random(in: 0...40_000, using: &random))
        running.signal(SIGKILL)
        _ = try running.end()
        let now = try shop.versionCount()
        #expect(now == count || now == count + 1)
        count = now
        let plan = try shop.martlet("plan")
        #expect(plan.exit == 0 && plan.output.contains("version \(count) is applied"))
        #expect(try shop.martlet("history", "--audit").exit == 0)
      }
      // Nobody who was killed holds anything.
      #expect(try shop.martlet("apply", "--yes").exit == 0)
    }
  }
}

/// A project whose definitions are written anew at will.
private struct ChangingShop {
  let folder: String

  func define(windows: String = "1h", filter: String = "", comment: String = "") throws {
    let text = """
      \(comment)
      entity customer(customer: string)
      events orders {
          from "orders.parquet"
          at time
          customer: string
          amount: double
          time: time
      }
      features spend of customer from orders {
          \(filter)
          paid = sum(amount) over \(windows)
      }
      service risk { spend.paid_\(windows.hasPrefix("1h") ? "1h" : windows) }
      """
    let file = try #require(fopen(folder + "/featuredefs/a.martlet", "w"))
    fputs(text, file)
    fclose(file)
  }

  func martlet(_ words: String...) throws -> ProgramRun {
    try MartletCommandTests.martlet(words + ["--project", folder])
  }

  func start(_ words: String...) throws -> RunningProgram {
    try RunningProgram(builtFolder() + "/martlet", words + ["--project", folder])
  }

  func versionCount() throws -> Int {
    try martlet("history", "--json").output.split(separator: "\n").count
  }
}

private func inShop(_ body: (ChangingShop) throws -> Void) throws {
  let shop = ChangingShop(folder: try temporaryFolder())
  try #require(mkdir(shop.folder + "/featuredefs", 0o755) == 0)
  defer {
    // What is left behind lies among the system's temporary files.
    _ = try? RunningProgram("/usr/bin/rm", ["-r", shop.folder]).end()
  }
  try shop.define()
  try body(shop)
}
