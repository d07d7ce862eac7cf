import MartletColumns
import MartletParquet

/// Rows to write, of every type, with nulls and without, that repeat, ascend or are noise.
struct WrittenSample: CustomStringConvertible, Sendable {
  var name: String
  var batch: Batch
  var options: WritingOptions

  var description: String { name }
}

extension WrittenSample {
  /// How values follow each other; each way brings about another encoding.
  enum Manner: String, CaseIterable { case repeating, ascending, noise, extremes }

  /// How many rows are null.
  enum Nulls: String, CaseIterable { case none, some, all }

  static let types: [(name: String, type: ColumnType)] = [
    ("bool", .bool), ("int", .int), ("double", .double), ("string", .string), ("time", .time),
    ("bytes", .bytes), ("ints", .list(.int)), ("strings", .list(.string)),
    ("lists", .list(.list(.double))), ("vector", .vector(width: 3)),
  ]

  static var all: [WrittenSample] {
    var samples: [WrittenSample] = []
    for manner in Manner.allCases {
      for nulls in Nulls.allCases {
        for rowCount in [0, 1, 17, 1_000] where rowCount > 1 || nulls == .some {
          samples.append(sample(manner, nulls, rowCount: rowCount))
        }
      }
    }
    for compression in CodecTests.compressions {
      var sample = sample(.repeating, .some, rowCount: 200)
      sample.name += "-\(compression.codec)-\(compression.level)"
      sample.options.compression = compression
      samples.append(sample)
    }
    return samples
  }

  static func sample(_ manner: Manner, _ nulls: Nulls, rowCount: Int) -> WrittenSample {
    var random = Random(state: UInt64(rowCount) &* 31 &+ UInt64(manner.rawValue.utf8.count))
    let columns = types.map { _, type in
      let values = (0..<rowCount).map { row in
        nulls == .all || nulls == .some && random.next() % 4 == 0
          ? Value.null : value(of: type, manner, row: row, &random)
      }
      guard let column = Column(type, values) else { preconditionFailure("no \(type)") }
      return column
    }
    guard let schema = Schema(types.map { Field($0.name, $0.type) }) else {
      preconditionFailure("two columns of one name")
    }
    var options = WritingOptions()
    options.rowsPerGroup = 300
    options.mostRowsPerPage = 70
    options.filteredColumns = ["int", "string"]
    options.notes = [("purpose", "to be read")]
    return WrittenSample(
      name: "\(manner)-\(nulls)-\(rowCount)",
      batch: Batch(schema, columns, rowCount: rowCount), options: options)
  }

  private static func value(
    of type: ColumnType, _ manner: Manner, row: Int, _ random: inout Random
  ) -> Value {
    switch type {
    case .bool: .bool(random.next() % 2 == 0)
    case .int: .int(integer(manner, row: row, &random))
    case .time: .time(Instant(microseconds: integer(manner, row: row, &random)))
    case .double: .double(double(manner, row: row, &random))
    case .string: .string(text(manner, row: row, &random))
    case .bytes: .bytes((0..<Int(random.next() % 9)).map { _ in UInt8(random.next() % 256) })
    case .list(let element):
      .list(
        (0..<Int(random.next() % 4)).map { _ in
          random.next() % 5 == 0 ? .null : value(of: element, manner, row: row, &random)
        })
    case .vector(let width):
      .vector((0..<width).map { _ in Float(double(manner, row: row, &random)) })
    }
  }

  private static func integer(_ manner: Manner, row: Int, _ random: inout Random) -> Int64 {
    switch manner {
    case .repeating: Int64(random.next() % 5) - 2
    case .ascending: -1_000_000_000_000 + Int64(row) * 1_000_003 + Int64(random.next() % 1_000)
    case .noise: Int64(bitPattern: random.next()) >> 12
    case .extremes:
      [.min, .max, 0, -1, 1, .min + 1, Int64(Int32.min) - 1][Int(random.next() % 7)]
    }
  }

  private static func double(_ manner: Manner, row: Int, _ random: inout Random) -> Double {
    switch manner {
    case .repeating: [0.5, -0.0, 0.0, 100][Int(random.next() % 4)]
    case .ascending: Double(row) * 0.25
    case .noise: Double(Int64(bitPattern: random.next())) / 3
    case .extremes:
      [
        .infinity, -.infinity, .nan, Double(bitPattern: 0xFFF8_0000_0000_0123), -0.0, 0.0,
        .leastNonzeroMagnitude, -.greatestFiniteMagnitude,
      ][Int(random.next() % 8)]
    }
  }

  private static func text(_ manner: Manner, row: Int, _ random: inout Random) -> String {
    switch manner {
    case .repeating: ["", "settled", "declined", "né"][Int(random.next() % 4)]
    case .ascending: "row-\(10_000 + row)"
    case .noise: String(random.next(), radix: 36) + String(random.next(), radix: 36)
    case .extremes:
      ["", String(repeating: "é", count: 200), String(repeating: "\u{10FFFF}", count: 40), "a"][
        Int(random.next() % 4)]
    }
  }

  private struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ state >> 29) &* 0x9E37_79B9_7F4A_7C15 >> 3
    }
  }
}

extension WrittenSample {
  /// The file's bytes, written from batches of `rowsPerBatch` rows.
  func fileBytes(
    rowsPerBatch: Int = .max,
    forEach: @escaping ParquetWriter<Never>.ForEach = { count, body in
      for index in 0..<count { body(index) }
    }
  ) -> [UInt8] {
    let file = File()
    var writer = ParquetWriter<Never>(batch.schema, options, forEach: forEach) { bytes in
      file.take(bytes)
    }
    var row = 0
    while row < batch.rowCount {
      let end = row + min(rowsPerBatch, batch.rowCount - row)
      writer.append(batch.slice(row..<end))
      row = end
    }
    writer.finish()
    return file.bytes
  }

  private final class File {
    var bytes: [UInt8] = []

    func take(_ more: Span<UInt8>) { more.withUnsafeBufferPointer { bytes += $0 } }
  }

  /// The values in a form that any language can hold its own against: a line for each column, its
  /// name and its values; numbers with a point by their bits, texts by their bytes, null as `~`.
  var spelledOut: String {
    zip(batch.schema.fields, batch.columns).map { field, column in
      let values = (0..<column.count).map { WrittenSample.spelled(column, $0) }
      return "\(field.name)\t\(values.joined(separator: " "))\n"
    }.joined()
  }

  private static func spelled(_ column: Column, _ row: Int) -> String {
    if column.isNull(at: row) { return "~" }
    switch column.values {
    case .bool(let flags): return flags[row] ? "1" : "0"
    case .int(let numbers), .time(let numbers): return String(numbers[row])
    case .double(let numbers): return String(numbers[row].bitPattern, radix: 16)
    case .string(let texts), .bytes(let texts):
      return "x"
        + texts.bytes(at: row).map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
    case .dictionary(let texts):
      return "x"
        + texts[row].utf8.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
    case .list(let lists):
      let elements = lists[row]
      return "[" + (0..<elements.count).map { spelled(elements, $0) }.joined(separator: ",") + "]"
    case .vector(let vectors):
      let floats = vectors[row]
      return "["
        + (0..<floats.count).map { String(floats[$0].bitPattern, radix: 16) }
        .joined(separator: ",") + "]"
    }
  }
}
