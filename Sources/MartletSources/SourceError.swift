public import MartletColumns

/// A source could not be read.
public struct SourceError: Error, Equatable, Sendable {
  /// What was attempted: "reading `data/orders.parquet`".
  public var attempt: String

  /// Why it failed.
  public var reason: Reason

  /// An error of `attempt`.
  public init(attempt: String, reason: Reason) {
    self.attempt = attempt
    self.reason = reason
  }

  /// Why a source cannot be read.
  public enum Reason: Equatable, Sendable {
    /// No file is there, or none matches the pattern.
    case nothingThere

    /// The system refused, in its words.
    case refused(String)

    /// It is a folder, a device or something else that is no file.
    case noRegularFile

    /// The name's ending is not one of those that are read.
    case unknownKind

    /// The bytes are not what the name promises, in the reader's words.
    case damaged(String)

    /// The columns are not the declared ones.
    case otherColumns([Mismatch])

    /// A value has no counterpart in the declared type.
    case badValue(column: String, row: Int, found: String, type: ColumnType)
  }

  /// A declared column, and what the file has in its place.
  public struct Mismatch: Equatable, Sendable {
    public var column: String
    public var declared: String

    /// The type that was found; `nil` where there is no such column.
    public var found: String?
  }
}

extension SourceError: CustomStringConvertible {
  public var description: String { "\(attempt): \(reason)" }
}

extension SourceError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nothingThere: "no file is there"
    case .refused(let words), .damaged(let words): words
    case .noRegularFile: "it is no regular file"
    case .unknownKind:
      "its ending is none of those that are read: `.parquet`, and `.csv`, `.tsv`, `.jsonl`, `.ndjson`,"
        + " the last four with `.gz` or `.zst` behind them too"
    case .otherColumns(let mismatches):
      mismatches.map { mismatch in
        let found = mismatch.found.map { "the file has \($0)" } ?? "the file has no such column"
        return "`\(mismatch.column)` is declared as \(mismatch.declared), \(found)"
      }
      .joined(separator: "; ")
    case .badValue(let column, let row, let found, let type):
      "`\(column)` in row \(row + 1) is \(found), which \(type) cannot hold"
    }
  }
}
