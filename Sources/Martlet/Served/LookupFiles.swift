import Glibc
import MartletAggregates
import MartletColumns
import MartletOffline
import MartletParquet
import MartletSources

/// The files of the serving log: `lookups/SERVICE/VERSION-MOMENT-PROCESS.parquet`, each whole or not there.
public struct LookupFiles: Sendable {
  private let folder: String

  /// The files in the store at `store`.
  public init(in store: String) { folder = "\(store)/lookups" }

  /// A file of lookups of one service, answered by one version of the definitions.
  public struct File: Hashable, Sendable {
    public var path: String
    public var service: String
    public var version: Int

    /// When the first of them was asked, in microseconds since 1970.
    var moment: Int64
    var sizeInBytes: Int
  }

  /// The files, the oldest first; those of `service` alone, if one is named.
  public func files(of service: String? = nil) -> [File] {
    var files: [File] = []
    for name in Self.names(in: folder) where service == nil || service == name {
      for file in Self.names(in: "\(folder)/\(name)") where file.hasSuffix(".parquet") {
        let parts = file.dropLast(8).split(separator: "-", omittingEmptySubsequences: false)
        var facts = stat()
        let path = "\(folder)/\(name)/\(file)"
        guard parts.count == 3, let version = Int(parts[0]), let moment = Int64(parts[1]),
          stat(path, &facts) == 0
        else { continue }
        files.append(
          File(
            path: path, service: name, version: version, moment: moment,
            sizeInBytes: Int(facts.st_size)))
      }
    }
    return files.sorted { ($0.moment, $0.path) < ($1.moment, $1.path) }
  }

  /// Removes the oldest files until what is left takes at most `limit` bytes.
  func prune(to limit: Int) {
    let files = files()
    var size = files.reduce(0) { $0 + $1.sizeInBytes }
    for file in files {
      if size <= limit { return }
      unlink(file.path)
      size -= file.sizeInBytes
    }
  }

  /// Writes `lookups` as a file; they are on the disk when this returns.
  func write(_ lookups: [ServedLookup], _ shape: LookupShape) throws {
    let attempt = "writing lookups of `\(shape.service)`"
    guard let first = lookups.first, let schema = shape.schema else { return }
    for path in [folder, "\(folder)/\(shape.service)"]
    where mkdir(path, 0o777) != 0 && errno != EEXIST {
      throw OfflineError(attempt: "making `\(path)`", reason: .refused(SystemError.last.reason))
    }
    let columns = try Self.columns(lookups, shape).map { type, values in
      guard let column = Column(type, values) else {
        throw OfflineError(attempt: attempt, reason: .refused("a value is no \(type)"))
      }
      return column
    }
    let name = "\(shape.version)-\(first.askedAt.microseconds)-\(getpid()).parquet"
    do throws(SystemError) {
      let file = try OutputFile(at: "\(folder)/\(shape.service)/\(name)")
      var writer = ParquetWriter<SystemError>(
        schema, sink: { (bytes) throws(SystemError) in try file.write(bytes.bytes) })
      try writer.append(Batch(schema, columns, rowCount: lookups.count))
      try writer.finish()
      try file.commit()
    } catch {
      throw OfflineError(attempt: attempt, reason: .refused(error.reason))
    }
  }

  private static func columns(
    _ lookups: [ServedLookup], _ shape: LookupShape
  ) -> [(ColumnType, [Value])] {
    func columns(
      _ fields: [Field], _ values: (ServedLookup) -> [Value]
    ) -> [(ColumnType, [Value])] {
      fields.enumerated().map { place, field in (field.type, lookups.map { values($0)[place] }) }
    }
    let letters = lookups.map { lookup in
      Value.string(String(decoding: lookup.statuses.map(\.letter), as: UTF8.self))
    }
    return [(.time, lookups.map { .time($0.askedAt) }), (.time, lookups.map { .time($0.at) })]
      + columns(shape.keys, \.keys) + columns(shape.given, \.given)
      + columns(shape.outputs, \.values) + [(.string, letters)]
  }

  /// The rows of `file`, as columns of the types of `shape`.
  func read(_ file: File, _ shape: LookupShape) throws -> Batch {
    let attempt = "reading `\(file.path)`"
    guard let schema = shape.schema else {
      throw OfflineError(attempt: attempt, reason: .refused("its service has a name twice"))
    }
    var batches: [Batch] = []
    let bytes = try LocalFile(file.path)
    do throws(ParquetError) {
      var reader = try BatchReader(try ParquetFile(bytes), columns: schema.fields.map(\.name))
      while let batch = try reader.next() { batches.append(batch) }
    } catch {
      throw OfflineError(attempt: attempt, reason: .damaged("\(error)"))
    }
    let rowCount = batches.reduce(0) { $0 + $1.rowCount }
    let columns = try schema.fields.enumerated().map { place, field in
      let values = batches.flatMap { batch in
        let column = batch.columns[place].restored(as: field.type) ?? batch.columns[place]
        return (0..<batch.rowCount).map { column[$0] }
      }
      guard let column = Column(field.type, values) else {
        throw OfflineError(
          attempt: attempt, reason: .damaged("`\(field.name)` is no \(field.type)"))
      }
      return column
    }
    return Batch(schema, columns, rowCount: rowCount)
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
