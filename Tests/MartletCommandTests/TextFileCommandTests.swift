import Glibc
import Testing

/// `martlet file …` over files of text, whole processes.
struct TextFileCommandTests {
  static let orders = """
    order,customer,amount,placed_at,settled,note
    1,ann,1.50,2025-01-01,true,
    2,"b ""x"", y",2,2025-01-02T10:00:00.5+01:00,false,
    3,"",-0.0,,,

    """

  /// What the same rows are as JSON Lines.
  static let lines = #"""
    {"order":1,"customer":"ann","amount":1.5,"placed_at":"2025-01-01T00:00:00Z","settled":true,"note":null}
    {"order":2,"customer":"b \"x\", y","amount":2.0,"placed_at":"2025-01-02T09:00:00.5Z","settled":false,"note":null}
    {"order":3,"customer":"","amount":-0.0,"placed_at":null,"settled":null,"note":null}

    """#

  @Test func `the schema is what fits every value`() throws {
    let folder = try Drawer(["orders.csv": Self.orders])
    defer { folder.remove() }
    let text = try martlet("file", "schema", folder.path("orders.csv"))
    #expect(
      text.output == """
        Column     Type    Nulls
        order      int         0
        customer   string      0
        amount     double      0
        placed_at  time        1
        settled    bool        1
        note       string      3

        3 rows of CSV

