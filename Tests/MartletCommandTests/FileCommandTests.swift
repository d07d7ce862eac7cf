import Glibc
import MartletColumns
import MartletParquet
import Testing

/// `martlet file …`, whole processes over files small enough to check by eye.
struct FileCommandTests {
  @Test func `the schema is a table, or one object`() throws {
    let folder = try Drawer()
    defer { folder.remove() }
    let text = try martlet("file", "schema", folder.orders)
    #expect(
      text.output == """
        Column     Type    Stored as                              Encodings                Codec  Nulls  Bytes  Plain
        order      int     INT64                                  DELTA_BINARY_PACKED      ZSTD       0     52     39
        customer   string  STRING as BYTE_ARRAY                   DELTA_LENGTH_BYTE_ARRAY  ZSTD       1     58     45
        placed_at  time    TIMESTAMP(microseconds, UTC) as INT64  DELTA_BINARY_PACKED      ZSTD       0     58     45

        3 rows in 1 row group, written by martlet version 0.1.0 (build 0)

        """)
    let json = try martlet("file", "schema", folder.orders, "--json")
    #expect(
      json.output.hasPrefix(
        #"{"path":"\#(folder.orders)","format":"parquet","rows":3,"row_groups":[{"rows":3,"#))
    #expect(json.output.contains(#"{"name":"customer","type":"string","stored_as":"STRING as"#))
    #expect((text.exit, json.exit) == (0, 0))
  }

  @Test func `the first rows are a table, or an object each`() throws {
    let folder = try Drawer()
    defer { folder.remove() }
    let text = try martlet("file", "show", folder.orders, "--limit", "2")
    #expect(
      text.output == """
        order  customer  placed_at
            1  ann       1970-01-01T00:00:10Z
            2  null      1970-01-01T00:00:20Z

        """)
    let json = try martlet("file", "show", folder.orders, "--json", "--columns", "customer,order")
    #expect(
      json.output == """
        {"customer":"ann","order":1}
        {"customer":null,"order":2}
        {"customer":"bob","order":3}

        """)
    #expect(try martlet("file", "show", folder.orders, "-n", "0").output.contains("order") == true)
  }

  @Test func `a sound file is called so, with what vouches for it`() throws {
    let folder = try Drawer()
    defer { folder.remove() }
    let whole = try martlet("file", "check", folder.orders)
    #expect(
      whole.output
        == "\(folder.orders): sound: 3 rows, 3 columns, 1 row group, 3 pages, each with its checksum\n"
    )
    #expect(whole.exit == 0)
    let json = try martlet("file", "check", folder.orders, "--json")
    #expect(
      json.output
        == #"{"path":"\#(folder.orders)","format":"parquet","sound":true,"rows":3,"pages":3,"pages_with_checksum":3,"faults":[]}"#
        + "\n")
    let bare = try martlet("file", "check", parquetFixture("arrow_tiny_groups"), "--threads", "1")
    #expect(bare.output.hasSuffix("14 row groups, 658 pages, none with a checksum\n"))
    #expect(bare.exit == 0)
  }

  @Test func `a damaged file is told by its column, page and byte, and exits with 1`() throws {
    let folder = try Drawer()
    defer { folder.remove() }
    let damaged = try folder.damagedOrders()
    let run = try martlet("file", "check", damaged)
    #expect(run.exit == 1)
    #expect(run.output.hasPrefix("\(damaged): row group 0, column `order`, page 0, byte "))
    #expect(run.output.hasSuffix("the page's checksum does not match its bytes\n"))
    let json = try martlet("file", "check", damaged, "--json")
    #expect(json.output.contains(#""sound":false"#))
    let show = try martlet("file", "show", damaged)
    #expect(show.exit == 3)
    #expect(show.talk.contains("the page's checksum does not match its bytes"))
    let others = try martlet("file", "check", damaged, "--columns", "placed_at,customer")
    #expect(others.output.contains("sound: 3 rows, 2 columns, 1 row group, 2 pages"))
    let absent = try martlet("file", "check", damaged, "--columns", "none")
    #expect(absent.exit == 3 && absent.talk.contains("a column `none`"))
  }

  @Test func `a rewritten file has the same rows and types, whatever the threads`() throws {
    let folder = try Drawer()
    defer { folder.remove() }
    let source = parquetFixture("arrow_none_v1")
    var copies: [[UInt8]] = []
    for threads in ["1", "3"] {
      let run = try martlet(
        "file", "convert", source, folder.path("copy.parquet"), "--threads", threads)
      #expect(run == ProgramRun(exit: 0, output: "", talk: ""))
      copies.append(try bytes(of: folder.path("copy.parquet")))
    }
    #expect(copies[0] == copies[1])
    let shown = try [source, folder.path("copy.parquet")].map {
      try martlet("file", "show", $0, "--json", "--limit", "300").output
    }
    #expect(shown[0] == shown[1])
    let kinds = try [source, folder.path("copy.parquet")].map { path in
      let file = try ParquetFile(BytesInMemory(bytes(of: path)))
      return file.columns.map { "\($0.name) \($0.physicalType) \($0.logicalType as Any)" }
    }
    #expect(kinds[0] == kinds[1])
  }

  @Test func `columns are kept by name`() throws {
    let folder = try Drawer()
    defer { folder.remove() }
    let copy = folder.path("copy.parquet")
    _ = try martlet("file", "convert", folder.orders, copy, "--columns", "customer", "--level", "9")
    #expect(try martlet("file", "show", copy).output == "customer\nann\nnull\nbob\n")
  }

  @Test func `what cannot be done leaves no file behind, and says why`() throws {
    let folder = try Drawer()
    defer { folder.remove() }
    let out = folder.path("out.parquet")
    let cases: [(words: [String], exit: Int32, says: String)] = [
      (["convert", folder.path("none.parquet"), out], 3, "no file is there"),
      (["convert", folder.text, out], 3, "this is no Parquet file"),
      (["convert", try folder.damagedOrders(), out], 3, "checksum does not match"),
      (["convert", folder.orders, out, "--columns", "custommer"], 3, "a column `custommer`"),
      (["convert", folder.orders, out, "--level", "23"], 2, "--level"),
      (["convert", folder.orders, folder.path("no/out.parquet")], 3, "No such file or directory"),
      (["convert", folder.orders], 2, "OUT"),
      (["check", folder.path("none.parquet")], 3, "no file is there"),
      (["schema", folder.text], 3, "this is no Parquet file"),
      (["show", folder.orders, "--columns", "a,,b"], 2, "--columns"),
      (["show"], 2, "FILE"),
    ]
    for (words, exit, says) in cases {
      let run = try martlet(["file"] + words)
      #expect(run.exit == exit, "\(words): \(run.talk)")
      #expect(run.talk.contains(says), "\(words): \(run.talk)")
      #expect(run.output == "")
    }
    #expect(access(out, F_OK) != 0)
  }
}

