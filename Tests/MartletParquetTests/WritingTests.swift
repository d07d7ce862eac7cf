import Glibc
import MartletColumns
import MartletParquet
import Testing

struct WritingTests {
  @Test(arguments: [1, 7, 299, 300, 301])
  func `batches make no difference to the bytes`(rowsPerBatch: Int) {
    for manner in WrittenSample.Manner.allCases {
      let sample = WrittenSample.sample(manner, .some, rowCount: 700)
      #expect(sample.fileBytes(rowsPerBatch: rowsPerBatch) == sample.fileBytes(), "\(sample)")
    }
  }

  @Test func `the order in which columns are encoded makes no difference to the bytes`() {
    let sample = WrittenSample.sample(.noise, .some, rowCount: 700)
    let backwards = sample.fileBytes { count, body in
      for index in (0..<count).reversed() { body(index) }
    }
    #expect(backwards == sample.fileBytes())
  }

  @Test func `texts that come with a dictionary are written as if they came without`() {
    let texts = Strings((0..<900).map { ["settled", "", "declined"][$0 * 7 % 5 % 3] })
    let codes = Buffer((0..<900).map { Int32([2, 0, 3][$0 * 7 % 5 % 3]) })
    let repeating = DictionaryStrings(
      codes: codes, dictionary: Strings(["", "unused", "settled", "declined"]))
    #expect(bytes(of: .string(texts)) == bytes(of: .dictionary(repeating)))
  }

  @Test func `a chunk that the codec saves too little of is stored as it is`() throws {
    let noise = Buffer(
      (0..<9_000).map { (index: UInt64) in
        let mixed = (index &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xBF58_476D_1CE4_E5B9)
        return Int64(bitPattern: (mixed.high ^ mixed.low) &* 0x94D0_49BB_1331_11EB)
      })
    // Codes of a dictionary that nothing foretells, and whose own words lie near each other.
    let words = noise.span.indices.map { (noise[$0] >> 32 & 0x3ff) << 40 }
    let columns = [
      Column(.int(noise)), Column(.double(Buffer((0..<9_000).map { Double($0 % 7) * 0.1 }))),
      Column(.int(Buffer(words))),
    ]
    let schema = try #require(
      Schema([Field("noise", .int), Field("few", .double), Field("words", .int)]))
    for (saving, rowsPerPage, codec) in [
      (0.125, 1_000, CompressionCodec.uncompressed), (0, 1_000, .zstd), (0.125, 9_000, .zstd),
    ] {
      var options = WritingOptions()
      (options.leastSaving, options.mostRowsPerPage) = (saving, rowsPerPage)
      var bytes: [UInt8] = []
      var writer = ParquetWriter<Never>(schema, options) { part in
        for index in part.indices { bytes.append(part[index]) }
      }
      writer.append(Batch(schema, columns, rowCount: 9_000))
      writer.finish()
      let file = try ParquetFile(BytesInMemory(bytes))
      let chunks = try #require(file.metadata.rowGroups.first).columns
      #expect(chunks.map { $0.metadata?.codec } == [codec, .zstd, .zstd])
      var reader = try BatchReader(file)
      #expect(try reader.next()?.columns == columns)
    }
  }

  private func bytes(of values: Column.Values) -> [UInt8] {
    guard let schema = Schema([Field("status", .string)]) else { return [] }
    var sample = WrittenSample.sample(.noise, .none, rowCount: 17)
    sample.batch = Batch(schema, [Column(values)], rowCount: values.count)
    return sample.fileBytes()
  }

  /// Whoever is there reads every sample: pyarrow, DuckDB, Polars, fastparquet.
  @Test(.enabled(if: getenv("MARTLET_PYTHON") != nil))
  func `other readers find every value`() throws {
    var template = Array("/tmp/martlet-interop-\(String(repeating: "X", count: 6))".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    for sample in WrittenSample.all {
      try write(sample.fileBytes(), to: "\(folder)/\(sample).parquet")
      try write(Array(sample.spelledOut.utf8), to: "\(folder)/\(sample).values")
    }
    let script = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let code = system(
      "\"$MARTLET_PYTHON\" '/\(script)/Interop/read_what_we_write.py' '\(folder)'")
    #expect(code == 0, "see what the script printed; the files are in \(folder)")
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
