import MartletColumns
import SeededRandom
import Testing

/// Each kernel against the same thing done value by value.
struct KernelTests {
  @Test(arguments: ColumnType.samples, Seed.first(8))
  func `gather takes rows in any order, and gaps`(type: ColumnType, seed: Seed) {
    var random = seed.generator()
    let (whole, values) = Column.sample(of: type, count: 150, &random)
    for column in [whole, whole.asDictionary()] {
      let part = column.slice(7..<140)
      let rows = (0..<200).map { _ in Int32.random(in: -2..<133, using: &random) }
      let expected = rows.map { $0 < 0 ? Value.null : values[Int($0) + 7] }
      #expect(part.gathered(at: rows.span).rows == expected.map { "\($0)" })
    }
  }

  @Test(arguments: ColumnType.samples, Seed.first(8))
  func `each value goes to its row, and rows without one are null`(
    type: ColumnType, seed: Seed
  ) throws {
    var random = seed.generator()
    let rowCount = Int.random(in: 150...400, using: &random)
    let types =
      [.int, type, .double] + (0..<Int.random(in: 0...70, using: &random)).map { _ in type }
    let columns = types.map { Column.sample(of: $0, count: 150, &random).column.asDictionary() }
    let rows = (0..<Int32(rowCount)).shuffled(using: &random).prefix(150)
    let cuts = [0, Int.random(in: 0...90, using: &random), 90, 150]
    let parts = zip(cuts, cuts.dropFirst()).map { start, end in
      RowRecords(columns.map { $0.slice(start..<end) }, count: end - start)
    }
    let placement = PartPlacement(
      counts: parts.map(\.count), rows: Buffer(rows).turnedRound(rowCount: rowCount),
      forEach: { count, body in for index in 0..<count { body(index) } })
    let placed = try #require(
      placement.columns(of: parts, types) { count, body in
        for index in (0..<count).reversed() { body(index) }
      })
    for (column, found) in zip(columns, placed) {
      var expected = [String](repeating: "\(Value.null)", count: rowCount)
      for (index, row) in rows.enumerated() { expected[Int(row)] = "\(column[index])" }
      #expect(found.rows == expected)
    }
    var numbers = [Int](repeating: -1, count: rowCount)
    for (index, row) in rows.enumerated() { numbers[Int(row)] = index }
    #expect(placement.values(Array(0..<150), else: -1) == numbers)
  }

  @Test(arguments: Seed.first(20))
  func `columns that share their texts say the same, and each text stands once`(seed: Seed) {
    var random = seed.generator()
    let columns = (0..<5).flatMap { _ in
      let column = Column.sample(of: .string, count: 60, &random).column
      let coded = column.asDictionary()
      return [coded.slice(0..<20), column, coded.slice(20..<60), .nulls(of: .string, count: 3)]
    }
    let shared = Column.sharingTexts(columns)
    #expect(shared.map(\.rows) == columns.map(\.rows))
    let dictionaries = shared.compactMap { column in
      if case .dictionary(let texts) = column.values { texts.dictionary } else { nil }
    }
    #expect(dictionaries.count == 10)
    for dictionary in dictionaries {
      let texts = (0..<dictionary.count).map { dictionary[$0] }
      let first = (0..<dictionaries[0].count).map { dictionaries[0][$0] }
      #expect(Set(texts).count == texts.count && texts == first)
    }
  }

  @Test(arguments: ColumnType.samples, Seed.first(8))
  func `filter keeps the rows that are set`(type: ColumnType, seed: Seed) {
    var random = seed.generator()
    let (whole, values) = Column.sample(of: type, count: 300, &random)
    let noNulls = whole.filtered(by: whole.validity ?? Bitmap(repeating: true, count: 300))
    #expect(noNulls.countNulls() == 0)
    for column in [whole, whole.asDictionary(), noNulls] {
      let mask = Bitmap((0..<column.count).map { _ in Int.random(in: 0..<3, using: &random) > 0 })
      let rows = (0..<column.count).filter { mask[$0] }
      #expect(column.filtered(by: mask).rows == rows.map { "\(column[$0])" })
    }
    #expect(whole.rows == values.map { "\($0)" })
  }

  @Test(arguments: ColumnType.samples, Seed.first(8))
  func `concatenation puts slices back together`(type: ColumnType, seed: Seed) throws {
    var random = seed.generator()
    let (plain, _) = Column.sample(of: type, count: 200, &random)
    for column in [plain, plain.asDictionary()] {
      let cuts = [0, Int.random(in: 0...90, using: &random), 90, 190, 200]
      let parts = zip(cuts, cuts.dropFirst()).map { column.slice($0..<$1) }
      #expect(try #require(Column.concatenated(parts, of: type)) == column)
      let mixed = [plain.slice(0..<50), column.slice(50..<200)]
      #expect(try #require(Column.concatenated(mixed, of: type)) == column)
    }
    #expect(Column.concatenated([], of: type)?.count == 0)
    let (further, _) = Column.sample(of: type, count: 30, &random)
    let joined = try #require(
      Column.concatenated([plain.asDictionary(), further.asDictionary()], of: type))
    #expect(joined.rows == plain.rows + further.rows)
  }

  @Test(arguments: ColumnType.samples, Seed.first(8))
  func `what is not kept becomes null`(type: ColumnType, seed: Seed) {
    var random = seed.generator()
    let (column, values) = Column.sample(of: type, count: 100, &random)
    let mask = Bitmap((0..<100).map { _ in Bool.random(using: &random) })
    let expected = (0..<100).map { mask[$0] ? values[$0] : .null }
    #expect(column.keeping(mask).rows == expected.map { "\($0)" })
  }

  @Test func `equality sees bits, nulls and texts, not how they are stored`() throws {
    let texts = try #require(Column(.string, [.string("a"), .null, .string("a")]))
    #expect(texts == texts.asDictionary())
    #expect(texts != texts.keeping(Bitmap([true, false, false])))
    let zero = try #require(Column(.double, [.double(0)]))
    #expect(zero != Column(.double, [.double(-0.0)]))
    #expect(Column(.double, [.double(.nan)]) == Column(.double, [.double(.nan)]))
    #expect(Column(.int, [.int(0)]) != Column(.int, [.null]))
    let full = Bitmap(repeating: true, count: 1)
    #expect(Column(.int([5]), validity: full) == Column(.int([5])))
  }
}

