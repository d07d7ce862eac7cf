import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// Writes the rows of an entity as its value: one block where they are few, pages behind an index where
/// they are many.
struct RowPages {
  private let set: SetPlan
  private let writer: RowBlockWriter
  private let columns: [Column]
  private let folds: WindowFolds?
  private let identity: RowIdentity
  private let rowsOfPage: Int

  /// How many rows a page holds.
  ///
  /// A window reads a page of rows at its start, which takes a few nanoseconds for each row and
  /// measure, and one state for each page between, which takes some tens for each measure: of a
  /// thousand rows, sixteen pages.
  static let usualRows = 64

  /// A writer of the rows of `columns`, of `set`, each id once.
  init(_ set: SetPlan, _ columns: [Column], rowsOfPage: Int = usualRows) {
    self.set = set
    self.columns = columns.map(\.withoutDictionary)
    self.rowsOfPage = rowsOfPage
    writer = RowBlockWriter(RowFormat(set), columns)
    folds = WindowFolds(of: set)
    identity = RowIdentity(columns, of: set)
    folds?.bind(times: times, values: Array(columns[set.valueColumns]))
  }

  private var times: Buffer<Int64> {
    guard case .time(let times) = columns[0].values else {
      preconditionFailure("times of \(columns[0].type)")
    }
    return times
  }

  /// Appends the value of the rows in `range`, which are those of one entity.
  func write(_ range: Range<Int>, to bytes: inout ByteWriter) {
    guard let folds, range.count >= 2 * rowsOfPage else { return writer.write(range, to: &bytes) }
    var pages = ByteWriter(capacity: range.count * 32)
    var entries = ByteWriter()
    var states: [[UInt8]] = []
    for start in stride(from: range.lowerBound, to: range.upperBound, by: rowsOfPage) {
      let page = start..<min(start + rowsOfPage, range.upperBound)
      let offset = pages.count
      writer.write(page, to: &pages)
      folds.reset()
      for row in page { folds.add(row) }
      var writer = StateWriter()
      folds.encode(into: &writer)
      states.append(writer.bytes)
      entries.write(UInt64(bitPattern: times[page.lowerBound]))
      entries.write(UInt64(bitPattern: times[page.upperBound - 1]))
      entries.write(UInt64(bitPattern: lastMissing(page)))
      entries.write(UInt32(page.count))
      entries.write(UInt32(offset))
      entries.write(UInt32(pages.count - offset))
      entries.write(UInt32(0))
    }
    let index = RowBlock.begin(.index, layout: RowFormat(set).layout, in: &bytes)
    let ids = identity.isEmpty ? [] : range.map(identity.hash).sorted()
    bytes.write(RowIndex.hash(of: folds.names))
    bytes.write(UInt64(ids.count))
    let body = index + RowBlock.headerSizeInBytes
    let firstEntry = bytes.count
    bytes.write(entries.bytes)
    for id in ids { bytes.write(id) }
    for (number, state) in states.enumerated() {
      let entry = firstEntry + number * RowIndex.pageSize
      // The last four bytes of an entry say where its states are.
      bytes.overwrite(UInt32(bytes.count - body), at: entry + RowIndex.pageSize - 4)
      bytes.write(UInt32(state.count))
      state.withUnsafeBytes { bytes.write($0) }
    }
    RowBlock.end(index, rowCount: states.count, in: &bytes)
    bytes.write(pages.bytes)
  }

  /// The last question that does not see all rows of `page`.
  private func lastMissing(_ page: Range<Int>) -> Int64 {
    var latest = Int64.min
    var known: Buffer<Int64>?
    if let index = set.knownColumn, case .time(let moments) = columns[index].values {
      known = moments
    }
    for row in page {
      let seen = Visibility.events.firstQuestion(
        seeing: EventTime(microseconds: times[row]),
        known: known.map { KnownTime(microseconds: $0[row]) })
      latest = max(
        latest, seen.map { $0.microseconds == .min ? .min : $0.microseconds - 1 } ?? .max)
    }
    return latest
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
