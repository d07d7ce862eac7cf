/// A draft could not be computed for a reason that lies in the data or the question.
public struct DraftError: Error, Equatable {
  /// What was attempted: "reading `transactions`".
  public var attempt: String

  /// Why it failed.
  public var reason: Reason

  /// Why a draft cannot be computed.
  public enum Reason: Equatable, Sendable {
    /// So many rows are not as an expectation that ends runs has it.
    case expectationFailed(written: String, rows: Int)

    /// Rows of this source are only pushed; it has no files to read.
    case onlyPushed

    /// The service is asked about several entities together, which no list has.
    case severalEntities

    /// The set is not stored as it is now defined.
    case notMaterialized

    /// There is no such source.
    case noSuchSource

    /// Rows lack the column of this name and type.
    case lacksColumn(String, String)

    /// The rows hold more text in one column than can be joined at once.
    case tooMuchText
  }
}

extension DraftError: CustomStringConvertible {
  public var description: String { "\(attempt): \(reason)" }
}

extension DraftError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .expectationFailed(let written, let rows):
      "\(rows == 1 ? "a row is" : "\(rows) rows are") not as expected: `\(written)`"
    case .onlyPushed: "its rows are only pushed, so that there is no file to read"
    case .severalEntities:
      "it is asked about several entities together; `martlet train` takes a spine of them"
    case .notMaterialized:
      "it is not stored as it is now defined; `martlet materialize` brings it up to date"
    case .noSuchSource: "no source is called so"
    case .lacksColumn(let name, let type): "they have no column `\(name)` of \(type)"
    case .tooMuchText: "its rows hold more text in one column than 2 GiB"
    }
  }
}
