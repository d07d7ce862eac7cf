import Glibc
import Testing

@testable import MartletCommand

/// `run` and what steps in, whole processes over a store.
struct RunCommandTests {
  @Test func `what is due is brought up to date once, and what is new when it comes`() throws {
    let warehouse = try Warehouse(seed: 21)
    defer { warehouse.remove() }
    try warehouse.define(windows: "2h, 400d", filter: "on new data")
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    let first = try warehouse.martlet("run", "--once", "--look", "50ms")
    #expect(first.exit == 0, "\(first.talk)")
    #expect(first.talk.contains("spend: due ") && first.talk.contains(", done, run 1"))
    // The other set has no schedule, and is nobody's but a person's.
    #expect(!first.talk.contains("file: due"))
    #expect(try warehouse.martlet("run", "--once").talk.contains("due") == false)
    #expect(try warehouse.martlet("runs", "logs", "1").output.contains("spend: due"))
    try #require(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  @Test func `a paused set stands still until it is resumed`() throws {
    let warehouse = try Warehouse(seed: 22)
    defer { warehouse.remove() }
    try warehouse.define(windows: "2h", filter: "every 1h")
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    #expect(
      try warehouse.martlet("pause", "spend", "--reason", "it moves").output == "spend: paused\n")
    #expect(try warehouse.martlet("pause", "spend").output == "spend: paused already\n")
    #expect(try warehouse.martlet("run", "--once").talk.contains("due") == false)
    let status = try warehouse.martlet("status")
    #expect(status.output.contains("paused by ") && status.output.contains(": it moves"))
    #expect(try warehouse.martlet("resume", "spend").output == "spend: goes on\n")
    #expect(try warehouse.martlet("run", "--once").talk.contains("spend: due"))
    #expect(try warehouse.martlet("pause", "spned").exit == 3)
  }

  @Test func `a run that failed says so, and can be done again by hand`() throws {
    let warehouse = try Warehouse(seed: 23)
    defer { warehouse.remove() }
    try warehouse.define(windows: "2h", filter: "every 1h")
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try warehouse.write("orders/1.csv", "number,customer\n1,c1\n")
    let run = try warehouse.martlet("run", "--once")
    // Columns that are others do not become right by waiting.
    #expect(run.exit == 1 && run.talk.contains("given up after 1 attempt:"), "\(run.talk)")
    let status = try warehouse.martlet("status")
    #expect(status.exit == 1 && status.output.contains("given up: "), "\(status.output)")
    #expect(try warehouse.martlet("runs", "retry", "1").exit == 3)
    #expect(try warehouse.martlet("runs", "cancel", "1").exit == 1)
    try warehouse.addDay()
    unlink("\(warehouse.folder)/orders/1.csv")
    #expect(try warehouse.martlet("runs", "retry", "1").exit == 0)
  }

  @Test
  func `a run that was begun by hand ends when somebody asks for it, and can be done after all`()
    throws
  {
    let warehouse = try Warehouse(seed: 26, rowsPerFile: 20_000)
    defer { warehouse.remove() }
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    let begun = try RunningProgram(
      builtFolder() + "/martlet",
      ["materialize", "spend", "--project", warehouse.folder, "--progress", "none"])
    while try !warehouse.martlet("runs", "list").output.contains("writing") { usleep(1_000) }
    let asked = try warehouse.martlet("runs", "cancel", "1")
    #expect(asked.exit == 0 && asked.output == "run 1 is asked to end\n")
    let ended = try begun.end()
    #expect(ended.exit == 130 && ended.talk.contains("run 1: it was cancelled"), "\(ended.talk)")
    #expect(try warehouse.martlet("status").output.contains("never"))
    #expect(try warehouse.martlet("runs", "cancel", "1").output == "run 1 has ended already\n")
    try #require(try warehouse.martlet("runs", "retry", "1").exit == 0)
    // The log names what came of it.
    #expect(try warehouse.martlet("runs", "logs", "2").output.contains("data version 1\n"))
    #expect(try warehouse.martlet("runs", "show", "2", "--json").output.contains(#""data":1,"#))
  }

  @Test func `hooks are told before a single round ends, and of one bad file once`() throws {
    let warehouse = try Warehouse(seed: 27)
    defer { warehouse.remove() }
    try warehouse.define(windows: "2h", filter: "on new data")
    try warehouse.write(
      "featuredefs/b.martlet",
      """
      hook all {
          on  success, failure, fresh
          run "cat >> told"
      }
      """)
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("run", "--once").exit == 0)
    func told() throws -> [Substring] {
      try text(ofFile: warehouse.folder + "/told").split(separator: "\n").map {
        $0.split(separator: "\"", omittingEmptySubsequences: false)[11]
      }
    }
    // The other set of the service was never read: its data is not fresh.
    #expect(try told() == ["success"])
    try warehouse.write("orders/9.csv", "number,customer\n1,c1\n")
    let keeper = try RunningProgram(
      builtFolder() + "/martlet",
      ["run", "--look", "20ms", "--project", warehouse.folder])
    while try told().count < 2 { usleep(10_000) }
    // Time for many looks.
    usleep(1_500_000)
    keeper.signal(SIGTERM)
    #expect(try keeper.end().exit == 0)
    #expect(try told() == ["success", "failure"])
  }

  @Test func `a backfill reads its files again, and leaves the answers as they were`() throws {
    let warehouse = try Warehouse(seed: 24)
    defer { warehouse.remove() }
    try warehouse.addDay()
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    let before = try warehouse.stored()
    let plan = try warehouse.martlet(
      "backfill", "spend", "--from", "1960-01-01", "--to", "2030-01-01", "--dry-run")
    #expect(plan.output == "2 files in 1 piece\n  1  orders/1.csv\n  1  orders/2.csv\n")
    let done = try warehouse.martlet(
      "backfill", "spend", "--from", "1960-01-01", "--to", "2030-01-01")
    #expect(done.output.hasPrefix("piece 1 of 1: 2 files, "), "\(done.talk)")
    #expect(try warehouse.stored() == before)
    let nothing = try warehouse.martlet(
      "backfill", "spend", "--from", "1900-01-01", "--to", "1900-01-02")
    #expect(nothing.output == "no file has rows of these times\n")
    #expect(try warehouse.martlet("materialize").output.contains("orders: 0 files"))
    #expect(
      try warehouse.martlet("backfill", "spend", "--from", "2030-01-01", "--to", "2029-01-01").exit
        == 2)
  }

  @Test func `lineage, search and stats answer of what is applied and was read`() throws {
    let warehouse = try Warehouse(seed: 25)
    defer { warehouse.remove() }
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    let up = try warehouse.martlet("lineage", "file.tier", "--up")
    #expect(up.output.contains("column customers.tier") && up.output.contains("file customers.csv"))
    let down = try warehouse.martlet("lineage", "orders.item", "--down")
    #expect(down.output.hasSuffix("reaches 3 features, 1 service\n"), "\(down.output)")
    #expect(try warehouse.martlet("lineage", "risk", "--format", "dot").output.hasPrefix("digraph"))
    let train = try warehouse.martlet(
      "train", "risk", "--spine", warehouse.folder + "/spine.parquet", "--out",
      warehouse.folder + "/out.parquet")
    #expect(train.exit == 0, "\(train.talk)")
    let file = try warehouse.martlet("lineage", "orders/1.csv")
    #expect(file.output.contains("training set 1"), "\(file.output)")
    #expect(try warehouse.martlet("lineage", "nothing").exit == 3)
    #expect(try warehouse.martlet("search", "TIER").output.contains("file.tier"))
    #expect(try warehouse.martlet("search", "tier", "--unused").exit == 1)
    let stats = try warehouse.martlet("stats", "spend", "--json")
    #expect(stats.output.contains(#""column":"amount""#), "\(stats.output) \(stats.talk)")
    #expect(try warehouse.martlet("stats", "spend.amount").output.contains("amount"))
  }
}
