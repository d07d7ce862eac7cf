/// A Parquet file could not be read.
public struct ParquetError: Error, Equatable, Sendable {
  /// Why it could not.
  public enum Reason: Equatable, Sendable {
    /// The bytes are no Parquet file at all.
    case notParquet(String)

    /// The bytes contradict the format or themselves.
    case damaged(String)

    /// The bytes are not the ones that were written.
    case checksum(String)

    /// The file uses what Martlet does not read, named here.
    case unsupported(String)

    /// What is asked for would take memory out of proportion to the file.
    case tooLarge(String)

    /// The port that supplies the bytes failed.
    case source(String)
  }

  /// Why.
  public var reason: Reason

  /// Where in the file.
  public var place: Place

  /// A failure for `reason`, at a place that is not known in full yet.
  init(_ reason: Reason, at place: Place = Place()) {
    self.reason = reason
    self.place = place
  }
}

extension ParquetError {
  /// A part of a Parquet file, as far as it is known.
  public struct Place: Equatable, Sendable {
    /// What of the file, where it is not a column's data: the footer, a page index.
    public var part: String?

    /// Which row group, from 0.
    public var rowGroup: Int?

    /// Which column, by its dotted name.
    public var column: String?

    /// Which page of the column chunk, from 0; a dictionary page counts.
    public var page: Int?

    /// Where in the file, in bytes.
    public var offset: Int?
  }

  /// This error, with what it does not say yet about its place taken from `outer`.
  func within(_ outer: Place) -> ParquetError {
    var error = self
    error.place.part = place.part ?? outer.part
    error.place.rowGroup = place.rowGroup ?? outer.rowGroup
    error.place.column = place.column ?? outer.column
    error.place.page = place.page ?? outer.page
    error.place.offset = place.offset ?? outer.offset
    return error
  }

  /// Bytes that contradict the format or themselves.
  static func damaged(_ what: String) -> ParquetError { ParquetError(.damaged(what)) }

  /// What Martlet does not read, by name.
  static func unsupported(_ what: String) -> ParquetError { ParquetError(.unsupported(what)) }
}

extension ParquetError: CustomStringConvertible {
  public var description: String {
    let place = place.description
    return place.isEmpty ? reason.description : "\(place): \(reason)"
  }
}

extension ParquetError.Place: CustomStringConvertible {
  public var description: String {
    var words: [String] = []
    if let part { words.append(part) }
    if let rowGroup { words.append("row group \(rowGroup)") }
    if let column { words.append("column `\(column)`") }
    if let page { words.append("page \(page)") }
    if let offset { words.append("byte \(offset)") }
    return words.joined(separator: ", ")
  }
}

extension ParquetError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notParquet(let what): "this is no Parquet file: \(what)"
    case .damaged(let what): "the file is damaged: \(what)"
    case .checksum(let what): "the file is damaged: \(what)"
    case .unsupported(let what): "Martlet does not read \(what)"
    case .tooLarge(let what): what
    case .source(let what): "the bytes could not be read: \(what)"
    }
  }
}
