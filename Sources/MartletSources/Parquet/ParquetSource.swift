public import MartletColumns
public import MartletParquet

/// A Parquet file whose columns are the declared ones.
///
/// Columns are matched by name, and all types are checked before any row is read. An int stands for a
/// double where the double is exactly that number.
public struct ParquetSource: Sendable {
  private let file: ParquetFile
  private let declared: Schema
  private let path: String

  /// The file of `bytes`, called `path`, which is to have the columns of `declared`.
  public init(
    _ bytes: any ByteSource, named path: String, declared: Schema
  ) throws(SourceError) {
    let attempt = "reading `\(path)`"
    do throws(ParquetError) { file = try ParquetFile(bytes) } catch {
      throw SourceError(attempt: attempt, reason: .damaged("\(error)"))
    }
    self.declared = declared
    self.path = path
    var mismatches: [SourceError.Mismatch] = []
    for field in declared.fields {
      var found: ColumnType?
      if let position = file.position(of: field.name) {
        do throws(ParquetError) { found = try file.schema(of: [position]).fields[0].type } catch {
          throw SourceError(attempt: attempt, reason: .damaged("\(error)"))
        }
      }
      guard found.map({ $0 == field.type || $0 == .int && field.type == .double }) ?? false else {
        mismatches.append(
          SourceError.Mismatch(
            column: field.name, declared: "\(field.type)", found: found.map { "\($0)" }))
        continue
      }
    }
    if !mismatches.isEmpty {
      throw SourceError(attempt: attempt, reason: .otherColumns(mismatches))
    }
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
    var reader = try BatchReader(
      file, columns: declared.fields.map(\.name), rows: rows, batchRowCount: batchRowCount)
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
    for (field, column) in zip(declared.fields, batch.columns) {
      guard field.type == .double, case .int(let numbers) = column.values else {
        columns.append(column)
        continue
      }
      var doubles = BufferBuilder<Double>(capacity: numbers.count)
      for row in 0..<numbers.count {
        guard let exact = Double(exactly: numbers[row]) else {
          throw SourceError(
            attempt: "reading `\(path)`",
            reason: .badValue(
              column: field.name, row: firstRow + row, found: "\(numbers[row])"))
        }
        doubles.append(exact)
      }
      columns.append(Column(.double(doubles.finish()), validity: column.validity))
    }
    return Batch(declared, columns, rowCount: batch.rowCount)
  }
}
