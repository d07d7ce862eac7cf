import Glibc
import MartletOffline
import MartletParquet
import Testing

/// Spines and training sets of every kind of file, whole processes over files small enough to check by
/// eye.
struct TrainingSetTests {
  @Test func `the rows of a spine come back as they are written, with the features behind them`()
    throws
  {
    let shop = try Shop()
    defer { shop.remove() }
    let run = try shop.train("spine.csv", "--out", shop.path("out.csv"), "--statuses")
    #expect(run.exit == 0, "\(run.talk)")
    #expect(
      try shop.text("out.csv") == """
        customer,note,event_time,price,spend__paid_10s,spend__orders_10s,spend__status
        02,first,1970-01-01 00:00:30,1.50,4.0,1,pp
        1,second,1970-01-01 00:00:10,,,0,mm
        1,second,1970-01-01 00:00:10,,,0,mm
        1,"late, very",1970-01-01 00:00:19,7,7.5,2,pp
        ,"",1970-01-01 00:00:30,0,,0,mm

        """)
  }

  static let kinds = ["csv", "tsv", "jsonl", "parquet"]

  @Test(arguments: kinds)
  func `every kind of spine has the same answers`(kind: String) throws {
    let shop = try Shop()
    defer { shop.remove() }
    // A training set of this kind, its features left out, is the spine in this kind.
    let made = try shop.train("spine.csv", "--out", shop.path("made.\(kind)"), service: "nothing")
    #expect(made.exit == 0, "\(made.talk)")
    let run = try shop.train("made.\(kind)", "--out", "-", "--format", "jsonl")
    #expect(run.exit == 0, "\(run.talk)")
    let rows = run.output.split(separator: "\n")
    #expect(rows.count == 5)
    #expect(
      rows.first?.hasPrefix(
        #"{"customer":"02","note":"first","event_time":"1970-01-01T00:00:30Z","price":1.5,"#)
        == true)
    #expect(rows.first?.contains(#""spend__paid_10s":4.0,"spend__orders_10s":1}"#) == true)
    #expect(rows.last?.contains(#""customer":null"#) == true)
  }

  @Test func `a pipe gives the spine and takes the training set`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    let words = [
      "train", "risk", "--draft", "--project", shop.folder, "--spine", "-", "--out", "-",
    ]
    let run = try martlet(
      words + ["--spine-format", "csv", "--format", "csv"], input: shop.path("spine.csv"))
    #expect(run.exit == 0 && run.output.split(separator: "\n").count == 6, "\(run.talk)")
    #expect(run.talk.contains("5 rows in standard output"))
    let unsaid = try martlet(words, input: shop.path("spine.csv"))
    #expect(unsaid.exit == 3 && unsaid.talk.contains("--spine-format"))
    let both = try martlet(words + ["--spine-format", "csv", "--json"], input: "/dev/null")
    #expect(both.exit == 2, "\(both.talk)")
  }

  @Test func `a folder takes files by ranges of rows, and must be empty`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    let folder = shop.path("parts")
    let words = ["--out", folder + "/", "--format", "csv", "--rows-per-file", "2"]
    #expect(try shop.train("spine.csv", words).exit == 0)
    var notes: [String] = []
    for part in 0...2 {
      let lines = try shop.text("parts/part-0000\(part).csv").split(separator: "\n")
      notes += lines.dropFirst().map {
        String($0.split(separator: ",", omittingEmptySubsequences: false)[1])
      }
      #expect(lines[0].hasPrefix("customer,note"))
    }
    #expect(notes == ["first", "second", "second", "\"late", "\"\""])
    let again = try shop.train("spine.csv", words)
    #expect(again.exit == 3 && again.talk.contains("the folder is not empty"))
  }

  static let outputs = [
    "l.parquet t.parquet", "l.parquet t.csv", "l.parquet parts/",
    "l.parquet t.jsonl --split train=0.5,test=0.5", "l.csv t.parquet", "l.csv t.csv",
    "l.csv t.jsonl --split train=0.5,test=0.5",
  ]

  @Test(arguments: outputs)
  func `a training set does not depend on how much of its spine is in memory`(words: String) throws
  {
    let (spine, out) = try #require(
      words.firstIndex(of: " ").map { (words[..<$0], words[$0...]) })
    let shop = try Shop()
    defer { shop.remove() }
    let rows = (0..<20_000).map { row in
      "\(["1", "02", "3", ""][row % 4]),\(row),1970-01-01 00:00:\(10 + row % 50),\(row % 3)"
    }
    try shop.write("customer,note,event_time,label\n" + rows.joined(separator: "\n"), to: "l.csv")
    let made = try shop.train("l.csv", "--out", shop.path("l.parquet"), service: "nothing")
    #expect(made.exit == 0, "\(made.talk)")
    var reports: [String] = []
    for (folder, memory) in [("a", "1MB"), ("b", "1GB")] {
      try #require(mkdir(shop.path(folder), 0o755) == 0)
      var words = out.split(separator: " ").map(String.init)
      words[0] = shop.path("\(folder)/\(words[0])")
      let run = try shop.train(
        String(spine),
        ["--memory", memory, "--label", "label", "--statuses", "--json", "--out"] + words)
      #expect(run.exit == 0, "\(run.talk)")
      reports.append(
        run.output.replacing("\(shop.folder)/\(folder)", with: "")
          .replacing(/"duplicates":[0-9]+,/, with: ""))
    }
    let same = try RunningProgram("/usr/bin/diff", ["-r", shop.path("a"), shop.path("b")]).end()
    #expect(same.exit == 0, "\(same.output)")
    let written = try RunningProgram("/usr/bin/find", [shop.path("a"), "-type", "f"]).end()
    #expect(!written.output.isEmpty)
    // Rows that repeat others are found among those in memory alone.
    #expect(reports[0] == reports[1])
  }

  @Test(arguments: ["parts/", "parts/ --split train=0.5,test=0.5"])
  func `what is killed while it writes a folder leaves nothing at the target`(out: String) throws {
    let shop = try Shop()
    defer { shop.remove() }
    let rows = (0..<200_000).map { "1,\($0),1970-01-01 00:00:30" }
    try shop.write("customer,note,event_time\n" + rows.joined(separator: "\n"), to: "long.csv")
    let words = out.split(separator: " ").map(String.init)
    let all = [
      "train", "risk", "--draft", "--project", shop.folder, "--spine", shop.path("long.csv"),
    ]
    for wait in [50_000, 150_000, 300_000, 450_000, 600_000] as [UInt32] {
      let program = try RunningProgram(
        builtFolder() + "/martlet",
        all + ["--rows-per-file", "500", "--format", "csv", "--out", shop.path(words[0])]
          + words.dropFirst())
      usleep(wait)
      program.signal(SIGKILL)
      _ = try program.end()
      let written = UnfinishedFiles.names(in: shop.path("parts"))
      #expect(written.isEmpty || written.count == (words.count > 1 ? 2 : 400))
      UnfinishedFiles.remove(folder: shop.path("parts"))
    }
  }

  @Test(arguments: ["entity", "time"])
  func `a split deals every row to one part, the same way every time`(basis: String) throws {
    let shop = try Shop()
    defer { shop.remove() }
    var parts: [String] = []
    for name in ["a.csv", "b.csv"] {
      let run = try shop.train(
        "spine.csv", "--out", shop.path(name), "--split", "train=0.6,test=0.4", "--split-by", basis)
      #expect(run.exit == 0, "\(run.talk)")
      parts.append(try shop.text(name.replacing(".", with: "-train.")))
      parts.append(try shop.text(name.replacing(".", with: "-test.")))
    }
    #expect(parts[0] == parts[2] && parts[1] == parts[3])
    let rows = parts[..<2].map { $0.split(separator: "\n").dropFirst() }
    #expect(rows[0].count + rows[1].count == 5)
    #expect(access(shop.path("a.csv"), F_OK) != 0)
    if basis == "time" {
      // The three earliest rows are the first 60 %.
      #expect(rows[0].allSatisfy { $0.hasPrefix("1,") } && rows[0].count == 3)
    } else {
      let customers = rows.map { Set($0.map { $0.split(separator: ",").first }) }
      #expect(customers[0].isDisjoint(with: customers[1]))
    }
  }

  @Test func `the report counts statuses, looks at values and names what is odd`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    let run = try shop.train("spine.csv", "--out", shop.path("t.parquet"), "--json")
    #expect(
      run.output == """
        {"service":"risk","rows":5,"null_keys":1,"null_times":0,"duplicates":1,"in_the_future":0,\
        "earliest":"1970-01-01T00:00:10Z","latest":"1970-01-01T00:00:30Z","features":[\
        {"name":"spend__paid_10s","present":2,"null":0,"expired":0,"missing":3,\
        "min":4.0,"max":7.5,"mean":5.75,"distinct":2},\
        {"name":"spend__orders_10s","present":2,"null":0,"expired":0,"missing":3,\
        "min":0,"max":2,"mean":0.6,"distinct":3}],\
        "files":[{"path":"\(shop.path("t.parquet"))","rows":5}]}

        """)
  }

  @Test func `a feature that knows the label is named`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    // Everybody asks at a time when ordering anything in the last ten seconds is what is predicted.
    let rows = (0..<60).map { row in
      row.isMultiple(of: 3) ? "02,1970-01-01 00:00:26,true" : "02,1970-01-01 00:00:20,false"
    }
    try shop.write("customer,event_time,bought\n" + rows.joined(separator: "\n"), to: "l.csv")
    let run = try shop.train("l.csv", "--out", "-", "--format", "csv", "--label", "bought")
    #expect(run.talk.contains("warning: `spend__orders_10s` may know `bought`"), "\(run.talk)")
    let unknown = try shop.train("l.csv", "--out", "-", "--format", "csv", "--label", "sold")
    #expect(unknown.exit == 3 && unknown.talk.contains("there is no column `sold`"))
  }

  @Test func `a wrong value in the spine is told with its row, and leaves no file`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    try shop.write("customer,event_time\n1,1970-01-01\n1,yesterday\n", to: "wrong.csv")
    let run = try shop.train("wrong.csv", "--out", shop.path("t.csv"), "--time", "event_time")
    #expect(run.exit == 3)
    #expect(run.talk.contains("`event_time` in row 2 is `yesterday`"), "\(run.talk)")
    #expect(access(shop.path("t.csv"), F_OK) != 0)
    #expect(run.talk.contains("which time cannot hold"))
    let unsaid = try shop.train("wrong.csv", "--out", shop.path("t.csv"))
    #expect(
      unsaid.talk.contains("`event_time` is a column of string, not of times: it has `1970-01-01`"),
      "\(unsaid.talk)")
    try shop.write("customer\n1\n", to: "timeless.csv")
    let timeless = try shop.train("timeless.csv", "--out", shop.path("t.csv"))
    #expect(timeless.talk.contains("no column holds times"))
  }

  @Test func `a file that a training set is made of is not written over`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    for (out, reason) in [
      ("spine.csv", "it is the spine"), ("orders.csv", "it holds rows of the source `orders`"),
    ] {
      let before = try shop.text(out)
      let run = try shop.train("spine.csv", "--out", shop.path(out))
      #expect(run.exit == 3 && run.talk.contains(reason), "\(run.talk)")
      #expect(try shop.text(out) == before)
    }
  }

  @Test func `a draft of a version is refused before anything is done`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    for flag in ["--data", "--definitions"] {
      let run = try shop.train("spine.csv", "--out", shop.path("t.csv"), flag, "1")
      #expect(
        run.exit == 2 && run.talk.contains("`--draft` reads the sources as they are"), "\(run.talk)"
      )
      #expect(access(shop.path("t.csv"), F_OK) != 0)
    }
  }

  @Test func `columns of nothing but nulls are keys and times that are missing`() throws {
    let shop = try Shop()
    defer { shop.remove() }
    try shop.write("customer,event_time\n,\n,\n", to: "nulls.csv")
    let run = try shop.train("nulls.csv", "--out", "-", "--format", "csv")
    #expect(run.exit == 0, "\(run.talk)")
    #expect(run.output.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix(",,") })
    #expect(run.output.split(separator: "\n").count == 3)
  }
}

