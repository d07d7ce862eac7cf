public import MartletColumns
public import MartletParquet

/// What a file of rows holds, as far as looking at it tells: what a definition of it would say.
public struct FileDescription: Sendable, Equatable {
  /// The file.
  public var path: String

  /// What its name says it is.
  public var format: FileFormat

  /// How many rows were looked at.
  public var rowCount: Int

  /// Whether these are all.
  public var isWhole: Bool

  /// The columns, in the file's order.
  public var columns: [Column]

  /// A column of the file.
  public struct Column: Sendable, Equatable {
    /// The column's name.
    public var name: String

    /// What its values are; `nil` where that is not known.
    public var type: ColumnType?

    /// Why the type is not known.
    public var remark: String?

    /// How many of the rows were null.
    public var nullCount: Int

    /// No two rows have the same value, and none is null.
    public var isDistinct = false
  }

  /// Describes the file at `path`.
  ///
  /// - Parameter rowLimit: Looks at no more rows than these, the first; `nil` for all.
  public init(of path: String, rowLimit: Int? = 100_000) throws(SourceError) {
    guard let format = FileFormat(path: path) else {
      throw SourceError(attempt: "reading `\(path)`", reason: .unknownKind)
    }
    self = try Self(of: LocalFile(path), named: path, format, rowLimit: rowLimit)
  }

  /// Describes the file of `bytes`, called `path`.
  public init(
    of bytes: any ByteSource, named path: String, _ format: FileFormat, rowLimit: Int? = 100_000
  ) throws(SourceError) {
    self.init(path: path, format: format, rowCount: 0, isWhole: false, columns: [])
    switch format.kind {
    case .parquet: try describeParquet(bytes, rowLimit)
    case .csv, .tsv: try describeCSV(bytes, rowLimit)
    case .jsonLines: try describeJSONLines(bytes, rowLimit)
    }
  }

  init(path: String, format: FileFormat, rowCount: Int, isWhole: Bool, columns: [Column]) {
    self.path = path
    self.format = format
    self.rowCount = rowCount
    self.isWhole = isWhole
    self.columns = columns
  }

  /// The columns whose type is known, and those of nulls as texts; `nil` where two have one name.
  public var schema: Schema? {
    Schema(
      columns.compactMap { column in
        let type = column.type ?? (column.nullCount == rowCount ? .string : nil)
        return type.map { Field(column.name, $0) }
      })
  }
}

extension FileDescription {
  /// The columns that may say when a row happened, the likeliest first: those of times, by their names.
  public var timeCandidates: [String] {
    let words = ["event_time", "timestamp", "time", "at", "ts", "datetime", "date", "since"]
    return ranked(columns.filter { $0.type == .time }) { name in
      words.firstIndex { name == $0 || name.hasSuffix("_" + $0) }
    }
  }

  /// The columns that may tell rows apart, the likeliest first: distinct ones that are called so.
  public var idCandidates: [String] {
    ranked(columns.filter { $0.isDistinct && $0.type?.canBeID == true }) { name in
      name == "id" ? 0 : ["_id", "uuid", "_key"].firstIndex { name.hasSuffix($0) }.map { $0 + 1 }
    }
  }

  /// The columns that may be the key of an entity, in the file's order: called `…_id`, and not distinct.
  public var keyCandidates: [String] {
    columns.filter { column in
      !column.isDistinct && column.type?.canBeID == true
        && column.name.lowercased().hasSuffix("_id")
    }
    .map(\.name)
  }

  /// The names of `columns` that `rank` knows, by their ranks, and then in their order.
  private func ranked(_ columns: [Column], _ rank: (String) -> Int?) -> [String] {
    let ranks = columns.map { rank($0.name.lowercased()) }
    let order = columns.indices.filter { columns[$0].type == .time || ranks[$0] != nil }
    return order.sorted { (ranks[$0] ?? .max, $0) < (ranks[$1] ?? .max, $1) }
      .map { columns[$0].name }
  }
}

extension ColumnType {
  fileprivate var canBeID: Bool { self == .int || self == .string || self == .bytes }
}
