import Glibc
import MartletColumns
import MartletParquet
import Testing

/// `preview` and `train --draft`, whole processes over files small enough to check by eye.
struct DraftCommandTests {
  @Test func `a preview shows values, and statuses where there are none`() throws {
    let project = try Shop()
    defer { project.remove() }
    let text = try project.martlet("preview", "spend", "--at", "1970-01-01T00:00:30Z")
    #expect(
      text.output == """
        customer  paid_10s  ever  orders_10s  latest_10s
        ann           null   7.5           0  null
        bob            4.0   4.0           1  sweets

        """)
    #expect(
      text.talk.contains("spend: 6 rows of orders, 4 kept, 1 not as expected, 1 without a key"))
    let json = try project.martlet("preview", "file", "--at", "1970-01-01T00:00:30Z", "--json")
    #expect(
      json.output == """
        {"entity":{"customer":"ann"},"at":"1970-01-01T00:00:30Z","features":{"tier":2},"statuses":{"tier":"present"}}
        {"entity":{"customer":"bob"},"at":"1970-01-01T00:00:30Z","features":{"tier":null},"statuses":{"tier":"expired"}}

        """)
  }

  @Test func `every row of the spine is kept in its place, with what was known then`() throws {
    let project = try Shop()
    defer { project.remove() }
    let run = try project.martlet(
      "train", "risk", "--spine", project.path("spine.parquet"), "--out",
      project.path("train.parquet"), "--draft")
    #expect(run.exit == 0)
    let tier = run.talk.split(separator: "\n").first { $0.hasPrefix("tier ") }
    #expect(
      tier?.split(separator: " ")
        == ["tier", "42.9", "%", "14.3", "%", "42.9", "%", "2", "2", "2.0", "1"])
    #expect(run.talk.contains("1 row without a key") && run.talk.contains("1 row without a time"))
    #expect(run.talk.contains("1 row with the key and the time of an earlier one"))
    let table = try project.table("train.parquet")
    #expect(
      table == [
        "customer note event_time spend__paid_10s spend__orders_10s tier per_order",
        "bob first 30 4.0 1 null 4.0",
        "ann second 10 null 0 2 null",  // the order on the instant has not happened yet
        "ann second 10 null 0 2 null",
        "ann late 19 5.0 1 2 5.0",  // what was ordered at 12 became known at 25
        "eve unknown 30 null 0 null null",
        "null nobody 30 null 0 null null",
        "ann never null null 0 null null",
      ])
  }

  @Test func `as of the event, rows are seen before they were known, and that is counted`() throws {
    let project = try Shop()
    defer { project.remove() }
    let words = [
      "train", "risk", "--spine", project.path("spine.parquet"), "--out",
      project.path("train.parquet"), "--draft", "--as-of",
    ]
    let event = try project.martlet(words + ["event"])
    #expect(event.exit == 0)
    #expect(
      event.talk.contains("warning: 1 value of `spend__paid_10s` serving could not have had"),
      "\(event.talk)")
    // What was ordered at 12 counts at 19, though it became known at 25.
    #expect(try project.table("train.parquet").contains("ann late 19 7.5 2 2 3.75"))
    let known = try project.martlet(words + ["known"])
    #expect(known.exit == 0 && !known.talk.contains("serving could not"))
    #expect(try project.table("train.parquet").contains("ann late 19 5.0 1 2 5.0"))
  }

  @Test func `neither threads nor memory change a byte, or what is said`() throws {
    let project = try Shop()
    defer { project.remove() }
    var files: [[UInt8]] = []
    var talks: [String] = []
    // In so little memory the sources are read once for each entity.
    for words in [["--threads", "1"], ["--threads", "3"], ["--memory", "100"]] {
      let run = try project.martlet(
        [
          "train", "risk", "--spine", project.path("spine.parquet"), "--out",
          project.path("train.parquet"), "--draft",
        ] + words)
      #expect(run.exit == 0, "\(run.talk)")
      files.append(try project.bytes(of: "train.parquet"))
      talks.append(run.talk)
    }
    #expect(files.allSatisfy { $0 == files[0] && !$0.isEmpty })
    #expect(talks.allSatisfy { $0 == talks[0] })
  }

  @Test func `a source of CSV files gives what one of Parquet files does`() throws {
    let project = try Shop()
    defer { project.remove() }
    let parquet = try project.martlet("preview", "file", "--at", "1970-01-01T00:00:30Z")
    let text = """
      since,tier,note,customer
      1970-01-01T00:00:10Z,2,"a, quoted",ann
      1970-01-01T00:00:01Z,3,,bob

      """
    try project.write(Array(text.utf8), to: "files.csv")
    try project.define("amount: double", files: "files.csv")
    let csv = try project.martlet("preview", "file", "--at", "1970-01-01T00:00:30Z")
    #expect(csv.exit == 0 && csv.output == parquet.output && csv.output.contains("expired"))
    try project.write(Array(text.replacing(",2,", with: ",two,").utf8), to: "files.csv")
    try expect(
      project, ["preview", "file"], exit: 3,
      "`tier` in row 1 is `two`, which int cannot hold")
    try project.define("amount: double", files: "files.txt")
    try project.write([], to: "files.txt")
    try expect(project, ["preview", "file"], exit: 3, "its ending is none of those that are read")
  }

  @Test func `what cannot be is refused by name, and leaves no file`() throws {
    let project = try Shop()
    defer { project.remove() }
    let out = project.path("train.parquet")
    let spine = project.path("spine.parquet")
    try expect(
      project, ["train", "risk", "--spine", spine, "--out", out], exit: 3, "martlet apply")
    try expect(
      project, ["train", "rsik", "--spine", spine, "--out", out, "--draft"], exit: 3,
      "did you mean `risk`?")
    try expect(
      project,
      ["train", "risk", "--spine", spine, "--out", out, "--draft", "--key", "customer=no"],
      exit: 3, "there is no column `no`, which `risk` needs (string)")
    try expect(
      project,
      ["train", "risk", "--spine", spine, "--out", out, "--draft", "--key", "customer=event_time"],
      exit: 3, "`event_time` is a column of time; `risk` needs string")
    try expect(
      project, ["train", "risk", "--spine", spine, "--out", out, "--draft", "--time", "note"],
      exit: 3, "`note` is a column of string, not of times")
    try expect(project, ["preview", "ratios"], exit: 3, "`ratios` is computed from other features")
    try expect(
      project,
      ["train", "risk", "--spine", project.path("taken.parquet"), "--out", out, "--draft"],
      exit: 3, "it has a column `tier`, as a feature is called")
    try project.define("amount: int")
    try expect(
      project, ["preview", "spend"], exit: 3,
      "`amount` is declared as int, the file has double")
    try project.define("expect amount < 5.0 or fail\n    amount: double")
    try expect(
      project, ["preview", "spend"], exit: 1,
      "error: reading `orders`: 3 rows are not as expected: `amount < 5.0`")
    #expect(access(out, F_OK) != 0)
  }

  private func expect(
    _ project: Shop, _ words: [String], exit: Int32, _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try project.martlet(words)
    #expect(run.exit == exit, sourceLocation: sourceLocation)
    #expect(run.talk.contains(reason), "\(run.talk)", sourceLocation: sourceLocation)
  }
}

