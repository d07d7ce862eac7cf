import Glibc
import MartletColumns
import MartletDiagnostics
import Testing

@testable import MartletCommand

/// `materialize`, whole processes over files that come, change and go.
struct MaterializeCommandTests {
  @Test(arguments: 1...6)
  func `however the files change, what is stored answers as they do`(_ seed: UInt64) throws {
    let warehouse = try Warehouse(seed: seed)
    defer { warehouse.remove() }
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    for step in 0..<5 {
      for _ in 0..<Int(seed % 3) + (step == 0 ? 0 : 1) { try warehouse.disturb() }
      let run = try warehouse.martlet("materialize")
      #expect(run.exit == 0, "\(run.talk)")
      #expect(try warehouse.stored() == warehouse.drafted(), "step \(step)")
    }
  }

  @Test func `only what is new is read, and what was stays readable`() throws {
    let warehouse = try Warehouse(seed: 11)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    #expect(try warehouse.martlet("materialize").output.contains("orders: 1 file"))
    let first = try warehouse.stored()
    let again = try warehouse.martlet("materialize").output
    #expect(again.contains("orders: 0 files, 0 B, nothing new"))
    try warehouse.addDay()
    let plan = try warehouse.martlet("materialize", "spend", "--dry-run").output
    #expect(plan == "spend: 1 new file, 1 as before\n  + orders/2.csv\n")
    #expect(try warehouse.stored() == first)
    let json = try warehouse.martlet("materialize", "spend", "--json").output
    #expect(json.contains(#""files":1,"#) && json.contains(#""late":"#))
    let second = try warehouse.stored()
    #expect(second != first)
    // What stands in for rows that were known is not late.
    try warehouse.changeDay()
    let changed = try warehouse.martlet("materialize", "spend", "--json").output
    #expect(!json.contains(#""late":0,"#) && changed.contains(#""late":0,"#), "\(changed)")
    #expect(changed.contains(#""changed_files":1,"#))
    // Reading an older version of the data gives what was given then.
    let older = try warehouse.martlet(
      "train", "risk", "--spine", warehouse.folder + "/spine.parquet", "--out",
      warehouse.folder + "/older.jsonl", "--data", "2")
    #expect(older.exit == 0)
    #expect(try warehouse.bytes(of: "older.jsonl") == first)
  }

  @Test func `each command that reads answers as of an older version when told to`() throws {
    let warehouse = try Warehouse(seed: 17)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let moment = ["--at", "1970-01-06T00:00:00Z", "--project", warehouse.folder]
    func get(_ more: String...) throws -> String {
      let said = try martlet(["get", "risk", "customer=c1", "--json"] + moment + more)
      #expect(said.exit == 0, "\(said.talk)")
      return said.output
    }
    func preview(_ more: String...) throws -> String {
      let said = try martlet(["preview", "spend", "--limit", "99", "--json"] + moment + more)
      #expect(said.exit == 0, "\(said.talk)")
      return said.output
    }
    // Two sources were read, each a version.
    let (first, seen) = (try get("--data", "2"), try preview("--data", "2"))
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n").sorted() }
    #expect(try lines(seen) == lines(preview()), "what is stored is what the files say")
    let line = try #require(seen.split(separator: "\n").first { $0.contains(#""c1""#) })
    guard case .object(let parts) = try JSON(reading: String(line)),
      case .object(let members)? = parts.first(where: { $0.name == "features" })?.value
    else {
      Issue.record("\(line)")
      return
    }
    for member in members {
      #expect(first.contains("\"spend__\(member.name)\":[\(member.value.text)]"))
    }
    func explained(_ more: String...) throws -> ProgramRun {
      try martlet(["explain", "risk.spend__orders_400d", "customer=c1"] + moment + more)
    }
    let told = try explained("--data", "2").output
    #expect(told.contains("not asked about version 2 of the data"), "\(told)")
    let then = "\(Instant.now)"
    for _ in 0..<3 { try warehouse.addDay() }
    _ = try warehouse.martlet("materialize")
    #expect(try get("--data", "3") != first && preview("--data", "3") != seen)
    #expect(try get("--data", "2") == first && get("--data-at", then) == first)
    #expect(try preview("--data", "2") == seen && preview("--data-at", then) == seen)
    #expect(try explained("--data", "2").output == told && explained().output != told)
    #expect(try explained("--data-at", then).output == told)
    let both = try martlet(
      ["get", "risk", "customer=c1", "--data", "2", "--data-at", then] + moment)
    #expect(both.exit == 2 && both.talk.contains("both name a version"))
  }