struct BitmapTests {
  @Test(arguments: Seed.first(40))
  func `slices, counts and words agree with an array of flags`(seed: Seed) {
    var random = seed.generator()
    let flags = (0..<Int.random(in: 0...400, using: &random)).map { _ in
      Bool.random(using: &random)
    }
    let low = Int.random(in: 0...flags.count, using: &random)
    let high = Int.random(in: low...flags.count, using: &random)
    let bitmap = Bitmap(flags).slice(low..<high)
    let part = Array(flags[low..<high])
    #expect((0..<bitmap.count).map { bitmap[$0] } == part)
    #expect(bitmap == Bitmap(part))
    #expect(bitmap.countSetBits() == part.count { $0 })
    #expect((0..<part.count).filter { part[$0] } == bitmap.setRows().map { Int($0) })
    #expect(bitmap.complement() == Bitmap(part.map { !$0 }))
    var builder = BitmapBuilder()
    builder.append(contentsOf: bitmap)
    builder.append(repeating: true, count: 70)
    builder.append(contentsOf: bitmap)
    #expect(builder.finish() == Bitmap(part + [Bool](repeating: true, count: 70) + part))
  }
}

extension Buffer {
  /// The values, mapped, for tests.
  func map<Result>(_ transform: (Element) -> Result) -> [Result] {
    (0..<count).map { transform(self[$0]) }
  }
}
