import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletOffline
import MartletParquet
import Testing

@testable import MartletCommand

/// `get` and `push` beside `train`, whole processes: what is answered online is what training says.
struct OnlineCommandTests {
  @Test(arguments: 31...32)
  func `get answers what training would, whatever came by files and by pushes`(
    _ seed: UInt64
  ) throws {
    let warehouse = try Warehouse(seed: seed)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    for step in 0..<2 {
      let run = try warehouse.martlet("materialize")
      try #require(run.exit == 0, "\(run.talk)")
      try expectParity(warehouse, "step \(step)")
      // Pushed rows count at once, and are training's after the next run.
      try warehouse.write("pushed.csv", warehouse.orders(of: 3 + step))
      let file = warehouse.folder + "/pushed.csv"
      let push =
        step == 0
        ? try warehouse.martlet("push", "orders", file)
        : try martlet(
          ["push", "orders", "-", "--format", "csv", "--project", warehouse.folder], input: file)
      try #require(push.exit == 0, "\(push.talk)")
      let before = try warehouse.got()
      try #require(try warehouse.martlet("materialize").exit == 0)
      #expect(try warehouse.got() == before, "step \(step)")
      try expectParity(warehouse, "pushed, step \(step)")
      for _ in 0..<2 { try warehouse.disturb() }
    }
    // An online store that is lost is made anew.
    try #require(try warehouse.martlet("materialize").exit == 0)
    let before = try warehouse.got()
    _ = try RunningProgram("/usr/bin/rm", ["-r", warehouse.folder + "/.martlet/online"]).end()
    let lost = try warehouse.martlet("get", "risk", "customer=c1")
    #expect(lost.exit == 3 && lost.talk.contains("`martlet doctor --repair`"), "\(lost.talk)")
    #expect(try warehouse.martlet("materialize", "--online").exit == 0)
    #expect(try warehouse.got() == before)
    try expectParity(warehouse, "made anew")
    // Its commits begin again, and still no pushed row is taken for one that training has.
    try warehouse.write("pushed.csv", warehouse.orders(of: 9))
    try #require(
      try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv").exit == 0)
    let pushed = try warehouse.got()
    #expect(pushed != before)
    #expect(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.got() == pushed)
    try expectParity(warehouse, "pushed to the new one")
  }

  @Test func `rows that were pushed outlive an online store that is made anew`() throws {
    let warehouse = try Warehouse(seed: 35)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    try #require(
      try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv").exit == 0)
    let pushed = try warehouse.got()
    #expect(try warehouse.martlet("materialize", "--online", "--dry-run").exit == 0)
    #expect(try warehouse.martlet("materialize", "--online").exit == 0)
    #expect(try warehouse.got() == pushed)
    try expectParity(warehouse, "made anew")
  }

  /// Which files of a store are damaged: the log of its last writes, or those of all before.
  enum Damaged: String, CaseIterable {
    case log
    case sst
    case manifest = "MANIFEST"
  }

  @Test(arguments: Damaged.allCases)
  func `a damaged online store is made anew with what can be read of it`(
    _ damaged: Damaged
  ) throws {
    let warehouse = try Warehouse(seed: 38)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let sound = try warehouse.martlet("doctor", "--repair")
    #expect(sound.exit == 0 && sound.output == "the online store is as it was written\n")
    for _ in 0..<2 {
      try warehouse.write("pushed.csv", warehouse.orders(of: 3))
      let push = try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv")
      try #require(push.exit == 0)
    }
    // Whoever opens the store puts what its log holds into sorted files.
    let before = damaged == .log ? [] : try warehouse.got()
    let folder = ".martlet/online"
    let names = try RunningProgram("/usr/bin/ls", [warehouse.folder + "/" + folder]).end().output
      .split(separator: "\n").map(String.init)
    for name in names
    where name.hasSuffix(".\(damaged.rawValue)") || name.hasPrefix(damaged.rawValue) {
      var bytes = try warehouse.bytes(of: "\(folder)/\(name)")
      guard bytes.count > 40 else { continue }
      bytes[bytes.count / 3] ^= 4
      try warehouse.write("\(folder)/\(name)", bytes)
    }
    let repair = try warehouse.martlet("doctor", "--repair", "--json")
    #expect(repair.exit == 0, "\(repair.talk)")
    #expect(repair.output.contains("\"damage\":\"opening"), "\(repair.output)")
    if damaged == .manifest {
      // Nothing that was pushed was damaged itself.
      #expect(try warehouse.got() == before)
    }
    try expectParity(warehouse, "repaired")
    let again = try warehouse.martlet("doctor", "--repair")
    #expect(again.output == "the online store is as it was written\n")
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    let push = try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv")
    #expect(push.exit == 0, "\(push.talk)")
  }

