import MartletColumns
import MartletSources

/// A file of CSV or JSON Lines, and what its rows tell of its columns.
///
/// Text does not say its types, so rows are read twice: once for the types that fit them all, once for
/// their values.
struct TextTable {
  /// What its rows are, those that were looked at.
  let description: FileDescription

  private let file: LocalFile

  /// The file at `path`.
  ///
  /// - Parameter rowLimit: Looks at no more rows than these, the first; `nil` for all.
  init(
    at path: String, _ format: FileFormat, rowLimit: Int? = nil, _ invocation: Invocation
  ) throws {
    (file, description) = try invocation.reading {
      let file = try LocalFile(path)
      let watched = WatchedBytes(file, invocation.interruption)
      return (file, try FileDescription(of: watched, named: path, format, rowLimit: rowLimit))
    }
  }

  /// What stands in the way of reading it as a table.
  var fault: SourceError? {
    var names: Set<String> = []
    for column in description.columns {
      guard names.insert(column.name).inserted else {
        return damage("two columns are called `\(column.name)`")
      }
      if type(of: column) == nil {
        return damage("`\(column.name)`: \(column.remark ?? "no type")")
      }
    }
    return nil
  }

  /// The type as which a column is read: where there are only nulls, texts; `nil` where none fits.
  func type(of column: FileDescription.Column) -> ColumnType? {
    column.type ?? (column.nullCount == description.rowCount ? .string : nil)
  }

  /// The columns called `names`, in that order; all where it is `nil`.
  ///
  /// - Parameter asWritten: Whether fields are texts, whatever they look like.
  func schema(of names: [String]? = nil, asWritten: Bool = false) throws -> Schema {
    let chosen = try names?.map { name in
      guard let column = description.columns.first(where: { $0.name == name }) else {
        throw CommandError(damage("there is no column `\(name)`"))
      }
      return column
    }
    let fields = try (chosen ?? description.columns).map { column in
      guard let type = asWritten ? .string : type(of: column) else {
        throw CommandError(damage("`\(column.name)`: \(column.remark ?? "no type")"))
      }
      return Field(column.name, type)
    }
    guard let schema = Schema(fields) else {
      throw CommandError(fault ?? damage("a column is asked for twice"))
    }
    return schema
  }

  /// Hands `body` the rows of the columns of `schema`, batch by batch.
  ///
  /// - Parameter rowLimit: Hands over no more rows than these.
  func read(
    _ schema: Schema, rowLimit: Int = .max, _ invocation: Invocation, _ body: (Batch) throws -> Void
  ) throws {
    // Thrown as soon as there are enough: the rows behind need not fit the types.
    struct Enough: Error {}
    var left = rowLimit
    guard left > 0 else { return }
    do {
      try invocation.reading {
        let watched = WatchedBytes(file, invocation.interruption)
        let source = try RowSources.open(
          watched, named: description.path, description.format, declared: schema, zone: .utc)
        // In one stretch, so that rows come in their order.
        for stretch in source.stretches(of: .max) {
          try source.read(stretch) { batch in
            let count = min(left, batch.rowCount)
            try body(count < batch.rowCount ? batch.slice(0..<count) : batch)
            left -= count
            if left == 0 { throw Enough() }
          }
        }
      }
    } catch is Enough {
      return
    }
  }

  private func damage(_ words: String) -> SourceError {
    SourceError(attempt: "reading `\(description.path)`", reason: .damaged(words))
  }
}

extension Invocation {
  /// What `body` reads; where someone asked for an end, that is the error and not what came of it.
  fileprivate func reading<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      try interruption.check()
      throw error
    }
  }
}

extension FileFormat {
  /// What the file at `path` is, where its name says that it is text. What is not is taken for Parquet,
  /// which tells itself by its bytes.
  static func ofText(at path: String) -> FileFormat? {
    guard let format = FileFormat(path: path), format.kind != .parquet else { return nil }
    return format
  }

  /// "CSV in gzip".
  var spoken: String {
    let kind =
      switch kind {
      case .parquet: "Parquet"
      case .csv: "CSV"
      case .tsv: "CSV between tabs"
      case .jsonLines: "JSON Lines"
      }
    return switch compression {
    case .none: kind
    case .gzip: "\(kind) in gzip"
    case .zstd: "\(kind) in zstd"
    }
  }
}
