import Martlet
import MartletColumns
import MartletDiagnostics
import MartletParquet
import MartletPlan
import MartletSources
import Synchronization

/// The rows for which a training set is built, from a file of any kind or from standard input.
///
/// A Parquet file's columns are read when they are asked for, and carried to a Parquet file as they are
/// stored. Text is read whole, or put aside as Parquet where it does not fit the memory; its columns are
/// typed by all of their values, and CSV is carried to CSV as it is written: 1.50 stays 1.50.
struct Spine: Sendable {
  /// What it is called in talk.
  let path: String

  /// Its rows, of those of the file: all, or the stretch that is worked on.
  let rows: Range<Int>

  /// How many rows it has.
  var rowCount: Int { rows.count }

  /// The columns and what they mean, in their order; those that cannot be read are not among them.
  let fields: [Field]

  private let origin: Origin
  private let workers: Workers

  /// Columns of a Parquet file that were read, so that none is read twice; `nil` where they are not kept.
  private var columnsRead: ReadColumns?

  private enum Origin: Sendable {
    case parquet(ParquetFile)
    case text(Batch, written: Batch?)
    case spilled(SpilledText)
  }

  /// The spine at `path`, or on standard input where that is `-`.
  ///
  /// - Parameters:
  ///   - kind: What the file is, where its name does not say.
  ///   - wanted: The types that some columns are to have, by their names: text is read as these.
  ///   - target: What the rows are carried to.
  init(
    at path: String, _ kind: FileFormat?, wanted: [String: ColumnType],
    to target: FileFormat.Kind, _ workers: Workers, _ invocation: Invocation
  ) throws {
    let isInput = path == "-"
    let name = isInput ? "standard input" : path
    self.path = name
    self.workers = workers
    guard let format = kind ?? FileFormat(path: path) else {
      let reason = SourceError.Reason.unknownKind
      throw CommandError.failed(
        "reading `\(name)`",
        isInput ? "nothing says how its rows are written" : reason.description,
        help: "`--spine-format csv` says how: \(FileFormat.Kind.allCases.spoken)")
    }
    do throws(SourceError) {
      let bytes: any ByteSource =
        isInput ? BytesInMemory(try StandardInput.bytes()) : try LocalFile(path)
      guard format.kind == .parquet else {
        let description = try FileDescription(of: bytes, named: name, format, rowLimit: nil)
        let isWrittenSo = format.kind.isCSV && target.isCSV
        let texts = Dictionary(
          description.columns.map { ($0.name, ColumnType.string) },
          uniquingKeysWith: { one, _ in one })
        if SpilledText.isNeeded(for: bytes, format, in: invocation.memoryInBytes) {
          let typed = try Self.spilled(description, bytes, wanted, workers, invocation)
          origin = .spilled(
            SpilledText(
              typed: typed.file,
              written: isWrittenSo
                ? try Self.spilled(description, bytes, texts, workers, invocation).file : nil))
          fields = typed.schema.fields
          rows = 0..<typed.file.rowCount
          return
        }
        let rows = try Self.rows(description, bytes, wanted, invocation)
        origin = .text(
          rows,
          written: isWrittenSo ? try Self.rows(description, bytes, texts, invocation) : nil)
        fields = rows.schema.fields
        self.rows = 0..<rows.rowCount
        return
      }
      do throws(ParquetError) {
        let file = try ParquetFile(bytes)
        origin = .parquet(file)
        rows = 0..<file.rowCount
        fields = file.columns.compactMap { column in
          guard case .success(let type) = column.type else { return nil }
          // All nulls, which fit any type: writers without declared types have no other for them.
          guard column.logicalType == .unknown else { return Field(column.name, type) }
          return Field(column.name, Self.typeOfNulls(column.name, wanted) ?? type)
        }
      } catch {
        throw SourceError(attempt: "reading `\(name)`", reason: .damaged("\(error)"))
      }
    } catch {
      throw CommandError(error)
    }
  }