  @Test func `selftest compares serving with training and leaves nothing behind`() throws {
    let folder = try temporaryFolder()
    defer { rmdir(folder) }
    let run = try martlet(["selftest", "--comparisons", "2000", "--in", folder])
    #expect(run.exit == 0 && run.output.contains("the same, to the last bit"), "\(run.output)")
    #expect(try RunningProgram("/usr/bin/ls", [folder]).end().output == "")
    let missing = try martlet(["selftest", "--in", folder + "/none"])
    #expect(missing.exit == 3, "\(missing.talk)")
  }

  @Test func `nobody opens an online store that is being moved away`() throws {
    let warehouse = try Warehouse(seed: 39)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    let lock = try SetLock.take(".online", in: warehouse.folder + "/.martlet")
    try #require(lock != nil)
    try withExtendedLifetime(lock) {
      let push = try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv")
      #expect(push.exit == 5, "\(push.talk)")
      #expect(try warehouse.martlet("materialize", "--online").exit == 5)
    }
  }

  @Test func `what a load that was killed left is never written over`() throws {
    let warehouse = try Warehouse(seed: 37)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    // Killed once the store has taken its files in, a load leaves their other names, which the next
    // load may come to use.
    let store = warehouse.folder + "/.martlet"
    try #require(mkdir(store + "/online.loads", 0o755) == 0)
    let files = try RunningProgram("/usr/bin/ls", [store + "/online"]).end().output
      .split(separator: "\n").filter { $0.hasSuffix(".sst") }
    try #require(!files.isEmpty)
    for (place, file) in files.enumerated() {
      for table in 0..<40 where table % files.count == place {
        for set in ["spend", "file"] {
          let name = "\(store)/online.loads/\(set)-\(table)-0.sst"
          try #require(link("\(store)/online/\(file)", name) == 0)
        }
      }
    }
    try warehouse.addDay()
    let run = try warehouse.martlet("materialize")
    #expect(run.exit == 0, "\(run.talk)")
    try expectParity(warehouse, "loaded anew")
  }

