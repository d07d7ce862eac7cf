import Glibc
import MartletColumns
import MartletParquet
import Testing

/// Files that other programs wrote, held against what was put into them.
///
/// `Tests/Interop/parquet_fixtures.py` makes the files and `every.txt`, which says what their
/// columns hold. `MARTLET_PARQUET_FIXTURES` names a folder with larger ones.
struct FixtureTests {
  static let folder =
    getenv("MARTLET_PARQUET_FIXTURES").map { String(cString: $0) }
    ?? "\(#filePath)".dropping(after: "/") + "Fixtures"

  static let files = [
    "arrow_none_v1", "arrow_none_v2", "arrow_snappy_v1", "arrow_snappy_v2", "arrow_gzip_v1",
    "arrow_gzip_v2", "arrow_brotli_v1", "arrow_brotli_v2", "arrow_zstd_v1", "arrow_zstd_v2",
    "arrow_lz4_v1", "arrow_lz4_v2", "arrow_plain", "arrow_fallback", "arrow_tiny_groups",
    "arrow_int96", "arrow_delta", "arrow_delta_length_byte_array", "arrow_delta_byte_array",
    "arrow_split", "arrow_empty", "duck_V1", "duck_V2", "spark_snappy", "spark_legacy",
    "polars_zstd",
    "polars_snappy", "polars_lz4", "fast",
  ]

  @Test(arguments: files, [7, 65_536])
  func `what others wrote is read to the bit`(file: String, batchRowCount: Int) throws {
    try expectRead(file, batchRowCount: batchRowCount)
  }

  @Test func `rows are read from any row to any other`() throws {
    let file = try ParquetFile(BytesInMemory(fixtureBytes(of: "arrow_zstd_v1")))
    let all = try read(file, rows: 0..<file.rowCount, batchRowCount: 1_000)
    for first in stride(from: 0, to: file.rowCount, by: 9) {
      for last in stride(from: first, through: file.rowCount, by: 13) {
        let some = try read(file, rows: first..<last, batchRowCount: 11)
        for (name, texts) in all {
          #expect(some[name] ?? [] == Array(texts[first..<last]), "\(name) \(first)..<\(last)")
        }
      }
    }
  }

  @Test(arguments: ["arrow_none_v1", "arrow_none_v2", "arrow_plain", "arrow_split", "duck_V2"])
  func `a file cut short or with a byte changed gives an error or values, never a trap`(
    file: String
  ) {
    let whole = fixtureBytes(of: file)
    let step = getenv("MARTLET_NIGHTLY") == nil ? 97 : 1
    for place in stride(from: 0, to: whole.count, by: step) {
      var damaged = whole
      damaged[place] ^= 1 << UInt8(place % 8)
      _ = try? readAll(damaged)  // Any answer will do, as long as there is one.
      _ = try? readAll(Array(whole[..<place]))
    }
  }

  @Test func `a byte changed in a page is told by its checksum`() throws {
    var bytes = fixtureBytes(of: "arrow_zstd_v1")
    let file = try ParquetFile(BytesInMemory(bytes))
    let chunk = try #require(file.metadata.rowGroups[0].columns[0].metadata)
    bytes[Int(chunk.dataPageOffset + chunk.compressedByteCount / 2)] ^= 1
    let damaged = try ParquetFile(BytesInMemory(bytes))
    let error = #expect(throws: ParquetError.self) {
      try damaged.read(column: 0, ofRowGroup: 0)
    }
    #expect(error?.place.column == "i64")
    #expect(error?.place.rowGroup == 0)
    #expect(error?.place.page != nil)
  }

  // MARK: The door

  private func expectRead(_ name: String, batchRowCount: Int) throws {
    let file = try ParquetFile(BytesInMemory(fixtureBytes(of: name)))
    let expected = Expectation.all(
      in: String(decoding: fixtureBytes(of: "every", "txt"), as: UTF8.self))
    let found = try read(file, rows: 0..<file.rowCount, batchRowCount: batchRowCount)
    for column in file.columns {
      let wanted = try #require(expected[column.name], "`\(column.name)`")
      #expect("\(try column.type.get())" == wanted.type, "`\(column.name)`")
      var texts = file.rowCount == 0 ? [] : wanted.values
      // Java knows one NaN, whatever its payload was.
      if name.hasPrefix("spark") {
        texts = texts.map { $0 == "7ff8000000000123" ? "7ff8000000000000" : $0 }
      }
      #expect(found[column.name] ?? [] == texts, "`\(column.name)`")
    }
  }

  private func read(
    _ file: ParquetFile, rows: Range<Int>, batchRowCount: Int
  ) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    var reader = try BatchReader(file, rows: rows, batchRowCount: batchRowCount)
    while let batch = try reader.next() {
      for (field, column) in zip(batch.schema.fields, batch.columns) {
        found[field.name, default: []] += (0..<column.count).map { Expectation.text(column[$0]) }
      }
    }
    return found
  }

  private func readAll(_ bytes: [UInt8]) throws {
    let file = try ParquetFile(BytesInMemory(bytes))
    var reader = try BatchReader(file, rows: 0..<min(file.rowCount, 1_000), batchRowCount: 100)
    while try reader.next() != nil {}
  }
}

/// The bytes of a fixture.
func fixtureBytes(of name: String, _ kind: String = "parquet") -> [UInt8] {
  guard let file = fopen("\(FixtureTests.folder)/\(name).\(kind)", "rb") else { return [] }
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  var bytes = [UInt8](repeating: 0, count: ftell(file))
  rewind(file)
  let count = fread(&bytes, 1, bytes.count, file)
  return Array(bytes[..<count])
}

/// What a column of the fixtures holds, as text.
private struct Expectation {
  var type: String
  var values: [String] = []

  static func all(in text: String) -> [String: Expectation] {
    var all: [String: Expectation] = [:]
    var name = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let types = ["bool", "int", "double", "string", "time", "bytes", "list of int"]
      if let space = line.firstIndex(of: " "), !line.hasPrefix("'"), !line.hasPrefix("["),
        (types + ["list of list of string"]).contains(String(line[line.index(after: space)...]))
      {
        name = String(line[..<space])
        all[name] = Expectation(type: String(line[line.index(after: space)...]))
      } else {
        all[name]?.values.append(String(line))
      }
    }
    // What stands behind the last line's end is no value.
    if !name.isEmpty { all[name]?.values.removeLast() }
    return all
  }

  static func text(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .time(let instant): "\(instant.microseconds)"
    case .double(let number): hexadecimal(number.bitPattern, digits: 16)
    case .string(let text): "'\(text)'"
    case .bytes(let bytes): bytes.map { hexadecimal(UInt64($0), digits: 2) }.joined()
    case .list(let values): "[" + values.map(text).joined(separator: ", ") + "]"
    case .vector(let numbers): "\(numbers)"
    }
  }

  private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}

extension String {
  /// The text up to and with the last `mark`.
  fileprivate func dropping(after mark: Character) -> String {
    lastIndex(of: mark).map { String(self[...$0]) } ?? self
  }
}
