import Glibc
import MartletColumns
import MartletOffline
import MartletParquet
import MartletSources

/// The rows of a spine of text that would not fit the memory, as Parquet: written once, then read a stretch
/// at a time like those of any other.
///
///     spine.csv ──▶ typed rows ──▶ a file that has no name any more: it goes with whoever reads it
struct SpilledText: Sendable {
  /// The rows, with their columns' types.
  let typed: ParquetFile

  /// The same as they are written; `nil` where nobody asks for that.
  let written: ParquetFile?

  /// Whether `bytes` of text are too many to be held as columns in `memory`, beside all else.
  static func isNeeded(
    for bytes: any ByteSource, _ format: FileFormat, in memory: Int
  ) -> Bool {
    // A digit and a comma become eight bytes; compressed text was ten times as long.
    let (size, isHuge) = bytes.byteCount.multipliedReportingOverflow(
      by: format.compression == .none ? 4 : 40)
    return isHuge || size > memory
  }

  /// A file of the rows with columns of `schema` that `read` hands over.
  static func file(
    of schema: Schema, _ invocation: Invocation, _ workers: Workers,
    _ read: ((Batch) throws -> Void) throws -> Void
  ) throws -> ParquetFile {
    let above = invocation.environment["TMPDIR"] ?? "/tmp"
    let attempt = "putting the spine aside in `\(above)`, since it does not fit the memory"
    // Nobody else may look into it.
    let unnamed = String(repeating: "X", count: 6)
    var name = Array("\(above)/martlet-\(unnamed)".utf8CString)
    guard mkdtemp(&name) != nil else { throw CommandError.failed(attempt, SystemError.last) }
    let folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = "\(folder)/spine.parquet"
    defer {
      unlink(path)
      rmdir(folder)
    }
    do {
      let output = try OutputFile(at: path)
      var options = WritingOptions()
      options.compression = .zstd(level: 1)
      let writer = TableWriters.make(
        .parquet, schema, options, forEach: { workers.forEach($0, $1) }
      ) { try output.write($0.bytes) }
      try read { try writer.append($0) }
      try writer.finish()
      try output.commit()
      return try ParquetFile(try LocalFile(path))
    } catch let error as SystemError {
      throw CommandError.failed(attempt, error)
    }
  }
}
