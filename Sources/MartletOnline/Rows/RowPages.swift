import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Writes the rows of an entity: one block where they are few, pages behind an index where they are
/// many, chapters under keys of their own where they are very many.
///
///     few         rows
///     many        index │ page │ page │ …
///     very many   contents              and each chapter: index │ page │ page │ …
struct RowPages {
  private let set: SetPlan
  private let format: RowFormat
  private let writer: RowBlockWriter
  private let folds: WindowFolds?
  private let identity: RowIdentity
  private let sizing: Sizing
  private let times: Buffer<Int64>
  private let known: Buffer<Int64>?

  /// A writer of the rows of `columns`, of `set`: of each entity by time, each id once.
  init(_ set: SetPlan, _ columns: [Column], _ sizing: Sizing) {
    self.set = set
    self.sizing = sizing
    format = RowFormat(set)
    writer = RowBlockWriter(format, columns)
    folds = WindowFolds(of: set)
    identity = RowIdentity(columns, of: set)
    guard case .time(let times) = columns[0].values else {
      preconditionFailure("times of \(columns[0].type)")
    }
    self.times = times
    known =
      if let column = set.knownColumn, case .time(let moments) = columns[column].values {
        moments
      } else { nil }
    folds?.bind(times: times, values: Array(columns[set.valueColumns]))
  }

  /// Hands `body` what an entity's key and the keys behind it hold, in their order, for the rows in
  /// `range`.
  func write<Failure: Error>(
    _ range: Range<Int>, of key: [UInt8], using bytes: inout ByteWriter,
    _ body: ([UInt8], UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    bytes.removeAll()
    guard folds != nil, range.count > 2 * sizing.rowsOfChapter else {
      writeValue(range, to: &bytes)
      return try body(key, bytes.bytes)
    }
    let chapters = self.chapters(range, from: 0)
    RowBlock.writeIndex(
      .contents, of: chapters.map(\.summary), names: names, ids: [], layout: format.layout,
      to: &bytes)
    try body(key, bytes.bytes)
    for chapter in chapters {
      bytes.removeAll()
      writeValue(chapter.rows, to: &bytes)
      try body(EntityParts.chapter(chapter.summary.offset, of: key), bytes.bytes)
    }
    for id in ids(range) {
      bytes.removeAll()
      bytes.write(UInt64(bitPattern: id.time))
      try body(EntityParts.id(id.hash, of: key), bytes.bytes)
    }
  }

  /// The rows in `range` as chapters, of which the first has number `number`.
  func chapters(
    _ range: Range<Int>, from number: UInt32
  ) -> [(rows: Range<Int>, summary: RowSummary)] {
    let count = max(1, (range.count + sizing.rowsOfChapter - 1) / sizing.rowsOfChapter)
    let size = (range.count + count - 1) / count
    return stride(from: range.lowerBound, to: range.upperBound, by: max(size, 1)).enumerated().map {
      index, start in
      let rows = start..<min(start + size, range.upperBound)
      return (rows, summary(rows, offset: number + UInt32(index), size: 0))
    }
  }

  /// The hash of each id among the rows of `range` and the time of its row, by hash.
  func ids(_ range: Range<Int>) -> [(hash: UInt64, time: Int64)] {
    if identity.isEmpty { return [] }
    let all = range.map { (hash: identity.hash($0), time: times[$0]) }.sorted { $0 < $1 }
    return all.enumerated().filter { index, id in index == 0 || all[index - 1].hash != id.hash }
      .map(\.element)
  }

  /// Appends the rows in `range` as one value.
  func writeValue(_ range: Range<Int>, to bytes: inout ByteWriter) {
    guard folds != nil, range.count >= 2 * sizing.rowsOfPage else {
      return writer.write(range, to: &bytes)
    }
    var pages = ByteWriter(capacity: range.count * 32)
    var entries: [RowSummary] = []
    for start in stride(from: range.lowerBound, to: range.upperBound, by: sizing.rowsOfPage) {
      let rows = start..<min(start + sizing.rowsOfPage, range.upperBound)
      let offset = pages.count
      writer.write(rows, to: &pages)
      entries.append(
        summary(rows, offset: UInt32(offset), size: UInt32(pages.count - offset)))
    }
    RowBlock.writeIndex(
      .index, of: entries, names: names, ids: ids(range).map(\.hash), layout: format.layout,
      to: &bytes)
    bytes.write(pages.bytes)
  }

  /// The hash of the names of the states that are written.
  var names: UInt64 { RowIndex.hash(of: folds?.names ?? []) }

  private func summary(_ rows: Range<Int>, offset: UInt32, size: UInt32) -> RowSummary {
    var states = StateWriter()
    if let folds {
      folds.reset()
      for row in rows { folds.add(row) }
      folds.encode(into: &states)
    }
    return RowSummary(
      first: times[rows.lowerBound], last: times[rows.upperBound - 1],
      lastMissing: rows.reduce(.min) { max($0, lastMissing($1)) }, rowCount: rows.count,
      offset: offset, size: size, states: states.bytes)
  }

  /// The last question that does not see `row`.
  private func lastMissing(_ row: Int) -> Int64 {
    let seen = Visibility.events.firstQuestion(
      seeing: EventTime(microseconds: times[row]),
      known: known.map { KnownTime(microseconds: $0[row]) })
    guard let seen else { return .max }
    return seen.microseconds == .min ? .min : seen.microseconds - 1
  }
}

extension WindowFolds {
  /// Folds for the measures of `set`; `nil` of states, and where a measure has no state to write.
  convenience init?(of set: SetPlan) {
    guard case .events(let plan) = set.answer else { return nil }
    let types = set.schema.fields.dropFirst(set.rows.firstValue).map(\.type)
    self.init(plan, over: Array(types))
  }
}