/// The path of a file that another program wrote.
func parquetFixture(_ name: String) -> String {
  let folder = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
  return "/\(folder)/MartletParquetTests/Fixtures/\(name).parquet"
}

/// A folder with a small file in it.
private struct Drawer {
  let folder: String

  init() throws {
    folder = try temporaryFolder()
    try write(Drawer.ordersBytes(), to: "orders.parquet")
    try write(Array("order,customer\n1,ann\n".utf8), to: "orders.txt")
  }

  var orders: String { path("orders.parquet") }
  var text: String { path("orders.txt") }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The path of the same file with a bit of its first page turned over.
  func damagedOrders() throws -> String {
    var bytes = try Drawer.ordersBytes()
    let file = try ParquetFile(BytesInMemory(bytes))
    let chunk = try #require(file.metadata.rowGroups[0].columns[0].metadata)
    bytes[Int(chunk.dataPageOffset + chunk.compressedByteCount - 2)] ^= 1
    try write(bytes, to: "damaged.parquet")
    return path("damaged.parquet")
  }

  func remove() {
    for name in ["orders.parquet", "orders.txt", "damaged.parquet", "copy.parquet"] {
      unlink(path(name))
    }
    rmdir(folder)
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let file = try #require(fopen(path(name), "wb"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  private static func ordersBytes() throws -> [UInt8] {
    let schema = try #require(
      Schema([Field("order", .int), Field("customer", .string), Field("placed_at", .time)]))
    let columns = [
      Column(.int, [.int(1), .int(2), .int(3)]),
      Column(.string, [.string("ann"), .null, .string("bob")]),
      Column(.time, [10, 20, 30].map { .time(Instant(microseconds: $0 * 1_000_000)) }),
    ]
    final class File {
      var bytes: [UInt8] = []
    }
    let file = File()
    var writer = ParquetWriter<Never>(schema) { span in
      span.withUnsafeBufferPointer { file.bytes += $0 }
    }
    writer.append(Batch(schema, try columns.map { try #require($0) }, rowCount: 3))
    writer.finish()
    return file.bytes
  }
}

private func bytes(of path: String) throws -> [UInt8] {
  let file = try #require(fopen(path, "rb"))
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  var bytes = [UInt8](repeating: 0, count: ftell(file))
  rewind(file)
  let count = fread(&bytes, 1, bytes.count, file)
  return Array(bytes[..<count])
}
