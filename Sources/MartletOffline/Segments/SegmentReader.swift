public import MartletColumns
import MartletEngine
import MartletParquet
public import MartletPlan

/// Reads one segment of a set.
///
/// Any number of threads may read at once.
public struct SegmentReader: Sendable {
  private let file: ParquetFile
  private let plan: SetPlan
  private let withdrawn: [Bool]
  private let attempt: String

  /// Opens the segment of `plan` that `facts` are about.
  ///
  /// - Parameter withdrawn: The numbers, among the segment's files, of those whose rows are to be
  ///   seen no more.
  public init(
    _ plan: SetPlan, _ facts: SegmentFacts, in folder: SegmentFolder, withdrawn: [Bool] = []
  ) throws(OfflineError) {
    let path = folder.path(ofSegment: facts.name)
    attempt = "reading `\(path)`"
    self.plan = plan
    self.withdrawn = withdrawn
    let stored: StoredFile
    do throws(SystemError) { stored = try StoredFile(path) } catch {
      let isMissing = error == SystemError.noSuchFile
      throw OfflineError(
        attempt: attempt, reason: isMissing ? .missing : .refused(error.reason))
    }
    guard stored.byteCount == facts.byteCount else {
      throw OfflineError(
        attempt: attempt,
        reason: .damaged("it has \(stored.byteCount) bytes instead of \(facts.byteCount)"))
    }
    let schema: Schema
    do throws(ParquetError) {
      file = try ParquetFile(stored)
      schema = try file.schema(of: Array(file.columns.indices))
    } catch {
      throw OfflineError(attempt: attempt, reason: .damaged("\(error)"))
    }
    guard schema == plan.segmentSchema, file.rowCount == facts.rowCount else {
      throw OfflineError(
        attempt: attempt,
        reason: .damaged("its columns or rows are not those that were written"))
    }
  }

  /// How many rows it has, those of withdrawn files among them.
  public var rowCount: Int { file.rowCount }

  /// The rows in stretches of at least `rowCount`, each of whole row groups.
  public func stretches(of rowCount: Int) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var (start, end) = (0, 0)
    for group in file.metadata.rowGroups {
      end += Int(group.rowCount)
      if end - start >= rowCount {
        stretches.append(start..<end)
        start = end
      }
    }
    if end > start { stretches.append(start..<end) }
    return stretches
  }

  /// Hands `body` the rows of a stretch that are to be seen, batch by batch, as the set keeps them.
  public func read(_ rows: Range<Int>, _ body: (Batch) throws -> Void) throws {
    var stored = try opened(rows, plan.schema.fields)
    if !withdrawn.contains(true) {
      while let batch = try next(&stored) { try body(batch) }
      return
    }
    try readWithFiles(rows) { batch in
      try body(Batch(plan.schema, Array(batch.columns.dropLast()), rowCount: batch.rowCount))
    }
  }

  /// The same, each row with the number of its file among the segment's.
  public func readWithFiles(_ rows: Range<Int>, _ body: (Batch) throws -> Void) throws {
    var stored = try opened(rows, plan.segmentSchema.fields)
    while let batch = try next(&stored) {
      guard withdrawn.contains(true), let files = batch.columns.last,
        case .int(let numbers) = files.values
      else {
        try body(batch)
        continue
      }
      var seen = BitmapBuilder(capacity: batch.rowCount)
      for row in 0..<batch.rowCount {
        let file = Int(numbers[row])
        seen.append(!(withdrawn.indices.contains(file) && withdrawn[file]))
      }
      let kept = batch.filtered(by: seen.finish())
      if kept.rowCount > 0 { try body(kept) }
    }
  }

  private func opened(_ rows: Range<Int>, _ fields: [Field]) throws(OfflineError) -> BatchReader {
    do throws(ParquetError) {
      return try BatchReader(file, columns: fields.map(\.name), rows: rows)
    } catch {
      throw OfflineError(attempt: attempt, reason: .damaged("\(error)"))
    }
  }

  private func next(_ reader: inout BatchReader) throws(OfflineError) -> Batch? {
    do throws(ParquetError) { return try reader.next() } catch {
      throw OfflineError(attempt: attempt, reason: .damaged("\(error)"))
    }
  }
}
