public import MartletColumns
public import MartletEngine
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
  private let hasVectors: Bool

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
    hasVectors = plan.schema.fields.contains { if case .vector = $0.type { true } else { false } }
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
    guard schema == plan.segmentSchema.asStored, file.rowCount == facts.rowCount else {
      throw OfflineError(
        attempt: attempt,
        reason: .damaged("its columns or rows are not those that were written"))
    }
  }

  /// How many rows it has, those of withdrawn files among them.
  public var rowCount: Int { file.rowCount }

  /// How many rows are to be seen. Where files are withdrawn in part, the column that tells is read.
  public func seenRowCount() throws -> Int {
    guard withdrawn.contains(true), let file = plan.segmentSchema.fields.last else {
      return rowCount
    }
    guard withdrawn.contains(false) else { return 0 }
    var count = 0
    try readWithFiles(0..<rowCount, [file]) { count += $0.rowCount }
    return count
  }

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

  /// Hands `body` the rows that the questions of `part` need, batch by batch, in their order, and rows
  /// near them: pages without any are passed over.
  public func read(for part: QuestionPart, _ body: (Batch) throws -> Void) throws {
    // What is gathered as a whole is read as a whole: batches would only be put together again.
    for range in try rows(of: part) { try read(range, batchRowCount: range.count, body) }
  }

  /// The rows of the entity of `keys`, and rows near them.
  public func rows(near keys: [Value]) throws(OfflineError) -> [Range<Int>] {
    let columns = zip(plan.keys, keys).compactMap { Column($0.type, [$1]) }
    guard columns.count == plan.keys.count, !keys.contains(.null) else { return [] }
    return try rows(of: columns, between: [(0, 0)])
  }

  /// The rows of the entities of `part`, and rows near them.
  private func rows(of part: QuestionPart) throws(OfflineError) -> [Range<Int>] {
    guard part.entityCount > 0 else { return [] }
    // Few entities leave pages between them that hold none; of many, those between the first and the
    // last are hardly worth the asking.
    let isSparse = part.entityCount * Self.rowsPerPage < file.rowCount / 8
    let bounds =
      part.entityCount <= 64 || isSparse && part.entityCount <= 1_024
      ? (0..<part.entityCount).map { ($0, $0) } : [(0, part.entityCount - 1)]
    return try rows(of: part.keys, between: bounds)
  }

  /// The rows of entities between any of `bounds`, which number rows of `keys`, and rows near them.
  private func rows(
    of keys: [Column], between bounds: [(first: Int, last: Int)]
  ) throws(OfflineError) -> [Range<Int>] {
    var all: [Range<Int>] = []
    do throws(ParquetError) {
      for (first, last) in bounds {
        let conditions = plan.keys.conditions(keys, from: first, through: last)
        all += try file.rows(thatMayFulfil: conditions)
      }
    } catch {
      throw OfflineError(attempt: attempt, reason: .damaged("\(error)"))
    }
    // An entity may lie in pages before the last that another might lie in: of a key of several parts, pages
    // with the one's parts apart from each other are not ruled out.
    var found: [Range<Int>] = []
    for range in all.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let previous = found.last, previous.upperBound >= range.lowerBound {
        found[found.count - 1] =
          previous.lowerBound..<max(previous.upperBound, range.upperBound)
      } else {
        found.append(range)
      }
    }
    return found
  }

  /// About as many rows as a page has.
  private static let rowsPerPage = 20_000

  /// Hands `body` the rows of a stretch that are to be seen, batch by batch, as the set keeps them.
  public func read(
    _ rows: Range<Int>, batchRowCount: Int = 65_536, _ body: (Batch) throws -> Void
  ) throws {
    var stored = try opened(rows, plan.schema.fields, batchRowCount)
    if !withdrawn.contains(true) {
      while let batch = try next(&stored, plan.schema.fields) { try body(batch) }
      return
    }
    try readWithFiles(rows) { batch in
      try body(Batch(plan.schema, Array(batch.columns.dropLast()), rowCount: batch.rowCount))
    }
  }

  /// The keys and times alone of the rows of a stretch that are to be seen, in their order.
  public func readKeys(_ rows: Range<Int>, _ body: (Batch) throws -> Void) throws {
    let fields = Array(plan.schema.fields.prefix(plan.keys.count + 1))
    guard withdrawn.contains(true), let file = plan.segmentSchema.fields.last else {
      var stored = try opened(rows, fields)
      while let batch = try next(&stored, fields) { try body(batch) }
      return
    }
    try readWithFiles(rows, fields + [file]) { batch in try body(batch) }
  }

  /// All columns of them, each row with the number of its file among the segment's.
  public func readWithFiles(_ rows: Range<Int>, _ body: (Batch) throws -> Void) throws {
    try readWithFiles(rows, plan.segmentSchema.fields, body)
  }

  private func readWithFiles(
    _ rows: Range<Int>, _ fields: [Field], _ body: (Batch) throws -> Void
  ) throws {
    var stored = try opened(rows, fields)
    while let batch = try next(&stored, fields) {
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

  private func opened(
    _ rows: Range<Int>, _ fields: [Field], _ batchRowCount: Int = 65_536
  ) throws(OfflineError) -> BatchReader {
    do throws(ParquetError) {
      return try BatchReader(
        file, columns: fields.map(\.name), rows: rows, batchRowCount: max(batchRowCount, 1))
    } catch {
      throw OfflineError(attempt: attempt, reason: .damaged("\(error)"))
    }
  }

  /// The next rows, their columns of the types of `fields`.
  private func next(
    _ reader: inout BatchReader, _ fields: [Field]
  ) throws(OfflineError) -> Batch? {
    let batch: Batch?
    do throws(ParquetError) { batch = try reader.next() } catch {
      throw OfflineError(attempt: attempt, reason: .damaged("\(error)"))
    }
    guard let batch, hasVectors, let schema = Schema(fields) else { return batch }
    var columns: [Column] = []
    for (field, column) in zip(fields, batch.columns) {
      guard let restored = column.restored(as: field.type) else {
        throw OfflineError(
          attempt: attempt, reason: .damaged("`\(field.name)` has what is no \(field.type)"))
      }
      columns.append(restored)
    }
    return Batch(schema, columns, rowCount: batch.rowCount)
  }
}

extension [Field] {
  /// What the keys in the rows `first` to `last` of `keys`, which ascend, have in common: a part of the
  /// key is bound where all parts before it are one value.
  fileprivate func conditions(
    _ keys: [Column], from first: Int, through last: Int
  ) -> [RowCondition] {
    var conditions: [RowCondition] = []
    for (field, column) in zip(self, keys) {
      // Of a page of doubles the bounds leave out what is no number.
      guard field.type != .double else { break }
      let (least, greatest) = (column[first], column[last])
      conditions.append(RowCondition(field.name, from: least, through: greatest))
      guard least == greatest else { break }
    }
    return conditions
  }
}