  /// The same file's rows in `rows` alone.
  private init(_ whole: Spine, _ rows: Range<Int>) {
    path = whole.path
    fields = whole.fields
    origin = whole.origin
    workers = whole.workers
    self.rows = rows
  }

  /// The rows in stretches of `rowCount` at most; one stretch of text, which is in memory as a whole.
  func stretches(of rowCount: Int) -> [Spine] {
    if case .text = origin { return [keepingColumns()] }
    guard self.rowCount > rowCount else { return [keepingColumns()] }
    return stride(from: 0, to: self.rowCount, by: rowCount).map { start in
      Spine(self, start..<min(start + rowCount, self.rowCount))
    }
  }

  /// The same rows, of which no column is read twice.
  func keepingColumns() -> Spine {
    guard columnsRead == nil else { return self }
    var copy = self
    copy.columnsRead = ReadColumns()
    return copy
  }

  /// Reads those of `names` that it has beside each other, where columns are kept.
  func readAhead(_ names: [String]) throws(CommandError) {
    guard case .parquet(let file) = origin, let columnsRead else { return }
    let there = Set(names).intersection(fields.map(\.name))
    let wanted = there.filter { columnsRead[$0] == nil }.sorted()
    guard wanted.count > 1 else { return }
    let rows = try read(file, wanted, as: .meant)
    for (name, column) in zip(wanted, rows.columns) { columnsRead[name] = column }
  }

  /// All rows of a file of text.
  private static func rows(
    _ description: FileDescription, _ bytes: any ByteSource, _ wanted: [String: ColumnType],
    _ invocation: Invocation
  ) throws(SourceError) -> Batch {
    var batches: [Batch] = []
    let schema = try schema(description, wanted)
    try read(description, bytes, schema, invocation) { batches.append($0) }
    let attempt = "reading `\(description.path)`"
    return try joined(batches, schema, attempt, rowCount: description.rowCount)
  }

  /// The same in a file of Parquet.
  private static func spilled(
    _ description: FileDescription, _ bytes: any ByteSource, _ wanted: [String: ColumnType],
    _ workers: Workers, _ invocation: Invocation
  ) throws(SourceError) -> (file: ParquetFile, schema: Schema) {
    let schema = try schema(description, wanted)
    do {
      let file = try SpilledText.file(of: schema, invocation, workers) { body in
        try read(description, bytes, schema, invocation, body)
      }
      return (file, schema)
    } catch let error as SourceError {
      throw error
    } catch {
      throw SourceError(attempt: "reading `\(description.path)`", reason: .refused("\(error)"))
    }
  }

  /// The columns of a file of text, those of `wanted` of other types than they look like.
  private static func schema(
    _ description: FileDescription, _ wanted: [String: ColumnType]
  ) throws(SourceError) -> Schema {
    let attempt = "reading `\(description.path)`"
    for column in description.columns {
      if column.type == nil, column.nullCount < description.rowCount, wanted[column.name] == nil {
        let words = "`\(column.name)`: \(column.remark ?? "its values are of no type")"
        throw SourceError(attempt: attempt, reason: .damaged(words))
      }
    }
    let fields = description.columns.map { column in
      Field(
        column.name,
        wanted[column.name] ?? column.type ?? typeOfNulls(column.name, wanted) ?? .string)
    }
    guard let schema = Schema(fields) else {
      var met: Set<String> = []
      let name = fields.first { !met.insert($0.name).inserted }?.name ?? ""
      throw SourceError(
        attempt: attempt, reason: .damaged("two columns have one name, `\(name)`"))
    }
    return schema
  }

  /// The type of a column without values; `nil` where none is expected of it.
  private static func typeOfNulls(
    _ name: String, _ wanted: [String: ColumnType]
  ) -> ColumnType? {
    wanted[name] ?? (name == usualTimeColumn ? .time : nil)
  }

  /// The column of times, where none is named.
  static let usualTimeColumn = "event_time"