  @Test func `a column that is declared later is null in rows that were pushed before`() throws {
    let warehouse = try Warehouse(seed: 36)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    try #require(
      try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv").exit == 0)
    let definitions = String(
      decoding: try warehouse.bytes(of: "featuredefs/a.martlet"), as: UTF8.self)
    try warehouse.write(
      "featuredefs/a.martlet",
      definitions.replacing("amount: double", with: "amount: double\n coupon: string")
        .replacing("from \"orders/*.csv\"", with: "from \"orders/*.jsonl\"")
        .replacing("paid = sum", with: "coupons = count(coupon) over 400d\n paid = sum"))
    #expect(try warehouse.martlet("apply", "--yes").exit == 0)
    try warehouse.write(
      "orders/1.jsonl",
      #"{"number":7777777,"customer":"c1","amount":1.0,"coupon":"ten","item":"i","#
        + #""event_time":"1970-01-02T00:00:00Z","known_at":"1970-01-02T00:00:00Z"}"#)
    let run = try warehouse.martlet("materialize")
    try #require(run.exit == 0, "\(run.talk)")
    let values = try warehouse.martlet(
      "get", "risk", "customer=c1", "--at", "1970-01-12T00:00:00Z", "--json"
    ).output
    #expect(values.contains("\"spend__coupons_400d\":[1]"), "\(values)")
    #expect(!values.contains("\"spend__orders_400d\":[1]"), "\(values)")
    try expectParity(warehouse, "another column")
  }

  @Test func `what get cannot answer is refused by name`() throws {
    let warehouse = try Warehouse(seed: 34)
    defer { warehouse.remove() }
    #expect(try warehouse.martlet("get", "risk", "customer=c1").talk.contains("martlet apply"))
    _ = try warehouse.martlet("apply", "--yes")
    let early = try warehouse.martlet("get", "risk", "customer=c1")
    #expect(early.exit == 3 && early.talk.contains("`martlet materialize` loads it"))
    _ = try warehouse.martlet("materialize")
    for (words, said) in [
      (["get", "risk", "customer=c1", "customer=c2"], "`customer` is given twice"),
      (["get", "risk", "customer=c1", "--data", "99"], "there is no version 99 of the data"),
      (["get", "nothing", "customer=c1"], "the services are `risk`"),
      (["get", "rsik", "customer=c1"], "did you mean `risk`?"),
      (["get", "risk"], "`customer` is missing"),
      (["get", "risk", "client=c1"], "`risk` takes no `client`"),
      (["push", "oders", "x.csv"], "did you mean `orders`?"),
    ] {
      let run = try martlet(words + ["--project", warehouse.folder])
      #expect(run.exit != 0 && run.talk.contains(said), "\(run.talk)")
    }
  }

  @Test func `rollback lets the load before answer, with what was pushed since, and is undone`()
    throws
  {
    let warehouse = try Warehouse(seed: 37)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let nothing = try warehouse.martlet("rollback", "file")
    #expect(nothing.exit == 3 && nothing.talk.contains("no earlier load of `file`"))
    let first = try warehouse.got()
    try warehouse.addDay()
    try warehouse.changeCustomers()
    try #require(try warehouse.martlet("materialize").exit == 0)
    let second = try warehouse.got()
    try #require(first != second)

    let back = try warehouse.martlet("rollback")
    #expect(back.exit == 0 && back.output.contains("spend: the load before answers again"))
    #expect(try warehouse.got() == first)
    // A run that finds nothing new leaves it so.
    #expect(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.got() == first)
    #expect(try warehouse.martlet("rollback").exit == 0)
    #expect(try warehouse.got() == second)

    // What is pushed after going back counts there, and in the load that was left.
    #expect(try warehouse.martlet("rollback", "spend").exit == 0)
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    try #require(
      try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv").exit == 0)
    let older = try warehouse.got()
    #expect(try warehouse.martlet("rollback", "spend").exit == 0)
    let newer = try warehouse.got()
    #expect(older != first && newer != second && older != newer)
    try #require(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.got() == newer)
    try expectParity(warehouse, "after going there and back")
  }

  /// Asks about every row of the spine, and compares with the training set.
  private func expectParity(_ warehouse: Warehouse, _ comment: Comment) throws {
    try warehouse.train(["--out", warehouse.folder + "/train.parquet"])
    let file = try ParquetFile(BytesInMemory(try warehouse.bytes(of: "train.parquet")))
    var reader = try BatchReader(file)
    let rows = try #require(try reader.next())
    let names = rows.schema.fields.map(\.name)
    for row in stride(from: 0, to: rows.rowCount, by: 30) {
      guard case .string(let customer) = rows.columns[0][row],
        case .time(let instant) = rows.columns[1][row]
      else { continue }
      let run = try warehouse.martlet(
        "get", "risk", "customer=\(customer)", "--at", "\(instant)", "--json")
      try #require(run.exit == 0, "\(run.talk)")
      let expected = JSON.object(
        names.indices.dropFirst(2).map { place in
          JSON.Member(names[place], .array([rows.columns[place][row].json]))
        })
      #expect(
        run.output.contains("\"features\":" + expected.text + ","),
        "\(customer) at \(instant), \(comment)")
    }
  }
}

extension Warehouse {
  /// What is answered about each customer at one moment.
  func got() throws -> [String] {
    try (0..<6).map { number in
      try martlet("get", "risk", "customer=c\(number)", "--at", "1970-01-12T00:00:00Z").output
    }
  }
}
