import MartletColumns
import SeededRandom
import Testing

struct GrouperTests {
  /// Groups `batches` of key columns and compares with a dictionary over the rows as text.
  func expectGroups(_ types: [ColumnType], _ batches: [[Column]]) throws {
    var grouper = Grouper(types)
    var known: [[String]: Int32] = [:]
    var keys: [[String]] = []
    for batch in batches {
      let groups = grouper.groups(of: batch)
      for row in 0..<batch[0].count {
        let key = batch.map { "\($0[row])".replacing("double(-0.0)", with: "double(0.0)") }
        if known[key] == nil {
          known[key] = Int32(keys.count)
          keys.append(key)
        }
        #expect(groups[row] == known[key], "row \(row), \(key)")
      }
    }
    #expect(grouper.count == keys.count)
    let found = grouper.keys()
    let columns = try #require(found)
    #expect(columns.map(\.type) == types)
    for (group, key) in keys.enumerated() {
      #expect(columns.map { "\($0[group])" } == key)
    }
  }

  @Test(arguments: [ColumnType.bool, .int, .double, .string, .time, .bytes], Seed.first(10))
  func `numbers keys as they are met, over batches`(type: ColumnType, seed: Seed) throws {
    var random = seed.generator()
    try expectGroups(
      [type],
      (0..<3).map { batch in
        let column = Column.sample(of: type, count: 60, &random).column
        return [batch == 1 ? column.asDictionary() : column.slice(5..<55)]
      })
  }

  @Test(arguments: Seed.first(20))
  func `groups keys of several columns`(seed: Seed) throws {
    var random = seed.generator()
    let types: [ColumnType] = [.string, .int, .bool]
    try expectGroups(
      types,
      (0..<3).map { _ in types.map { Column.sample(of: $0, count: 80, &random).column } })
  }

  @Test func `keeps its numbers while its tables grow`() {
    let numbers = (0..<20_000).map { Int64($0 % 7_000) &* 0x1234_5678_9abc }
    var ints = Grouper([.int])
    let groups = ints.groups(of: [Column(.int(Buffer(numbers)))])
    #expect((0..<20_000).allSatisfy { groups[$0] == Int32($0 % 7_000) })
    #expect(ints.groups(of: [Column(.int(Buffer(numbers)))]) == groups)
    var texts = Grouper([.string])
    let strings = Column(.string(Strings(numbers.map { "customer \($0)" })))
    #expect(texts.groups(of: [strings]) == groups)
    #expect(texts.groups(of: [strings]) == groups)
  }

  /// Batches of numbers that lie close together, ever farther below and above the first, then a few that
  /// lie at the ends of what there is.
  @Test(arguments: Seed.first(20))
  func `numbers near each other and far apart are numbered alike`(seed: Seed) throws {
    var random = seed.generator()
    var middle = Int64.random(in: -1_000...1_000, using: &random)
    var batches = (0..<6).map { _ -> [Int64] in
      middle += Int64.random(in: -700...700, using: &random)
      let count = Int.random(in: 0...300, using: &random)
      return (0..<count).map { _ in middle + Int64.random(in: -200...200, using: &random) }
    }
    batches.append([.min, .max, middle, .min + 1, 0])
    batches.append(batches[0])
    let wasMet = Int.random(in: 0..<batches.count, using: &random)
    try expectGroups([.int], batches.prefix(wasMet + 1).map { [Column(.int(Buffer($0)))] })
    var grouper = Grouper([.int])
    for batch in batches[...wasMet] { _ = grouper.groups(of: [Column(.int(Buffer(batch)))]) }
    let strangers: [Int64] = [.min, .max, 5_000_000, middle - 90_000, middle + 90_000]
    let known = Set(batches[...wasMet].joined())
    let found = grouper.find([Column(.int(Buffer(strangers + batches[0])))])
    for (row, number) in (strangers + batches[0]).enumerated() {
      #expect((found[row] >= 0) == known.contains(number), "\(number)")
    }
  }

  @Test func `lists and vectors are no keys`() {
    #expect(ColumnType.samples.filter { !$0.canBeKey }.count == 3)
  }
}

struct RowOrderTests {
  func expectSorted(keys: [Int64], times: [Int64]) {
    let order = RowOrder.by(key: keys.span, thenTime: times.span)
    let expected = keys.indices.sorted {
      (keys[$0], times[$0], $0) < (keys[$1], times[$1], $1)
    }
    #expect(order.map { Int($0) } == expected)
  }

  @Test func `orders by key, then time, then as they came`() {
    expectSorted(keys: [], times: [])
    expectSorted(keys: [7], times: [7])
    expectSorted(keys: [2, 1, 2, 1, 2], times: [5, 9, 5, 3, -1])
    expectSorted(keys: [.max, .min, 0, .min, .max], times: [.min, .max, 0, .min, .max])
  }

  @Test(arguments: Seed.first(30))
  func `agrees with sorting row by row`(seed: Seed) {
    var random = seed.generator()
    let count = Int.random(
      in: 0...[30, 300, 3_000, 20_000].randomElement(using: &random)!, using: &random)
    let keyBits = Int64.random(in: 0...63, using: &random)
    let timeBits = Int64.random(in: 0...63, using: &random)
    func word(_ bits: Int64) -> Int64 {
      bits == 63
        ? .random(in: .min ... .max, using: &random)
        : .random(in: 0..<(1 << bits), using: &random) - 5
    }
    expectSorted(
      keys: (0..<count).map { _ in word(keyBits) }, times: (0..<count).map { _ in word(timeBits) })
  }