/// A project with orders and customers' files.
private struct Shop {
  let folder: String

  init() throws {
    folder = try temporaryFolder()
    try #require(mkdir(path("featuredefs"), 0o755) == 0)
    try define("amount: double")
    try write(
      "orders.parquet",
      [
        "customer:string amount:double item:string event_time:time known_at:time number:int",
        "ann 5 tea 10 10 1",
        "ann 2.5 tea 12 25 2",
        "bob 4 sweets 25 26 3",
        "null 9 tea 11 11 4",
        "ann -1 tea 13 13 5",
        "ann 5 tea 10 11 1",  // the first order once more
      ])
    try write(
      "files.parquet", ["customer:string tier:int since:time", "ann 2 10", "bob 3 1"])
    try write("taken.parquet", ["customer:string event_time:time tier:int", "ann 1 2"])
    try write(
      "spine.parquet",
      [
        "customer:string note:string event_time:time",
        "bob first 30", "ann second 10", "ann second 10", "ann late 19", "eve unknown 30",
        "null nobody 30", "ann never null",
      ])
  }

  func remove() {
    // What is left behind lies among the system's temporary files.
    _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end()
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func martlet(_ words: String...) throws -> ProgramRun { try martlet(words) }

  func martlet(_ words: [String]) throws -> ProgramRun {
    try MartletCommandTests.martlet(words + ["--project", folder])
  }

  /// Writes the definitions; `amount` is what is said of that column.
  func define(_ amount: String, files: String = "files.parquet") throws {
    let text = """
      entity customer(customer: string)
      events orders {
          from "orders.parquet"
          at event_time
          known known_at
          id number
          expect number > 0 or warn
          expect number != 5 or drop
          \(amount)
          customer: string
          item: string
          event_time: time
          known_at: time
          number: int
      }
      states files {
          from "\(files)"
          at since
          customer: string
          tier: int
          since: time
      }
      features spend of customer from orders {
          paid = sum(amount) over 10s
          ever = sum(amount)
          orders = count() over 10s
          latest = last(item) over 10s
      }
      features file of customer from files {
          tier
          keep 20s
      }
      features ratios {
          per_order = spend.paid_10s / nullif(spend.orders_10s, 0)
      }
      service risk {
          spend.paid_10s
          spend.orders_10s
          file.tier as tier
          ratios.per_order as per_order
      }
      """
    try write(Array(text.utf8), to: "featuredefs/a.martlet")
  }

  /// Writes a table as Parquet: its columns with their types, then its rows; times in seconds.
  private func write(_ name: String, _ lines: [String]) throws {
    let types: [String: ColumnType] = [
      "string": .string, "int": .int, "double": .double, "time": .time,
    ]
    let fields = try lines[0].split(separator: " ").map { text in
      let parts = text.split(separator: ":").map(String.init)
      return Field(parts[0], try #require(types[parts[1]]))
    }
    let schema = try #require(Schema(fields))
    let rows = lines.dropFirst().map { $0.split(separator: " ").map(String.init) }
    let columns = try fields.enumerated().map { place, field in
      try #require(Column(field.type, rows.map { Value($0[place], field.type) }), "\(field)")
    }
    var bytes: [UInt8] = []
    var writer = ParquetWriter<Never>(schema) { span in
      bytes += span.withUnsafeBytes { Array($0) }
    }
    writer.append(Batch(schema, columns, rowCount: rows.count))
    writer.finish()
    try write(bytes, to: name)
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    let file = try #require(fopen(path(name), "w"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func bytes(of name: String) throws -> [UInt8] {
    let file = try #require(fopen(path(name), "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  /// The rows of a file after its columns' names; times in seconds.
  func table(_ name: String) throws -> [String] {
    let file = try ParquetFile(BytesInMemory(bytes(of: name)))
    var reader = try BatchReader(file)
    var lines = [reader.schema.fields.map(\.name).joined(separator: " ")]
    while let batch = try reader.next() {
      for row in 0..<batch.rowCount {
        lines.append(batch.columns.map { $0[row].spelled }.joined(separator: " "))
      }
    }
    return lines
  }
}

extension Value {
  fileprivate init(_ text: String, _ type: ColumnType) {
    switch type {
    case _ where text == "null": self = .null
    case .int: self = Int64(text).map { .int($0) } ?? .null
    case .double: self = Double(text).map { .double($0) } ?? .null
    case .time:
      self = Int64(text).map { .time(Instant(microseconds: $0 * 1_000_000)) } ?? .null
    default: self = .string(text)
    }
  }

  fileprivate var spelled: String {
    switch self {
    case .null: "null"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .time(let instant): "\(instant.microseconds / 1_000_000)"
    case .string(let text): text
    default: "\(self)"
    }
  }
}
