import MartletColumns
import Testing

@testable import MartletParquet

/// What is read as it is stored and written again is stored the same.
struct StoredTests {
  @Test(arguments: FixtureTests.files)
  func `a file written again has the same schema and the same values`(name: String) throws {
    let file = try ParquetFile(BytesInMemory(fixtureBytes(of: name)))
    let copy = try ParquetFile(BytesInMemory(copied(file)))
    #expect(copy.columns.map(\.nodes) == file.columns.map(\.nodes))
    try expectSameValues(copy, file)
    #expect(try copied(copy) == copied(file), "a copy of the copy")
  }

  @Test(arguments: Stored.all)
  func `every type is kept, in every place of the tree, with the right bounds`(
    stored: Stored
  ) throws {
    for shape in Stored.Shape.allCases {
      let file = try ParquetFile(BytesInMemory(stored.fileBytes(shape)))
      let copy = try ParquetFile(BytesInMemory(copied(file)))
      #expect(copy.columns.map(\.nodes) == file.columns.map(\.nodes), "\(stored) \(shape)")
      try expectSameValues(copy, file)
      let statistics = try #require(copy.metadata.rowGroups[0].columns[0].metadata?.statistics)
      #expect(statistics.minValue == stored.least, "\(stored) \(shape)")
      #expect(statistics.maxValue == stored.greatest, "\(stored) \(shape)")
    }
  }

  @Test func `members of a group stand together, whatever the order they are asked for in`() throws
  {
    let file = try ParquetFile(BytesInMemory(fixtureBytes(of: "arrow_none_v1")))
    let copy = try ParquetFile(
      BytesInMemory(copied(file, columns: ["s.b", "all", "s.a"], rowsPerBatch: 7)))
    #expect(copy.columns.map(\.name) == ["s.a", "s.b", "all"])
    #expect(copy.metadata.schema.map(\.childCount) == [2, 2, nil, nil, nil])
    for column in ["s.a", "s.b", "all"] {
      #expect(try values(of: column, in: copy) == values(of: column, in: file), "`\(column)`")
    }
  }

  @Test func `rows cut into batches at other places are written the same`() throws {
    let file = try ParquetFile(BytesInMemory(fixtureBytes(of: "arrow_snappy_v2")))
    let whole = try copied(file)
    for rowsPerBatch in [1, 7, 100] {
      #expect(try copied(file, rowsPerBatch: rowsPerBatch) == whole, "\(rowsPerBatch)")
    }
  }

  @Test(arguments: [LogicalType.geometry, .geography, .variant])
  func `a type that says more than is read is refused by name`(type: LogicalType) throws {
    let stored = Stored("such", .byteArray, type, nil, [], least: nil, greatest: nil)
    let file = try ParquetFile(BytesInMemory(stored.fileBytes(.optional)))
    let error = #expect(throws: ParquetError.self) { try file.stored([0]) }
    #expect(error?.description == "column `c`: Martlet does not read the type \(type)")
  }

  // MARK: The door

  private func copied(
    _ file: ParquetFile, columns: [String]? = nil, rowsPerBatch: Int = 65_536
  ) throws -> [UInt8] {
    var reader = try BatchReader(
      file, columns: columns, batchRowCount: rowsPerBatch, as: .stored)
    var options = WritingOptions()
    options.stored = reader.stored
    options.mostRowsPerPage = 50
    var bytes: [UInt8] = []
    try withWriter(reader.schema, options, into: &bytes) { append in
      while let batch = try reader.next() { append(batch) }
    }
    return bytes
  }

  private func expectSameValues(_ copy: ParquetFile, _ file: ParquetFile) throws {
    #expect(copy.rowCount == file.rowCount)
    for column in file.columns {
      #expect(
        try values(of: column.name, in: copy, as: .stored)
          == values(of: column.name, in: file, as: .stored), "`\(column.name)`")
    }
  }

  private func values(
    of column: String, in file: ParquetFile, as form: ValueForm = .meant
  ) throws -> [String] {
    var reader = try BatchReader(file, columns: [column], as: form)
    var values: [String] = []
    while let batch = try reader.next() {
      // Numbers by their bits: NaN is no value that equals itself.
      for row in 0..<batch.rowCount {
        let value = batch.columns[0][row]
        if case .double(let number) = value {
          values.append("\(number.bitPattern)")
        } else {
          values.append("\(value)")
        }
      }
    }
    return values
  }
}
