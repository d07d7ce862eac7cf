/// What a file of rows is, as the endings of its name say: `.csv.gz`.
public struct FileFormat: Sendable, Equatable {
  /// How rows are written.
  public var kind: Kind

  /// How the whole file is compressed.
  public var compression: FileCompression

  /// The ways of writing rows.
  public enum Kind: String, Sendable, CaseIterable {
    case parquet, csv, tsv
    case jsonLines = "jsonl"
  }

  /// Rows written as `kind`.
  public init(_ kind: Kind, _ compression: FileCompression = .none) {
    self.kind = kind
    self.compression = compression
  }

  /// What the file at `path` is by its name; `nil` where that tells nothing.
  public init?(path: String) {
    let compression = FileCompression.allCases.first { $0 != .none && path.hasSuffix($0.rawValue) }
    let name = path.dropLast(compression?.rawValue.count ?? 0)
    guard let kind = Self.endings.first(where: { name.hasSuffix($0.ending) })?.kind else {
      return nil
    }
    // A Parquet file compresses its own pages.
    if kind == .parquet, compression != nil { return nil }
    self.init(kind, compression ?? .none)
  }

  private static let endings: [(ending: String, kind: Kind)] = [
    (".parquet", .parquet), (".csv", .csv), (".tsv", .tsv), (".jsonl", .jsonLines),
    (".ndjson", .jsonLines),
  ]
}

extension FileFormat: CustomStringConvertible {
  /// As an ending: `csv.gz`.
  public var description: String { kind.rawValue + compression.rawValue }
}
