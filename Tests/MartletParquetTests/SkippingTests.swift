import MartletColumns
import Synchronization
import Testing

@testable import MartletParquet

/// What a file's own bounds rule out is never what is looked for.
struct SkippingTests {
  @Test(arguments: 0..<60)
  func `every row that fulfils a condition is among those found`(seed: Int) throws {
    var random = Random(seed)
    let manner = WrittenSample.Manner.allCases[seed % 4]
    var sample = WrittenSample.sample(manner, seed % 3 == 0 ? .none : .some, rowCount: 700)
    if seed % 5 == 0 {
      sample.options.filteredColumns = Set(sample.batch.schema.fields.map(\.name))
    }
    let file = try ParquetFile(BytesInMemory(sample.fileBytes()))
    for _ in 0..<20 {
      let conditions = (0...random.next(2)).map { _ in sample.condition(using: &random) }
      try expectFound(conditions, in: file, sample)
    }
  }

  @Test func `of sorted rows, the pages that may hold them are found and no others`() throws {
    let file = try ParquetFile(BytesInMemory(ascendingBytes(nulls: false)))
    let found = { (conditions: RowCondition...) in try file.rows(thatMayFulfil: conditions) }
    // 700 rows of 10 × row, pages of 70 rows, a row group of 300.
    #expect(try found(.init("int", from: .int(1_000), through: .int(1_000))) == [70..<140])
    #expect(try found(.init("int", from: .int(1_395), through: .int(1_400))) == [140..<210])
    #expect(try found(.init("int", from: .int(1_390), before: .int(1_400))) == [70..<140])
    #expect(try found(.init("int", from: .int(5_990))) == [580..<700])
    #expect(try found(.init("int", through: .int(-1))) == [])
    #expect(try found(.init("int", before: .int(0))) == [])
    #expect(try found(.init("int", from: .int(0), before: .int(1))) == [0..<70])
    #expect(try found() == [0..<700])
    #expect(try found(.init("int", through: .int(20)), .init("text", equals: .string("r0"))) == [])
    #expect(
      try found(.init("int", through: .int(2_000)), .init("text", from: .string("row-0190")))
        == [140..<210])
  }

  @Test func `a page of nulls holds nothing that is looked for`() throws {
    let file = try ParquetFile(BytesInMemory(ascendingBytes(nulls: true)))
    // Rows 70 to 139 are null.
    #expect(
      try file.rows(thatMayFulfil: [RowCondition("int", through: .int(1_500))])
        == [0..<70, 140..<210])
    #expect(try file.rows(thatMayFulfil: [RowCondition("int")]) == [0..<70, 140..<700])
  }

  @Test func `a bloom filter rules out what its row group has not`() throws {
    var options = WritingOptions()
    options.rowsPerGroup = 300
    let file = { try ParquetFile(BytesInMemory(ascendingBytes(nulls: false, options))) }
    let absent = RowCondition("int", equals: .int(1_001))
    #expect(try file().rows(thatMayFulfil: [absent]) == [70..<140])
    options.filteredColumns = ["int", "text"]
    #expect(try file().rows(thatMayFulfil: [absent]) == [])
    #expect(
      try file().rows(thatMayFulfil: [RowCondition("text", equals: .string("row-0100x"))]) == [])
    #expect(try file().rows(thatMayFulfil: [RowCondition("int", equals: .int(10))]) == [0..<70])
  }

  @Test(arguments: ["arrow_zstd_v1", "arrow_tiny_groups", "duck_V2", "polars_zstd", "arrow_int96"])
  func `what others say of their values is understood`(name: String) throws {
    let file = try ParquetFile(BytesInMemory(fixtureBytes(of: name)))
    var random = Random(7)
    var skipped = 0
    for column in file.columns {
      guard case .success(let type) = column.type, type.canBeKey else { continue }
      let all = try read(file, [0..<file.rowCount], [column.name]).flatMap {
        $0.columns[0].values()
      }
      for value in all.filter({ $0 != .null }).prefix(40) {
        let other = all[random.next(all.count)]
        for condition in [
          RowCondition(column.name, equals: value), RowCondition(column.name, from: value),
          RowCondition(column.name, before: value),
          RowCondition(column.name, from: other == .null ? nil : other, through: value),
        ] {
          let ranges = try file.rows(thatMayFulfil: [condition])
          skipped += file.rowCount - ranges.reduce(0) { $0 + $1.count }
          for row in all.indices where condition.isFulfilled(by: all[row]) {
            #expect(ranges.contains { $0.contains(row) }, "\(condition), row \(row)")
          }
        }
      }
    }
    #expect(skipped > 0 || name == "arrow_int96")
  }

  @Test(arguments: ["money", "f16"])
  func `bounds of decimals and halves rule out what lies beyond them alone`(name: String) throws {
    let file = try ParquetFile(BytesInMemory(fixtureBytes(of: "arrow_tiny_groups")))
    let all = try read(file, [0..<file.rowCount], [name]).flatMap { $0.columns[0].values() }
    var skipped = 0
    for case .double(let number) in all where number.isFinite {
      // The steps to either side are no values of the column, and must not be taken for the value.
      for sought in [number.nextDown, number, number.nextUp].map(Value.double) {
        for condition in [
          RowCondition(name, equals: sought), RowCondition(name, from: sought),
          RowCondition(name, through: sought), RowCondition(name, before: sought),
        ] {
          let ranges = try file.rows(thatMayFulfil: [condition])
          skipped += file.rowCount - ranges.reduce(0) { $0 + $1.count }
          for row in all.indices where condition.isFulfilled(by: all[row]) {
            #expect(ranges.contains { $0.contains(row) }, "\(condition), row \(row)")
          }
        }
      }
    }
    #expect(skipped > 0)
  }

  /// Bounds that are no doubles, such as 0.1, are held between the two around them.
  @Test(arguments: [
    ("1", 1, 0.1), ("3", 1, 0.3), ("-7", 2, -0.07), ("123456789012345", 7, 12_345_678.901_234_5),
    ("125", 1, 12.5), ("0", 3, 0.0),
  ])
  func `a decimal bound encloses its number`(digits: String, scale: Int, nearest: Double) throws {
    let number = try #require(Int64(digits))
    let column = ParquetColumn.decimals(scale: scale)
    let bytes = withUnsafeBytes(of: number.littleEndian) { Array($0) }
    let (least, greatest) = (
      try #require(Bound(bytes, .least, of: column)),
      try #require(Bound(bytes, .greatest, of: column))
    )
    guard case .double(let low) = least, case .double(let high) = greatest else {
      Issue.record("\(least), \(greatest)")
      return
    }
    #expect(low <= nearest && nearest <= high)
    let isExact = ["125", "0"].contains(digits)
    #expect(isExact ? low == high : low < nearest && nearest < high)
  }

  @Test(arguments: 0..<40)
  func `ranges of rows are read as they are`(seed: Int) throws {
    var random = Random(seed)
    let sample = WrittenSample.sample(
      WrittenSample.Manner.allCases[seed % 4], .some, rowCount: 1_000)
    let names = ["arrow_zstd_v1", "arrow_zstd_v2", "arrow_none_v1", "duck_V1", "polars_zstd"]
    let bytes = seed % 2 == 0 ? sample.fileBytes() : fixtureBytes(of: names[seed / 2 % 5])
    let file = try ParquetFile(BytesInMemory(bytes))
    let ranges = random.ranges(within: file.rowCount)
    for form in [ValueForm.meant, .stored] {
      let all = try read(file, [0..<file.rowCount], nil, form)
      let some = try read(file, ranges, nil, form, batchRowCount: 1 + random.next(50))
      for column in some.first?.schema.fields.indices ?? 0..<0 {
        let rows = all.flatMap { $0.columns[column].values() }
        let wanted = ranges.flatMap { rows[$0] }
        let found = some.flatMap { $0.columns[column].values() }
        #expect("\(found)" == "\(wanted)", "column \(column) of \(ranges)")
      }
    }
  }

  @Test func `pages that hold none of the rows are not touched`() throws {
    var sample = WrittenSample.sample(.noise, .some, rowCount: 3_000)
    sample.options.rowsPerGroup = 3_000
    let source = CountedBytes(sample.fileBytes())
    let file = try ParquetFile(source)
    for column in file.columns {
      let index = try #require(
        try file.metadata.rowGroups[0].columns[file.position(of: column.name) ?? 0]
          .readOffsetIndex(from: source, rowCount: 3_000))
      let wanted = index.rows(ofPage: 20, rowCount: 3_000)
      source.touched.withLock { $0 = [] }
      _ = try read(file, [wanted], [column.name])
      let page = index.pages[20]
      let near = 4_096
      for range in source.touched.withLock({ $0 }) where Int64(range.upperBound) > page.offset {
        let isIndex = Int64(range.lowerBound) >= index.pages.last.map { $0.offset } ?? 0
        #expect(
          isIndex || Int64(range.lowerBound) >= page.offset && range.count <= near
            || range.upperBound <= index.pages[0].offset,
          "`\(column.name)`: \(range), page at \(page.offset)")
      }
    }
  }

  @Test func `a condition of another type is refused by the column's name`() throws {
    let file = try ParquetFile(BytesInMemory(ascendingBytes(nulls: false)))
    let error = #expect(throws: ParquetError.self) {
      try file.rows(thatMayFulfil: [RowCondition("text", equals: .int(3))])
    }
    #expect(error?.place.column == "text")
    #expect(throws: ParquetError.self) {
      try file.rows(thatMayFulfil: [RowCondition("absent", equals: .int(3))])
    }
  }

  @Test func `a page index or filter that contradicts the file is refused, never followed`() throws
  {
    var options = WritingOptions()
    options.filteredColumns = ["int"]
    let whole = try ascendingBytes(nulls: false, options)
    let file = try ParquetFile(BytesInMemory(whole))
    let chunk = file.metadata.rowGroups[0].columns[0]
    let filter = Int(try #require(chunk.metadata?.bloomFilterOffset))
    let places = Int(try #require(chunk.offsetIndexOffset))
    let bounds = Int(try #require(chunk.columnIndexOffset))
    for start in [filter, places, bounds] {
      for bit in 0..<60 * 8 {
        var damaged = whole
        damaged[start + bit / 8] ^= 1 << UInt8(bit % 8)
        // Any rows will do, or an error; what is read of them is as it was, or an error.
        guard let other = try? ParquetFile(BytesInMemory(damaged)),
          let ranges = try? other.rows(thatMayFulfil: [RowCondition("int", equals: .int(1_000))]),
          let found = try? read(other, ranges, ["int"]).flatMap({ $0.columns[0].values() })
        else { continue }
        #expect(found == ranges.flatMap { $0.map { .int(Int64($0) * 10) } }, "bit \(bit)")
      }
    }
  }

  // MARK: The door

  private func expectFound(
    _ conditions: [RowCondition], in file: ParquetFile, _ sample: WrittenSample
  ) throws {
    let ranges = try file.rows(thatMayFulfil: conditions)
    for (one, next) in zip(ranges, ranges.dropFirst()) { #expect(one.upperBound < next.lowerBound) }
    for row in 0..<sample.batch.rowCount {
      let isWanted = conditions.allSatisfy { condition in
        sample.batch.column(named: condition.column).map { condition.isFulfilled(by: $0[row]) }
          ?? false
      }
      guard isWanted else { continue }
      #expect(ranges.contains { $0.contains(row) }, "\(sample), row \(row), \(conditions)")
    }
  }

  private func read(
    _ file: ParquetFile, _ ranges: [Range<Int>], _ columns: [String]?, _ form: ValueForm = .meant,
    batchRowCount: Int = 65_536
  ) throws -> [Batch] {
    var reader = try BatchReader(
      file, columns: columns, rows: ranges, batchRowCount: batchRowCount, as: form)
    var batches: [Batch] = []
    while let batch = try reader.next() { batches.append(batch) }
    return batches
  }

  /// 700 rows: ten times the row's number, and a text in the same order.
  private func ascendingBytes(
    nulls: Bool, _ options: WritingOptions = WritingOptions()
  ) throws -> [UInt8] {
    var options = options
    options.mostRowsPerPage = 70
    options.rowsPerGroup = 300
    let numbers = (0..<700).map { row in
      nulls && (70..<140).contains(row) ? Value.null : .int(Int64(row) * 10)
    }
    let texts = (0..<700).map { Value.string("row-\(String(10_000 + $0).dropFirst())") }
    let schema = try #require(Schema([Field("int", .int), Field("text", .string)]))
    let columns = [try #require(Column(.int, numbers)), try #require(Column(.string, texts))]
    var bytes: [UInt8] = []
    try withWriter(schema, options, into: &bytes) { $0(Batch(schema, columns, rowCount: 700)) }
    return bytes
  }
}

/// Bytes that remember which of them were asked for.
private final class CountedBytes: ByteSource {
  let touched = Mutex<[Range<Int>]>([])
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var byteCount: Int { bytes.count }

  func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) {
    touched.withLock { $0.append(offset..<offset + room.count) }
    room.copyBytes(from: bytes[offset..<offset + room.count])
  }
}

extension RowCondition {
  /// The condition as its words say it, the slow way.
  fileprivate func isFulfilled(by value: Value) -> Bool {
    if value == .null { return false }
    if case .double(let number) = value, number.isNaN { return false }
    if let least, comesBefore(value, least) { return false }
    guard let greatest else { return true }
    return isEndExcluded ? comesBefore(value, greatest) : !comesBefore(greatest, value)
  }

  private func comesBefore(_ one: Value, _ other: Value) -> Bool {
    switch (one, other) {
    case (.bool(let mine), .bool(let theirs)): !mine && theirs
    case (.int(let mine), .int(let theirs)): mine < theirs
    case (.time(let mine), .time(let theirs)): mine.microseconds < theirs.microseconds
    case (.double(let mine), .double(let theirs)): mine < theirs
    case (.string(let mine), .string(let theirs)): mine.utf8.lexicographicallyPrecedes(theirs.utf8)
    case (.bytes(let mine), .bytes(let theirs)): mine.lexicographicallyPrecedes(theirs)
    default: false
    }
  }
}

extension WrittenSample {
  /// A condition by values that the rows have, or nearly have.
  fileprivate func condition(using random: inout Random) -> RowCondition {
    let names = ["bool", "int", "double", "string", "time", "bytes"]
    let name = names[random.next(names.count)]
    guard let column = batch.column(named: name) else { return RowCondition(name) }
    let values = (0..<2).map { _ in
      let value = column[random.next(column.count)]
      return value == .null ? nil : random.next(3) == 0 ? value.neighbour : value
    }
    switch random.next(4) {
    case 0: return values[0].map { RowCondition(name, equals: $0) } ?? RowCondition(name)
    case 1: return RowCondition(name, from: values[0], through: values[1])
    case 2: return values[1].map { RowCondition(name, before: $0) } ?? RowCondition(name)
    default: return RowCondition(name, from: values[0])
    }
  }
}

extension Value {
  fileprivate var neighbour: Value {
    switch self {
    case .int(let number): .int(number &+ 1)
    case .time(let instant): .time(Instant(microseconds: instant.microseconds &- 1))
    case .double(let number): .double(-number)
    case .string(let text): .string(text + "a")
    case .bytes(let bytes): .bytes(bytes + [0])
    default: self
    }
  }
}

extension Column {
  fileprivate func values() -> [Value] { (0..<count).map { self[$0] } }
}

private struct Random {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A number below `bound`.
  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(bound, 1)))
  }

  mutating func ranges(within count: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var row = 0
    while row < count {
      let start = row + next(120)
      let end = start + next(60)
      guard end <= count else { break }
      ranges.append(start..<end)
      row = end
    }
    return ranges
  }
}

extension ParquetColumn {
  /// A column of decimals in numbers of 64 bits.
  fileprivate static func decimals(scale: Int) -> ParquetColumn {
    ParquetColumn(
      name: "d", type: .success(.double), physicalType: .int64,
      logicalType: .decimal(scale: scale, precision: 18), nodes: [], shape: ColumnShape(),
      rule: .numbers(.double, .decimal(scale: scale)), fixedByteCount: nil)
  }
}