  @Test func `a backfill reads history once for all new sets of a source`() throws {
    let warehouse = try Warehouse(seed: 19)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    for _ in 0..<5 { try warehouse.addDay() }
    _ = try warehouse.martlet("materialize")
    let names = ["large", "small", "all"]
    let sets = zip(names, ["where amount > 5.0", "where amount < 5.0", ""]).map { name, filter in
      "features \(name) of customer from orders {\n\(filter)\nn = count()\n}\n"
    }
    try warehouse.write("featuredefs/b.martlet", sets.joined())
    _ = try warehouse.martlet("apply", "--yes")
    let size = warehouse.days.values.reduce(0) { $0 + $1.utf8.count }
    let lines = try warehouse.martlet("materialize", "--json").output
      .split(separator: "\n").filter { $0.contains(#""source":"orders""#) }
    let line = try #require(lines.first)
    #expect(lines.count == 1 && line.contains(#""files":6,"bytes":\#(size),"#), "\(lines)")
    for name in names {
      #expect(line.contains(#""set":"\#(name)","new_files":6,"#), "\(line)")
    }
    #expect(line.contains(#""set":"spend","new_files":0,"#))
  }

  @Test func `of many new files the first are named and the rest counted`() throws {
    let warehouse = try Warehouse(seed: 18)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    for _ in 0..<29 { try warehouse.addDay() }
    let plan = try warehouse.martlet("materialize", "spend", "--dry-run").output
    #expect(plan.hasPrefix("spend: 30 new files, 0 as before\n"))
    #expect(plan.split(separator: "\n").count == 12 && plan.hasSuffix("  + and 20 others\n"))
    let all = try warehouse.martlet("materialize", "spend", "--dry-run", "--json").output
    #expect(all.split(separator: "orders/").count == 31)
  }

  @Test func `a change of meaning recomputes its own set, and a change of layout none`() throws {
    let warehouse = try Warehouse(seed: 12)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    // Another window over the same rows is no reason to read them again.
    try warehouse.define(windows: "3h, 400d")
    _ = try warehouse.martlet("apply", "--yes")
    #expect(try warehouse.martlet("materialize").output.contains("orders: 0 files"))
    #expect(try warehouse.stored() == warehouse.drafted())
    try warehouse.define(windows: "3h, 400d", filter: "where amount > 5.0")
    _ = try warehouse.martlet("apply", "--yes")
    let stale = try warehouse.martlet(
      "train", "risk", "--spine", warehouse.folder + "/spine.parquet", "--out", "/dev/null")
    #expect(stale.exit == 3 && stale.talk.contains("`martlet materialize` brings it up to date"))
    let run = try warehouse.martlet("materialize").output
    #expect(run.contains("rebuilt") && run.contains("customers: 0 files"))
    #expect(try warehouse.stored() == warehouse.drafted())
    let rebuilt = try warehouse.martlet("materialize", "--rebuild").output
    #expect(rebuilt.contains("customers: 1 file"))
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  @Test func `rows beyond what was read are refused, unless they are wanted`() throws {
    let warehouse = try Warehouse(seed: 13)
    defer { warehouse.remove() }
    let words = [
      "train", "risk", "--spine", warehouse.folder + "/spine.parquet", "--out",
      warehouse.folder + "/out.parquet", "--project", warehouse.folder,
    ]
    let unapplied = try martlet(words)
    #expect(unapplied.exit == 3 && unapplied.talk.contains("`martlet apply` records them"))
    _ = try warehouse.martlet("apply", "--yes")
    #expect(try martlet(words).talk.contains("`martlet materialize` brings it up to date"))
    #expect(access(warehouse.folder + "/out.parquet", F_OK) != 0)
  }

  @Test func `an expectation that fails leaves everything as it was`() throws {
    let warehouse = try Warehouse(seed: 14)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let before = try warehouse.stored()
    let files = try warehouse.segmentFiles(of: "spend")
    try warehouse.write(
      "orders/99.csv", "number,customer,amount,item,event_time,known_at\n1,c1,nothing,i,,\n")
    let run = try warehouse.martlet("materialize")
    #expect(run.exit == 3 && run.talk.contains("`amount` in row 1 is `nothing`"), "\(run.talk)")
    #expect(try warehouse.stored() == before)
    #expect(try warehouse.segmentFiles(of: "spend") == files)
  }

  @Test func `rows that are not as expected are dropped, counted, and some are kept to look at`()
    throws
  {
    let warehouse = try Warehouse(seed: 18)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    let output = try warehouse.martlet("materialize", "spend").output
    let dropped = warehouse.days[1]?.split(separator: "\n").count { $0.contains(",-") } ?? 0
    #expect(dropped > 0 && output.contains("  \(count(dropped, "row")) dropped"), "\(output)")
    let shown = try warehouse.martlet("runs", "show", "1").output
    #expect(shown.contains("rejected by `amount >= 0.0` in orders/1.csv: {\"number\":"))
    #expect(shown.split(separator: "\n").count { $0.hasPrefix("rejected") } == dropped)
  }

  /// Five hundred times with `MARTLET_NIGHTLY` set.
  @Test func `killed at any moment, the store is as before or as after`() throws {
    let warehouse = try Warehouse(seed: 15, rowsPerFile: 1_500)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    var random = SystemRandomNumberGenerator()
    for _ in 0..<(getenv("MARTLET_NIGHTLY") == nil ? 10 : 170) {
      let before = try warehouse.stored()
      try warehouse.disturb()
      let after = try warehouse.drafted()
      for _ in 0..<3 {
        let running = try warehouse.start("materialize")
        usleep(UInt32.random(in: 0...250_000, using: &random))
        running.signal(SIGKILL)
        _ = try running.end()
        // The two sources commit one after the other, and a disturbance touches one of them.
        let now = try warehouse.stored()
        #expect(now == before || now == after)
      }
      let run = try warehouse.martlet("materialize")
      #expect(run.exit == 0, "\(run.talk)")
      #expect(try warehouse.stored() == after)
      for set in ["spend", "file"] {
        #expect(try warehouse.segmentFiles(of: set).allSatisfy { !$0.hasSuffix(".partial") })
      }
    }
  }

  @Test func `of many runs at once one works, and the others wait or leave`() throws {
    let warehouse = try Warehouse(seed: 16, rowsPerFile: 3_000)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    let runs = try (0..<8).map { place in
      try place < 4
        ? warehouse.start("materialize") : warehouse.start("materialize", "--wait", "1m")
    }
    let exits = try runs.map { try $0.end().exit }
    #expect(exits[..<4].allSatisfy { $0 == 0 || $0 == 5 }, "\(exits)")
    #expect(exits[4...].allSatisfy { $0 == 0 }, "\(exits)")
    #expect(try warehouse.segmentFiles(of: "spend").count == 1)
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  @Test func `of more files than may be open at once, all are read`() throws {
    let warehouse = try Warehouse(seed: 32, rowsPerFile: 2)
    defer { warehouse.remove() }
    for _ in 0..<300 { try warehouse.addDay() }
    _ = try warehouse.martlet("apply", "--yes")
    let run = try RunningProgram(
      "/usr/bin/prlimit",
      ["--nofile=300", builtFolder() + "/martlet", "materialize", "--offline"]
        + ["--project", warehouse.folder]
    ).end()
    #expect(run.exit == 0, "\(run.talk)")
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  @Test func `a file that grows while it is read ends the run, and nothing of it is left`() throws {
    let warehouse = try Warehouse(seed: 31, rowsPerFile: 40_000)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    for _ in 0..<20 {
      let running = try warehouse.start("materialize", "spend", "--rebuild", "--offline")
      for _ in 0..<8 {
        usleep(20_000)
        _ = try RunningProgram("/usr/bin/touch", ["\(warehouse.folder)/orders/1.csv"]).end()
      }
      let run = try running.end()
      if run.exit == 0 { continue }
      #expect(run.exit == 3 && run.talk.contains("it was changed while it was read"), "\(run.talk)")
      let files = try warehouse.segmentFiles(of: "spend")
      #expect(files.allSatisfy { $0.hasSuffix(".parquet") }, "\(files)")
      return
    }
    Issue.record("no run was disturbed")
  }

  @Test func `ended by a signal, the run leaves within moments and without a trace`() throws {
    let warehouse = try Warehouse(seed: 17, rowsPerFile: 20_000)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    let running = try warehouse.start("materialize")
    usleep(150_000)
    running.signal(SIGTERM)
    let run = try running.end()
    #expect(run.exit == 130 || run.exit == 0)
    if run.exit == 130 {
      // What a source came to before the signal stays, and nothing else.
      let files = try warehouse.segmentFiles(of: "spend")
      let wanted = try warehouse.dataVersion() == 0 ? 0 : 1
      #expect(files.count == wanted, "\(files)")
    }
    #expect(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.stored() == warehouse.drafted())
  }
}
