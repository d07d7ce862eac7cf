import Glibc
import Testing

/// What other tools for training sets are known to get wrong, and spines that few have thought of: each by
/// its name, in whole processes over files small enough to check by eye.
struct KnownMistakesTests {
  @Test func `rows that agree in key and time are all kept`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let rows = (0..<4).map { "1,\($0),1970-01-01T00:00:12Z" }
    let lines = try corner.train(["customer,note,event_time"] + rows)
    #expect(lines.dropFirst() == rows.map { "\($0),3,gold,5.0,5.0" }[...])
  }

  @Test func `a row whose state has expired is kept, and its state is null`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let lines = try corner.train(
      ["customer,event_time", "1,1970-01-01T00:00:25Z", "1,1970-01-01T00:00:35.000001Z"])
    #expect(lines[1] == "1,1970-01-01T00:00:25Z,4,,,")
    #expect(lines[2] == "1,1970-01-01T00:00:35.000001Z,,,,")
  }

  @Test func `columns come in the order in which the service asks for them`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let lines = try corner.train(
      ["z,event_time,customer,a", "1,1970-01-01T00:00:11Z,1,2"], service: "mixed")
    #expect(lines[0] == "z,event_time,customer,a,most_10s,tier,paid_10s,name")
    #expect(lines[1] == "1,1970-01-01T00:00:11Z,1,2,9.0,3,14.0,gold")
  }

  @Test func `integers stay integers beside nulls`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let spine = ["customer,event_time", "1,1970-01-01T00:00:12Z", "9,1970-01-01T00:00:12Z"]
    #expect(try corner.train(spine)[1].contains(",3,gold"))
    _ = try corner.train(spine, to: "t.parquet")
    let schema = try martlet(["file", "schema", corner.path("t.parquet")])
    let tier = try #require(schema.output.split(separator: "\n").first { $0.hasPrefix("tier ") })
    #expect(tier.contains(" int ") && tier.contains(" INT64 "), "\(tier)")
  }

  @Test func `a tie in time is broken by what the rows say, not by which came first`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let spine = ["customer,event_time", "1,1970-01-01T00:00:12Z"]
    let rows = ["1,7,iron,1970-01-01T00:00:08Z", "1,7,zinc,1970-01-01T00:00:08Z"]
    try corner.write(["customer,tier,name,since"] + rows, to: "profiles.csv")
    let once = try corner.train(spine)
    try corner.write(["customer,tier,name,since"] + rows.reversed(), to: "profiles.csv")
    #expect(try corner.train(spine) == once)
    #expect(once[1].contains("zinc"))
  }

  @Test func `the greatest of a window forgets what has left it`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let lines = try corner.train(
      [
        "customer,event_time", "1,1970-01-01T00:00:11Z", "1,1970-01-01T00:00:11.000001Z",
        "1,1970-01-01T00:00:08Z",
      ])
    // The order of 9.0 is of the first second: it counts for ten seconds, to the microsecond.
    #expect(lines[1].hasSuffix(",14.0,9.0") && lines[2].hasSuffix(",5.0,5.0"), "\(lines)")
    // And the order of the eighth second has not happened yet on its instant.
    #expect(lines[3].hasSuffix(",9.0,9.0"), "\(lines)")
  }

  // MARK: Spines

  @Test func `ten thousand columns are carried`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let names = (0..<10_000).map { "c\($0)" }
    let cells = (0..<10_000).map { "\($0 % 7)" }
    let lines = try corner.train([
      "customer," + names.joined(separator: ",") + ",event_time",
      "1," + cells.joined(separator: ",") + ",1970-01-01T00:00:12Z",
    ])
    #expect(lines[0].split(separator: ",").count == 10_006)
    #expect(
      lines[1] == "1," + cells.joined(separator: ",") + ",1970-01-01T00:00:12Z,3,gold,5.0,5.0")
  }

  @Test func `no rows in, no rows out`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let lines = try corner.train(["customer,event_time"], words: ["--time", "event_time"])
    #expect(lines == ["customer,event_time,tier,name,paid_10s,most_10s"])
  }

  @Test func `one column is too few, and the one that lacks is named`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    try corner.write(["event_time", "1970-01-01T00:00:12Z"], to: "spine.csv")
    let run = try corner.run(to: "t.csv")
    #expect(run.exit == 3 && run.talk.contains("there is no column `customer`"), "\(run.talk)")
    #expect(access(corner.path("t.csv"), F_OK) != 0)
  }

  @Test func `keys that are all null ask nothing, and their rows are kept`() throws {
    let corner = try Corner()
    defer { corner.remove() }
    let rows = (0..<70).map { ",1970-01-01T00:00:1\($0 % 10)Z" }
    let lines = try corner.train(["customer,event_time"] + rows, words: ["--statuses"])
    #expect(lines.dropFirst() == rows.map { "\($0),,,,,mm,mm" }[...])
  }
}

/// A project of two sources of CSV.
private struct Corner {
  let folder: String

  init() throws {
    folder = try temporaryFolder()
    try #require(mkdir(path("featuredefs"), 0o755) == 0)
    try write(
      [
        """
        entity customer(customer: string)
        events orders {
            from "orders.csv"
            at event_time
            customer: string
            amount: double
            event_time: time
        }
        states profiles {
            from "profiles.csv"
            at since
            customer: string
            tier: int
            name: string
            since: time
        }
        features spend of customer from orders {
            paid = sum(amount) over 10s
            most = max(amount) over 10s
        }
        features profile of customer from profiles {
            tier
            name
            keep 20s
        }
        service risk {
            profile.tier as tier
            profile.name as name
            spend.paid_10s as paid_10s
            spend.most_10s as most_10s
        }
        service mixed {
            spend.most_10s as most_10s
            profile.tier as tier
            spend.paid_10s as paid_10s
            profile.name as name
        }
        """
      ], to: "featuredefs/a.martlet")
    try write(
      [
        "customer,amount,event_time", "1,9,1970-01-01T00:00:01Z", "1,5,1970-01-01T00:00:08Z",
      ], to: "orders.csv")
    try write(
      [
        "customer,tier,name,since", "1,3,gold,1970-01-01T00:00:05Z", "1,4,,1970-01-01T00:00:15Z",
      ], to: "profiles.csv")
  }

  func remove() {
    // What is left behind lies among the system's temporary files.
    _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end()
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The training set of a spine of CSV, line by line, the first of them the names.
  func train(
    _ spine: [String], service: String = "risk", to name: String = "t.csv", words: [String] = []
  ) throws -> [String] {
    try write(spine, to: "spine.csv")
    let run = try run(service, to: name, words)
    #expect(run.exit == 0, "\(run.talk)")
    guard name.hasSuffix(".csv"), let file = fopen(path(name), "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  func run(
    _ service: String = "risk", to name: String, _ words: [String] = []
  ) throws -> ProgramRun {
    try martlet(
      ["train", service, "--draft", "--project", folder, "--spine", path("spine.csv")]
        + ["--out", path(name)] + words)
  }

  func write(_ lines: [String], to name: String) throws {
    let file = try #require(fopen(path(name), "w"))
    defer { fclose(file) }
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    fwrite(bytes, 1, bytes.count, file)
  }
}