  /// Hands `body` the rows of a file of text, batch by batch.
  private static func read(
    _ description: FileDescription, _ bytes: any ByteSource, _ schema: Schema,
    _ invocation: Invocation, _ body: (Batch) throws -> Void
  ) throws(SourceError) {
    let source = try RowSources.open(
      bytes, named: description.path, description.format, declared: schema, zone: .utc)
    do {
      for stretch in source.stretches(of: .max) {
        try source.read(stretch) { batch in
          try invocation.interruption.check()
          try body(batch)
        }
      }
    } catch let error as SourceError {
      throw error
    } catch {
      throw SourceError(attempt: "reading `\(description.path)`", reason: .refused("\(error)"))
    }
  }

  /// The column called `name`; `nil` where there is none.
  func column(named name: String) throws(CommandError) -> Column? {
    guard let field = fields.first(where: { $0.name == name }) else { return nil }
    switch origin {
    case .text(let rows, _): return rows.column(named: name)
    case .parquet(let file):
      let column = try column(named: name, of: file)
      return column.type == field.type ? column : .nulls(of: field.type, count: column.count)
    case .spilled(let text): return try column(named: name, of: text.typed)
    }
  }

  private func column(
    named name: String, of file: ParquetFile
  ) throws(CommandError) -> Column {
    if let column = columnsRead?[name] { return column }
    let column = try read(file, [name], as: .meant).columns[0]
    columnsRead?[name] = column
    return column
  }

  /// What goes into a file of `kind` in front of the features, and how the file stores it.
  func carried(
    to kind: FileFormat.Kind
  ) throws(CommandError) -> (rows: Batch, stored: [String: StoredColumn]) {
    switch origin {
    case .text(let rows, let written): return (written ?? rows, [:])
    case .spilled(let text): return (try read(text.written ?? text.typed, nil, as: .meant), [:])
    case .parquet(let file):
      guard kind == .parquet else { return (try read(file, nil, as: .meant), [:]) }
      let rows = try read(file, nil, as: .stored)
      do throws(ParquetError) {
        return (rows, try file.stored(Array(file.columns.indices)))
      } catch {
        throw .failed("reading `\(path)`", "\(error)")
      }
    }
  }

  private func read(
    _ file: ParquetFile, _ names: [String]?, as form: ValueForm
  ) throws(CommandError) -> Batch {
    let (workers, rows) = (workers, rows)
    let schema: Schema
    var batches: [Batch] = []
    do throws(ParquetError) {
      var reader = try BatchReader(
        file, columns: names, rows: rows, batchRowCount: max(rows.count, 1), as: form,
        forEach: { workers.forEach($0, $1) })
      schema = reader.schema
      while let batch = try reader.next() { batches.append(batch) }
    } catch {
      throw .failed("reading `\(path)`", "\(error)")
    }
    do throws(SourceError) {
      return try Self.joined(batches, schema, "reading `\(path)`", rowCount: rows.count)
    } catch {
      throw CommandError(error)
    }
  }

  /// One batch of all rows of `batches`.
  private static func joined(
    _ batches: [Batch], _ schema: Schema, _ attempt: String, rowCount: Int
  ) throws(SourceError) -> Batch {
    var columns: [Column] = []
    for (place, field) in schema.fields.enumerated() {
      let parts = batches.map { $0.columns[place] }
      guard let column = Column.concatenated(parts, of: field.type) else {
        let words = "the column `\(field.name)` holds more than 2 GiB of text"
        throw SourceError(attempt: attempt, reason: .damaged(words))
      }
      columns.append(column)
    }
    return Batch(schema, columns, rowCount: rowCount)
  }
}

extension FileFormat.Kind {
  /// Whether rows are fields with something between them.
  var isCSV: Bool { self == .csv || self == .tsv }
}

/// Columns of a file, by their names.
private final class ReadColumns: Sendable {
  private let columns = Mutex<[String: Column]>([:])

  subscript(name: String) -> Column? {
    get { columns.withLock { $0[name] } }
    set { columns.withLock { $0[name] = newValue } }
  }
}
