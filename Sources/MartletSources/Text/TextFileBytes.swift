import MartletColumns
import MartletParquet

/// The bytes of a file of text, compressed or not, and what it is called.
struct TextFileBytes: Sendable {
  let path: String
  let bytes: any ByteSource
  let compression: FileCompression

  /// All bytes from the beginning, uncompressed.
  func stream() throws -> any ByteStream { try compression.stream(bytes) }

  /// The bytes of a stretch; of a compressed file everything, since it has only one.
  func stream(_ stretch: Range<Int>) throws -> any ByteStream {
    compression == .none ? PartStream(bytes, stretch) : try stream()
  }

  /// What `body` reads; an error says that it was met while reading this file at `place`.
  func reading<Result>(
    _ place: @autoclosure () -> String, _ body: () throws -> Result
  ) throws(SourceError) -> Result {
    do { return try body() } catch let error as SourceError { throw error } catch {
      throw damage(place(), "\(error)")
    }
  }

  /// The error that is told of `error`, which was met in a row behind `rowCount` others.
  func located(_ error: any Error, at rowCount: Int) -> SourceError {
    switch error {
    case let error as SourceError: error
    case let refusal as TextBatches.Refusal:
      SourceError(
        attempt: "reading `\(path)`",
        reason: .badValue(
          column: refusal.field.name, row: rowCount + refusal.row, found: refusal.found,
          type: refusal.field.type))
    default: damage("row \(rowCount + 1)", "\(error)")
    }
  }

  /// The bytes are not what the name promises.
  func damage(_ place: String, _ words: String) -> SourceError {
    SourceError(attempt: "reading `\(path)`", reason: .damaged("\(place): \(words)"))
  }
}