/// A project whose orders are CSV.
private struct Shop {
  let folder: String

  init() throws {
    folder = try temporaryFolder()
    try #require(mkdir(path("featuredefs"), 0o755) == 0)
    try write(
      """
      entity customer(customer: string)
      events orders {
          from "orders.csv"
          at event_time
          customer: string
          amount: double
          event_time: time
      }
      features spend of customer from orders {
          paid = sum(amount) over 10s
          orders = count() over 10s
      }
      features clock {
          at = now()
      }
      service risk {
          spend.paid_10s
          spend.orders_10s
      }
      service nothing {
          clock.at as asked
      }
      """, to: "featuredefs/a.martlet")
    try write(
      """
      customer,amount,event_time
      1,5,1970-01-01T00:00:10Z
      1,2.5,1970-01-01T00:00:12Z
      02,4,1970-01-01T00:00:25Z
      """, to: "orders.csv")
    // Digits are a customer's name here, since the definitions say so.
    try write(
      """
      customer,note,event_time,price
      02,first,1970-01-01 00:00:30,1.50
      1,second,1970-01-01 00:00:10,
      1,second,1970-01-01 00:00:10,
      1,"late, very",1970-01-01 00:00:19,7
      ,"",1970-01-01 00:00:30,0

      """, to: "spine.csv")
  }

  func remove() {
    // What is left behind lies among the system's temporary files.
    _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end()
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func train(_ spine: String, _ words: String..., service: String = "risk") throws -> ProgramRun {
    try train(spine, words, service: service)
  }

  func train(_ spine: String, _ words: [String], service: String = "risk") throws -> ProgramRun {
    try martlet(
      ["train", service, "--draft", "--project", folder, "--spine", path(spine)] + words)
  }

  func write(_ text: String, to name: String) throws {
    let file = try #require(fopen(path(name), "w"))
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func text(_ name: String) throws -> String {
    let file = try #require(fopen(path(name), "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
