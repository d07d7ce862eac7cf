import Glibc
import MartletDiagnostics
import Testing

@testable import MartletCommand

extension FirstHourTests {
  @Test func `status counts the rows that a reader sees`() throws {
    let warehouse = try Warehouse(seed: 61)
    defer { warehouse.remove() }
    try warehouse.addDay()
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    let all = try rows(of: "spend", in: warehouse.folder)
    // Of one segment with the rows of two files, those of one are seen no more.
    try #require(unlink("\(warehouse.folder)/orders/1.csv") == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    let left = try rows(of: "spend", in: warehouse.folder)
    #expect(0 < left && left < all)
    try #require(try warehouse.martlet("compact", "--all").exit == 0)
    #expect(try rows(of: "spend", in: warehouse.folder) == left)
  }

  private func rows(of set: String, in folder: String) throws -> Int {
    let run = try martlet("status", "--json", "--project", folder)
    for line in run.output.split(separator: "\n") {
      let status = try JSON(reading: String(line))
      if status.member("set") == .string(set), case .int(let rows) = status.member("rows") {
        return Int(rows)
      }
    }
    Issue.record("no status of `\(set)`: \(run)")
    return 0
  }

  @Test func `a run by hand that failed is said until one succeeds`() throws {
    try inSample { folder in
      let project = ["--project", folder]
      #expect(try martlet(["status"] + project).output.contains("profile   fresh"))
      let path = "\(folder)/data/customers.jsonl"
      try append("{\"customer_id\": \"c1\", \"country\"\n", to: path)
      #expect(try martlet(["materialize"] + project).exit == 3)
      let failing = try martlet(["status"] + project)
      #expect(failing.exit == 1 && failing.output.contains("profile   failing"), "\(failing)")
      #expect(
        failing.output.contains("profile: run 4 failed: reading `\(path)`: row 27"), "\(failing)")
      #expect(failing.output.contains("`martlet runs retry 4` tries again"), "\(failing)")
      try #require(truncate(path, 0) == 0)
      #expect(try martlet(["materialize"] + project).exit == 0)
      let fresh = try martlet(["status"] + project)
      #expect(fresh.output.contains("profile   fresh"), "\(fresh)")
      #expect(!fresh.output.contains("failed"), "\(fresh)")
    }
  }

  @Test func `statistics have the names that the source has, and say what was meant`() throws {
    try inSample { folder in
      let project = ["--project", folder]
      let all = try martlet(["stats", "spending"] + project).output
      #expect(all.contains("  column   ordered_at ") && all.contains("  column   order_id "))
      #expect(!all.contains("_time") && !all.contains(" _id"))
      let one = try martlet(["stats", "spending.ordered_at", "--json"] + project)
      #expect(one.exit == 0 && one.output.contains("\"column\":\"ordered_at\""), "\(one)")
      for (wrong, hint) in [
        ("spendng", "did you mean `spending`?"),
        ("spendng.orders_7d", "did you mean `spending.orders_7d`?"),
        ("spending.amuont", "did you mean `spending.amount`?"),
        ("orders", "statistics are kept of the sets that read it: `spending`"),
      ] {
        let run = try martlet(["stats", wrong] + project)
        #expect(run.exit == 3 && run.talk.contains(hint), "\(run)")
      }
    }
  }

  @Test func `a feature is explained by what it uses alone, and by its set's name`() throws {
    try inSample { folder in
      let entity = ["customer_id=c1", "--at", "2030-01-01", "--project", folder]
      let long = try martlet(["explain", "checkout.spending__spend_7d"] + entity)
      #expect(long.exit == 0, "\(long)")
      #expect(try martlet(["explain", "spending.spend_7d"] + entity).output == long.output)
      // What uses the given value still asks for it, under either name.
      for name in ["checkout.basket_share", "basket.share"] {
        let run = try martlet(["explain", name] + entity)
        #expect(run.exit == 2 && run.talk.contains("`--given amount=VALUE`"), "\(run)")
        #expect(try martlet(["explain", name, "--given", "amount=1"] + entity).exit == 0)
      }
      let near = try martlet(["explain", "spending.spend_8d"] + entity)
      #expect(near.exit == 3 && near.talk.contains("did you mean `spend_1d`?"), "\(near)")
    }
  }

  @Test func `pushed rows without a key are told`() throws {
    try inSample { folder in
      let path = "\(folder)/more.jsonl"
      try append(
        """
        {"order_id":900,"amount":5,"status":"paid","ordered_at":"2026-05-01T00:00:00Z"}
        {"order_id":901,"customer_id":null,"amount":5,"status":"paid","ordered_at":"2026-05-01"}
        {"order_id":902,"customer_id":"c1","amount":5,"status":"paid","ordered_at":"2026-05-01"}

        """, to: path)
      let run = try martlet("push", "orders", path, "--project", folder)
      #expect(run.exit == 0 && run.output == "orders: 3 rows pushed, spending kept 1\n", "\(run)")
      let said = "2 rows count for nothing in `spending`: they have no `customer_id`"
      #expect(run.talk.contains(said), "\(run)")
      let json = try JSON(
        reading: try martlet("push", "orders", path, "--json", "--project", folder).output)
      #expect(json.member("without_key").member("spending") == 2)
    }
  }

  @Test func `whoever holds the online store is named`() throws {
    try inSample { folder in
      let server = try RunningServer(folder)
      let run = try martlet("materialize", "--online", "--project", folder)
      #expect(run.exit == 5 && run.talk.contains("open: `martlet serve`, process "), "\(run)")
      #expect(run.talk.contains("a server keeps it until it is ended"), "\(run)")
      _ = try server.end()
    }
  }

  @Test func `a file that is no registry is said plainly, with what to do`() throws {
    try inSample { folder in
      let path = "\(folder)/.martlet/registry.sqlite"
      for name in [path, "\(path)-wal", "\(path)-shm"] { unlink(name) }
      try append(String(repeating: "no database at all. ", count: 500), to: path)
      for words in [["status"], ["materialize"], ["apply", "--yes"]] {
        let run = try martlet(words + ["--project", folder])
        #expect(run.exit == 3 && run.talk.contains("the file is no registry of Martlet"), "\(run)")
        #expect(run.talk.contains("put a backup's `registry.sqlite` in its place"), "\(run)")
      }
      let doctor = try martlet("doctor", "--project", folder)
      #expect(doctor.output.contains("Log:   cannot be read"), "\(doctor)")
      #expect(!(doctor.output + doctor.talk).contains("compare the registry"), "\(doctor)")
    }
  }

  private func append(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "a"))
    fputs(text, file)
    fclose(file)
  }
}
