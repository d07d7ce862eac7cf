public import MartletColumns
public import MartletParquet

/// A Parquet file whose columns are the declared ones.
///
/// Columns are matched by name, and all types are checked before any row is read. An int stands for a
/// double where the double is exactly that number, a list of numbers for a vector where it has as many,
/// none of them null and each within a float's range. A timestamp that is not said to be UTC is what a
/// clock on the wall showed. A column that is said to be of no type, since all of it is null, fits any.
public struct ParquetSource: Sendable {
  /// What a declared column is that the file does not have.
  public enum AbsentColumn: Sendable {
    /// A mismatch.
    case refused

    /// Null in every row, as in rows from before the column was thought of.
    case null
  }

  private let file: ParquetFile
  private let declared: Schema
  private let path: String
  private let zone: ZoneRules

  /// Which of the declared columns the file has.
  private let present: [Bool]

  /// Of the declared columns, those whose times are a wall clock's.
  private let wallClocks: Set<String>

  /// The file of `bytes`, called `path`, which is to have the columns of `declared`.
  ///
  /// - Parameters:
  ///   - zone: The clock that times were read from which do not say it themselves.
  ///   - absent: What a declared column is that the file does not have.
  public init(
    _ bytes: any ByteSource, named path: String, declared: Schema, zone: ZoneRules = .utc,
    absent: AbsentColumn = .refused
  ) throws(SourceError) {
    let attempt = "reading `\(path)`"
    do throws(ParquetError) { file = try ParquetFile(bytes) } catch {
      throw SourceError(attempt: attempt, reason: .damaged("\(error)"))
    }
    self.declared = declared
    self.path = path
    self.zone = zone
    var mismatches: [SourceError.Mismatch] = []
    var wallClocks: Set<String> = []
    var present: [Bool] = []
    let columns = Dictionary(
      file.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for field in declared.fields {
      let column = columns[field.name]
      let isAllNull = column?.logicalType == .unknown
      present.append(column != nil && !isAllNull)
      if isAllNull || column == nil && absent == .null { continue }
      if case .timestamp(_, isUTC: false) = column?.logicalType { wallClocks.insert(field.name) }
      var found: String?
      switch column?.type {
      case .success(let type):
        if type == field.type || type == .int && field.type == .double { continue }
        if type == .list(.double), case .vector = field.type { continue }
        found = "\(type)"
      case .failure(let error): found = "a column that is not read: \(error)"
      case nil: break
      }
      mismatches.append(
        SourceError.Mismatch(column: field.name, declared: "\(field.type)", found: found))
    }
    guard mismatches.isEmpty else {
      throw SourceError(attempt: attempt, reason: .otherColumns(mismatches))
    }
    self.wallClocks = zone == .utc ? [] : wallClocks
    self.present = present
  }

  /// How many rows it has.
  public var rowCount: Int { file.rowCount }

  /// The rows in stretches of at least `rowCount`, each of whole row groups, so that several threads
  /// can read one each.
  public func stretches(of rowCount: Int) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start = 0
    var end = 0
    for group in file.metadata.rowGroups {
      end += Int(group.rowCount)
      if end - start >= rowCount {
        stretches.append(start..<end)
        start = end
      }
    }
    if end > start { stretches.append(start..<end) }
    return stretches
  }

  /// Hands `body` the rows of a stretch, batch by batch, with the declared types.
  public func read(
    _ rows: Range<Int>, batchRowCount: Int, _ body: (Batch) throws -> Void
  ) throws {
    let names = zip(declared.fields, present).filter(\.1).map(\.0.name)
    var reader = try BatchReader(file, columns: names, rows: rows, batchRowCount: batchRowCount)
    var firstRow = rows.lowerBound
    while let batch = try nextBatch(&reader) {
      try body(try typed(batch, firstRow))
      firstRow += batch.rowCount
    }
  }

  private func nextBatch(_ reader: inout BatchReader) throws(SourceError) -> Batch? {
    do throws(ParquetError) { return try reader.next() } catch {
      throw SourceError(attempt: "reading `\(path)`", reason: .damaged("\(error)"))
    }
  }

  private func typed(_ batch: Batch, _ firstRow: Int) throws(SourceError) -> Batch {
    var columns: [Column] = []
    var read = batch.columns.makeIterator()
    for (field, isPresent) in zip(declared.fields, present) {
      guard isPresent, let column = read.next() else {
        columns.append(.nulls(of: field.type, count: batch.rowCount))
        continue
      }
      switch (field.type, column.values) {
      case (.double, .int(let numbers)):
        columns.append(
          try converted(column, numbers, field, firstRow) {
            .double($0)
          } by: {
            Double(exactly: $0)
          })
      case (.time, .time(let walls)) where wallClocks.contains(field.name):
        columns.append(
          try converted(column, walls, field, firstRow) {
            .time($0)
          } by: {
            zone.instant(ofWall: Int128($0))
          })
      case (.vector(let width), .list(let lists)):
        columns.append(try vectors(column, lists, width, field, firstRow))
      default: columns.append(column)
      }
    }
    return Batch(declared, columns, rowCount: batch.rowCount)
  }

  /// The column with each number made another; one that cannot be is an error that names its row.
  private func converted<Element>(
    _ column: Column, _ numbers: Buffer<Int64>, _ field: Field, _ firstRow: Int,
    _ values: (Buffer<Element>) -> Column.Values, by convert: (Int64) -> Element?
  ) throws(SourceError) -> Column where Element: ExpressibleByIntegerLiteral {
    var converted = BufferBuilder<Element>(capacity: numbers.count)
    for row in 0..<numbers.count {
      // A null's slot stays zero, whatever the clocks showed then.
      guard let value = column.isNull(at: row) ? 0 : convert(numbers[row]) else {
        throw SourceError(
          attempt: "reading `\(path)`",
          reason: .badValue(
            column: field.name, row: firstRow + row, found: "\(numbers[row])", type: field.type))
      }
      converted.append(value)
    }
    return Column(values(converted.finish()), validity: column.validity)
  }

  /// The column with each list made a vector of `width`; one that cannot be is an error that names its
  /// row.
  private func vectors(
    _ column: Column, _ lists: Lists, _ width: Int, _ field: Field, _ firstRow: Int
  ) throws(SourceError) -> Column {
    var floats = BufferBuilder<Float>(capacity: lists.count * width)
    for row in 0..<lists.count {
      let elements = lists[row]
      if column.isNull(at: row) {
        floats.append(repeating: 0, count: width)
        continue
      }
      guard elements.count == width, elements.countNulls() == 0,
        case .double(let numbers) = elements.values,
        (0..<width).allSatisfy({ Float(numbers[$0]).isFinite || !numbers[$0].isFinite })
      else {
        throw SourceError(
          attempt: "reading `\(path)`",
          reason: .badValue(
            column: field.name, row: firstRow + row, found: "a list of \(elements.count)",
            type: field.type))
      }
      for index in 0..<width { floats.append(Float(numbers[index])) }
    }
    let vectors = Vectors(width: width, count: lists.count, floats: floats.finish())
    return Column(.vector(vectors), validity: column.validity)
  }
}