        """)
    let json = try martlet("file", "schema", folder.path("orders.csv"), "--json")
    #expect(
      json.output.contains(#""format":"csv","rows":3,"columns":[{"name":"order","type":"int""#))
    #expect((text.exit, json.exit) == (0, 0))
  }

  @Test func `the first rows are shown, whatever comes behind those that were looked at`() throws {
    let folder = try Drawer([
      "orders.csv": Self.orders,
      "long.csv": "n\n" + String(repeating: "1\n", count: 100_010) + "x\n",
    ])
    defer { folder.remove() }
    let run = try martlet(
      "file", "show", folder.path("orders.csv"), "-n", "2", "--columns", "amount,customer")
    #expect(run.output == "amount  customer\n   1.5  ann\n   2.0  b \"x\", y\n")
    let json = try martlet("file", "show", folder.path("orders.csv"), "--json")
    #expect(json.output == Self.lines)
    let long = try martlet("file", "show", folder.path("long.csv"), "-n", "2", "--json")
    #expect(long.output == "{\"n\":1}\n{\"n\":1}\n")
  }

  @Test(arguments: ["", ".gz", ".zst"])
  func `values go through every kind of file and come back`(compression: String) throws {
    let folder = try Drawer(["orders.csv": Self.orders])
    defer { folder.remove() }
    var from = "orders.csv"
    for name in ["a.jsonl", "b.tsv", "c.ndjson", "d.csv"] {
      for to in ["p.parquet", name + compression] {
        let run = try martlet("file", "convert", folder.path(from), folder.path(to))
        #expect(run == ProgramRun(exit: 0, output: "", talk: ""), "\(from) to \(to)")
        #expect(try martlet("file", "show", folder.path(to), "--json").output == Self.lines)
        #expect(try martlet("file", "check", folder.path(to)).exit == 0)
        from = to
      }
    }
  }

  @Test func `CSV stays as it is written between CSV and CSV`() throws {
    let folder = try Drawer(["orders.csv": Self.orders])
    defer { folder.remove() }
    for (from, to) in [
      ("orders.csv", "a.tsv.gz"), ("a.tsv.gz", "b.csv.zst"), ("b.csv.zst", "c.csv"),
    ] {
      let run = try martlet("file", "convert", folder.path(from), folder.path(to))
      #expect(run.exit == 0, "\(run.talk)")
    }
    #expect(try folder.text(of: "c.csv") == Self.orders)
    _ = try martlet(
      "file", "convert", folder.path("orders.csv"), folder.path("c.csv"), "--columns", "note,amount"
    )
    #expect(try folder.text(of: "c.csv") == "note,amount\n,1.50\n,2\n,-0.0\n")
  }

  @Test func `times that text cuts short are counted`() throws {
    let folder = try Drawer([:])
    defer { folder.remove() }
    let source = parquetFixture("arrow_none_v1")
    let run = try martlet(
      "file", "convert", source, folder.path("a.csv"), "--columns", "ns,i64")
    #expect(run.exit == 0)
    #expect(
      run.talk.hasSuffix("times cut to whole microseconds, which is what text is written in\n"))
    let stored = try martlet("file", "convert", source, folder.path("a.parquet"))
    #expect(stored.talk == "")
  }

  @Test func `members of objects are columns of dotted names, both ways`() throws {
    let folder = try Drawer(["a.jsonl": "{\"p\":{\"x\":1,\"y\":[1,2]}}\n{}\n"])
    defer { folder.remove() }
    let run = try martlet("file", "convert", folder.path("a.jsonl"), folder.path("b.jsonl"))
    #expect(run.exit == 0)
    let expected = "{\"p.x\":1,\"p.y\":[1,2]}\n{\"p.x\":null,\"p.y\":null}\n"
    #expect(try folder.text(of: "b.jsonl") == expected)
    #expect(try martlet("file", "show", folder.path("b.jsonl"), "--json").output == expected)
  }

  @Test func `what is damaged is told by its row, and exits with 1`() throws {
    let folder = try Drawer([
      "short.csv": "a,b\n1,2\n3\n", "twice.csv": "a,a\n1,2\n", "open.csv": "a\n\"1\n",
      "mixed.jsonl": "{\"a\":1}\n{\"a\":\"x\"}\n",
      "wrong.jsonl": "{\"a\":1,\"b\":1}\n{\"a\":\"x\"}\n", "cut.jsonl": "{\"a\":1}\n{\"a\":",
      "bytes.csv.gz": "a\n1\n", "empty.csv": "", "empty.jsonl": "",
    ])
    defer { folder.remove() }
    let cases: [(name: String, says: String)] = [
      ("short.csv", "row 2: it has 1 fields, the header 2"),
      ("twice.csv", "two columns are called `a`"), ("open.csv", "row 1: a quote is not closed"),
      ("mixed.jsonl", "`a`: its values have no type in common"), ("cut.jsonl", "row 2: "),
      ("bytes.csv.gz", "the gzip file is damaged"),
    ]
    for (name, says) in cases {
      let run = try martlet("file", "check", folder.path(name))
      #expect(run.exit == 1, "\(name): \(run.talk)")
      #expect(run.output.contains(says), "\(name): \(run.output)")
      let json = try martlet("file", "check", folder.path(name), "--json")
      #expect(json.exit == 1 && json.output.contains("\"sound\":false"), "\(json.output)")
      let converted = try martlet(
        "file", "convert", folder.path(name), folder.path("out.parquet"))
      #expect(converted.exit == 3 && converted.talk.contains(says), "\(converted.talk)")
    }
    #expect(access(folder.path("out.parquet"), F_OK) != 0)
    let other = try martlet("file", "check", folder.path("wrong.jsonl"), "--columns", "b")
    #expect(other.exit == 0 && other.output.contains("sound: 2 rows, 1 column, JSON Lines"))
    for name in ["empty.csv", "empty.jsonl"] {
      let run = try martlet("file", "check", folder.path(name))
      #expect(run.exit == 0 && run.output.contains("sound: 0 rows, 0 columns"), "\(run.output)")
    }
  }

  @Test func `what cannot be asked of text is refused with a word`() throws {
    let folder = try Drawer(["orders.csv": Self.orders])
    defer { folder.remove() }
    let orders = folder.path("orders.csv")
    let cases: [(words: [String], exit: Int32, says: String)] = [
      (["convert", orders, folder.path("a.txt")], 3, "none of those that are written"),
      (["convert", orders, folder.path("a.parquet.gz")], 3, "none of those that are written"),
      (["convert", orders, folder.path("a.jsonl"), "--columns", "no"], 3, "no column `no`"),
      (
        ["convert", orders, folder.path("a.jsonl"), "--columns", "note,note"], 3, "asked for twice"
      ),
      (["show", orders, "--columns", "no"], 3, "no column `no`"),
      (["check", folder.path("none.csv")], 3, "no file is there"),
      (["schema", folder.path("none.jsonl.gz")], 3, "no file is there"),
    ]
    for (words, exit, says) in cases {
      let run = try martlet(["file"] + words)
      #expect(run.exit == exit, "\(words): \(run.talk)")
      #expect(run.talk.contains(says), "\(words): \(run.talk)")
      #expect(run.output == "")
    }
  }
}

/// A folder with some files of text.
private struct Drawer {
  private let folder: String

  init(_ files: [String: String]) throws {
    folder = try temporaryFolder()
    for (name, text) in files {
      let file = try #require(fopen(path(name), "wb"))
      defer { fclose(file) }
      #expect(fwrite(text, 1, text.utf8.count, file) == text.utf8.count)
    }
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func text(of name: String) throws -> String {
    let file = try #require(fopen(path(name), "rb"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  func remove() {
    guard let listing = opendir(folder) else { return }
    var names: [String] = []
    while let entry = readdir(listing) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    closedir(listing)
    for name in names where !name.hasPrefix(".") { unlink(path(name)) }
    rmdir(folder)
  }
}
