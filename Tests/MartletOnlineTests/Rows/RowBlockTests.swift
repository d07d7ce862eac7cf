import MartletColumns
import SeededRandom
import Testing

@testable import MartletOnline

/// What is written is read, and nothing else is.
struct RowBlockTests {
  @Test(arguments: Seed.first(60))
  func `rows come back as they were, whatever the blocks`(seed: Seed) throws {
    var random = seed.generator()
    let rows = try RandomColumns(using: &random)
    let found = try read(rows.written(using: &random), rows.format)
    #expect(found == rows.columns)
  }

  @Test(arguments: Seed.first(60))
  func `a flipped bit and a missing end are noticed`(seed: Seed) throws {
    var random = seed.generator()
    let rows = try RandomColumns(using: &random)
    let value = rows.written(using: &random)
    for _ in 0..<20 {
      var damaged = value
      let at = Int.random(in: 0..<value.count, using: &random)
      damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      #expect(throws: RowsError.self, "byte \(at) of \(value.count)") {
        try read(damaged, rows.format)
      }
    }
    // Cut between two blocks it is a value of fewer rows; everywhere else it ends in the midst of one.
    let cut = Int.random(in: 1..<RowBlock.headerSizeInBytes, using: &random)
    #expect(throws: RowsError.self) { try read(value.dropLast(cut), rows.format) }
  }

  @Test(arguments: Seed.first(200))
  func `any bytes at all are refused or read`(seed: Seed) throws {
    var random = seed.generator()
    let format = try RandomColumns(using: &random).format
    let count = Int.random(in: 0...400, using: &random)
    let body = (0..<count).map { _ in UInt8.random(in: 0...3, using: &random) }
    // With a checksum that is right, so that everything behind it is met.
    let value = Self.sealed(body, rows: Int.random(in: 0...20, using: &random), format)
    do { _ = try read(value, format) } catch let error as RowsError {
      #expect("\(error.part)" != "checksum")
    }
  }

  @Test func `a log record says itself what it is`() throws {
    var random = Seed(3).generator()
    let rows = try RandomColumns(using: &random)
    let fields = rows.format.types.enumerated().map { Field("c\($0.offset)", $0.element) }
    let batch = Batch(try #require(Schema(fields)), rows.columns, rowCount: rows.rowCount)
    let record = LoggedBatch.encoded(batch)
    #expect(try decoded(record) == batch)
  }

  private func read(_ value: [UInt8], _ format: RowFormat) throws -> [Column] {
    let reader = RowBlockReader(format)
    try value.withUnsafeBytes { _ = try reader.read($0) }
    return reader.finish()
  }

  private func decoded(_ record: [UInt8]) throws -> Batch {
    try record.withUnsafeBytes { try LoggedBatch.decoded($0) }
  }

  private static func sealed(_ body: [UInt8], rows: Int, _ format: RowFormat) -> [UInt8] {
    var header: [UInt8] = [RowBlock.version, 0, 0, 0]
    for number in [format.layout, UInt32(rows), UInt32(body.count)] {
      withUnsafeBytes(of: number.littleEndian) { header.append(contentsOf: $0) }
    }
    header += [UInt8](repeating: 0, count: 8)
    let checksum = header.withUnsafeBytes { header in
      body.withUnsafeBytes { RowBlock.checksum(header: header, body: $0) }
    }
    return header.dropLast(8) + withUnsafeBytes(of: checksum.littleEndian) { Array($0) } + body
  }
}

/// Columns of random types with random values and nulls.
struct RandomColumns {
  let columns: [Column]
  let rowCount: Int

  var format: RowFormat { RowFormat(types: columns.map(\.type), layout: 77) }

  init(using random: inout SeededGenerator) throws {
    let count = Int.random(in: 1...20, using: &random)
    rowCount = count
    let types: [ColumnType] = [
      .int, .double, .time, .bool, .string, .bytes, .list(.string), .list(.list(.int)),
      .vector(width: 3),
    ]
    var columns: [Column] = []
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let type = types.randomElement(using: &random) ?? .int
      let hasNulls = Bool.random(using: &random)
      let values = (0..<count).map { _ in
        hasNulls && Int.random(in: 0...2, using: &random) == 0
          ? .null : Self.value(of: type, using: &random)
      }
      columns.append(try #require(Column(type, values)))
    }
    self.columns = columns
  }

  /// The rows as a value, in one block or several.
  func written(using random: inout SeededGenerator) -> [UInt8] {
    let writer = RowBlockWriter(format, columns)
    var bytes = ByteWriter()
    var row = 0
    while row < rowCount {
      let end = Int.random(in: row + 1...rowCount, using: &random)
      writer.write(row..<end, to: &bytes)
      row = end
    }
    return Array(bytes.bytes)
  }

  private static func value(of type: ColumnType, using random: inout SeededGenerator) -> Value {
    let number = Int64.random(in: .min ... .max, using: &random)
    switch type {
    case .int: return .int(number)
    case .time: return .time(Instant(microseconds: number))
    case .double: return .double(Double(bitPattern: UInt64(bitPattern: number)))
    case .bool: return .bool(number > 0)
    case .string: return .string(["", "a", "längere", "\0"].randomElement(using: &random) ?? "")
    case .bytes: return .bytes([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 5))
    case .vector(let width): return .vector((0..<width).map { Float($0) })
    case .list(let element):
      return .list(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in value(of: element, using: &random) })
    }
  }
}
