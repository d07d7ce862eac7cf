import CSQLite
import Glibc
import MartletColumns
@testable import MartletSources
import Testing

struct SQLiteSourceTests {
  @Test func `each type has its way of being kept, and columns are found by name`() throws {
    try withDatabase(
      """
      CREATE TABLE "t ""1" (s, i, d, b, t, y, l, other);
      INSERT INTO "t ""1" VALUES
        ('é', -9223372036854775807, 1.5, 1, '1970-01-02', x'00FF', '[1,null]', 'x'),
        ('', 0, 3, 0, '1970-01-01T01:00+01:00', x'', '[]', 1),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
      """
    ) { path in
      let declared = try schema([
        ("l", .list(.int)), ("i", .int), ("d", .double), ("b", .bool), ("t", .time),
        ("y", .bytes), ("s", .string),
      ])
      let rows = try SQLiteSource(path, table: "t \"1", declared: declared).rows()
      #expect(
        rows == [
          [
            .list([.int(1), .null]), .int(.min + 1), .double(1.5), .bool(true),
            .time(Instant(microseconds: 86_400_000_000)), .bytes([0, 255]), .string("é"),
          ],
          [
            .list([]), .int(0), .double(3), .bool(false), .time(Instant(microseconds: 0)),
            .bytes([]), .string(""),
          ],
          Array(repeating: .null, count: 7),
        ])
    }
  }

  static let wrong: [(sql: String, type: ColumnType)] = [
    ("'1'", .int), ("1.5", .int), ("9007199254740993", .double), ("'1'", .double), ("2", .bool),
    ("1", .string), ("x'41'", .string), ("'2025-02-30'", .time), ("1", .time), ("'41'", .bytes),
    ("'[1.5]'", .list(.int)), ("CAST(x'FF' AS TEXT)", .string),
  ]

  @Test(arguments: wrong)
  func `a value of another type is refused with its row`(sql: String, type: ColumnType) throws {
    try withDatabase("CREATE TABLE t (v); INSERT INTO t VALUES (NULL), (\(sql));") { path in
      let source = try SQLiteSource(path, table: "t", declared: schema([("v", type)]))
      let error = #expect(throws: SourceError.self) { try source.rows() }
      #expect(
        error?.description.contains("`v` in row 2 is ") == true, "\(String(describing: error))")
    }
  }

  @Test func `what is not there is told before any row`() throws {
    try withDatabase("CREATE TABLE t (a); INSERT INTO t VALUES (1);") { path in
      let error = #expect(throws: SourceError.self) {
        try SQLiteSource(
          path, table: "t", declared: schema([("a", .int), ("b", .int), ("c", .int)]))
      }
      #expect(
        error?.reason
          == .otherColumns([
            .init(column: "b", declared: "int", found: nil),
            .init(column: "c", declared: "int", found: nil),
          ]))
      let table = #expect(throws: SourceError.self) {
        try SQLiteSource(path, table: "u", declared: schema([("a", .int)]))
      }
      #expect(table?.description.contains("there is no table `u`") == true)
      let file = #expect(throws: SourceError.self) {
        try SQLiteSource(path + "x", table: "t", declared: schema([("a", .int)]))
      }
      #expect(file?.reason == .nothingThere)
    }
  }

  @Test func `changes that lie in a write-ahead log are not passed over`() throws {
    try withDatabase("PRAGMA journal_mode = WAL; CREATE TABLE t (a);", isOpenMeanwhile: true) {
      path in
      let error = #expect(throws: SourceError.self) {
        try SQLiteSource(path, table: "t", declared: schema([("a", .int)]))
      }
      #expect(error?.description.contains("wal_checkpoint") == true)
    }
  }

  @Test func `a file that is no database is refused`() throws {
    try withDatabase("") { path in
      let file = try #require(fopen(path, "w"))
      fputs(String(repeating: "no database", count: 100), file)
      fclose(file)
      let error = #expect(throws: SourceError.self) {
        try SQLiteSource(path, table: "t", declared: schema([("a", .int)]))
      }
      #expect(error?.description.contains("not a database") == true)
    }
  }

  private func withDatabase(
    _ sql: String, isOpenMeanwhile: Bool = false, _ body: (String) throws -> Void
  ) throws {
    var name = Array("/tmp/martlet-sqlite-\(String(repeating: "X", count: 6))".utf8CString)
    let folder = try #require(mkdtemp(&name).map { String(cString: $0) })
    let path = folder + "/a.db"
    defer {
      for ending in ["", "-wal", "-shm"] { unlink(path + ending) }
      rmdir(folder)
    }
    var handle: OpaquePointer?
    try #require(sqlite3_open(path, &handle) == SQLITE_OK)
    #expect(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
    if !isOpenMeanwhile { sqlite3_close(handle) }
    defer { if isOpenMeanwhile { sqlite3_close(handle) } }
    try body(path)
  }
}