  @Test func `is the same whatever bucket comes first, and where one has most rows`() {
    var random = SeededGenerator(7)
    let keys = (0..<30_000).map { row in
      row % 10 == 0 ? Int64.random(in: 0..<4_000, using: &random) : 1_234
    }
    let times = (0..<30_000).map { _ in Int64.random(in: 0..<5_000, using: &random) }
    let expected = RowOrder.by(key: keys.span, thenTime: times.span)
    let backwards = RowOrder.by(
      key: keys.span, thenTime: times.span,
      forEach: { count, body in for index in (0..<count).reversed() { body(index) } })
    #expect(backwards.map { $0 } == expected.map { $0 })
    expectSorted(keys: keys, times: times)
  }
}

struct PartedColumnTests {
  @Test(arguments: ColumnType.samples, Seed.first(6))
  func `gathers from parts as from the whole`(type: ColumnType, seed: Seed) throws {
    var random = seed.generator()
    let parts = (0..<Int.random(in: 1...5, using: &random)).map { _ in
      let count = [0, 1, 70, 5_000].randomElement(using: &random) ?? 0
      return Column.sample(of: type, count: count, &random).column
    }
    let whole = try #require(Column.concatenated(parts, of: type))
    for lowest in [Int32(0), -1] {
      let rows = (0..<(whole.count == 0 && lowest == 0 ? 0 : 300)).map { _ in
        Int32.random(in: lowest..<Int32(whole.count), using: &random)
      }
      let places = PartedRows(counts: parts.map(\.count)).places(of: rows.span)
      let expected = whole.gathered(at: rows.span)
      for parts in [parts, parts.map { $0.asDictionary() }] {
        let parted = try #require(PartedColumn(parts, of: type))
        let gathered = parted.gathered(at: rows.span, from: places)
        #expect(gathered.count == rows.count && gathered.type == type)
        for row in rows.indices { #expect("\(gathered[row])" == "\(expected[row])", "row \(row)") }
      }
    }
  }

  @Test(arguments: ColumnType.samples, Seed.first(6))
  func `records from all over hold what the columns do`(type: ColumnType, seed: Seed) throws {
    var random = seed.generator()
    let types =
      [.int, type, .double] + (0..<Int.random(in: 0...70, using: &random)).map { _ in type }
    var (records, expected): ([RowRecords], [[String]]) = ([], types.map { _ in [] })
    for _ in 0..<2 {
      let batches = [0, 70, 40].map { count in
        types.map { type in
          let column = Column.sample(of: type, count: count, &random).column
          return Bool.random(using: &random) ? column : column.asDictionary()
        }
      }
      let rows = (0..<300).map { _ in Int32.random(in: -1..<110, using: &random) }
      let columns = try types.indices.map { place in
        try #require(PartedColumn(batches.map { $0[place] }, of: types[place]))
      }
      let places = PartedRows(counts: [0, 70, 40]).places(of: rows.span)
      records.append(RowRecords(columns, at: rows.span, from: places))
      for place in types.indices {
        let whole = try #require(
          Column.concatenated(batches.map { $0[place] }, of: types[place]))
        expected[place] += whole.gathered(at: rows.span).rows
      }
    }
    let placement = PartPlacement(
      counts: [300, 300], rows: Buffer(0..<600),
      forEach: { count, body in for index in 0..<count { body(index) } })
    let placed = try #require(
      placement.columns(of: records, types) { count, body in
        for index in 0..<count { body(index) }
      })
    for (column, expected) in zip(placed, expected) { #expect(column.rows == expected) }
  }

  @Test func `texts that are all null stay so beside coded ones`() throws {
    let plain = try #require(Column(.string, [.string("a"), .string("b"), .null, .null]))
    let coded = try #require(Column(.string, [.string("x"), .string("y")])).asDictionary()
    let parts = [[plain.slice(0..<2), plain.slice(2..<4).asDictionary()], [coded]]
    let records = try zip(parts, [[2, 3], [0, 1]] as [[Int32]]).map { columns, rows in
      RowRecords(
        [try #require(PartedColumn(columns, of: .string))], at: rows.span,
        from: PartedRows(counts: columns.map(\.count)).places(of: rows.span))
    }
    let placement = PartPlacement(
      counts: [2, 2], rows: Buffer(0..<4),
      forEach: { count, body in for index in 0..<count { body(index) } })
    let placed = try #require(
      placement.columns(of: records, [.string]) { count, body in
        for index in 0..<count { body(index) }
      })
    #expect(placed[0].rows == plain.slice(2..<4).rows + coded.rows)
  }
}

struct RunMergerTests {
  @Test(arguments: Seed.first(60))
  func `merges runs into one order, whatever the stretches`(seed: Seed) {
    var random = seed.generator()
    let runs = (0..<Int.random(in: 0...9, using: &random)).map { _ in
      let rows = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        (Int64.random(in: 0...4, using: &random), Int64.random(in: -3...3, using: &random))
      }.sorted { $0 < $1 }
      return SortedRun(keys: Buffer(rows.map(\.0)), times: Buffer(rows.map(\.1)))
    }
    var expected: [(Int64, Int64, Int32, Int32)] = []
    for (number, run) in runs.enumerated() {
      for row in 0..<run.keys.count {
        expected.append((run.keys[row], run.times[row], Int32(number), Int32(row)))
      }
    }
    expected.sort { $0 < $1 }
    var merger = RunMerger(runs)
    var merged: [RunRow] = []
    while true {
      let stretch = merger.next(Int.random(in: 1...17, using: &random))
      if stretch.count == 0 { break }
      merged += stretch.map { $0 }
    }
    #expect(merged.map(\.run) == expected.map(\.2))
    #expect(merged.map(\.row) == expected.map(\.3))
  }
}
