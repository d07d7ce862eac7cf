public import MartletColumns
public import MartletPlan
import Synchronization

/// Gathers rows of a set in any order and gives them back by entity and, within one, by time.
///
///     kept rows, batch by batch ──add──▶ held ──finish──▶ by key, then time, as a segment has them
///
/// Rows that agree in both stay in the order in which they came, so that the result is a function of
/// the rows and of the order of their files.
public struct RowClusterer: Sendable {
  private let plan: SetPlan
  private var batches: [HeldRows] = []

  /// How many rows are held.
  public private(set) var rowCount = 0

  /// About how many bytes they take.
  public private(set) var byteCount = 0

  /// About how many bytes of text they hold; a column holds no more than 2 GiB.
  public private(set) var textByteCount = 0

  /// For rows of `plan`.
  public init(_ plan: SetPlan) { self.plan = plan }

  /// Holds `rows`, which have the plan's schema and came from the file numbered `file`.
  public mutating func add(_ rows: Batch, from file: Int) {
    precondition(rows.schema == plan.schema, "rows of another set")
    add(rows.columns, .one(Int64(file), rowCount: rows.rowCount))
  }

  /// Holds `rows` of a segment, whose files are numbered `files` by their places.
  public mutating func add(_ rows: Batch, ofSegmentFrom files: [Int]) {
    precondition(rows.schema == plan.segmentSchema, "rows of another set")
    guard let last = rows.columns.last, case .int(let places) = last.values else { return }
    // A place that is no file's would be damage; the reader has checked the bytes.
    let numbers = (0..<places.count).map { row in
      files.indices.contains(Int(places[row])) ? Int64(files[Int(places[row])]) : 0
    }
    add(Array(rows.columns.dropLast()), .each(Buffer(numbers)))
  }

  private mutating func add(_ columns: [Column], _ files: HeldRows.Files) {
    let rows = HeldRows(columns: columns, files: files)
    guard rows.count > 0 else { return }
    batches.append(rows)
    rowCount += rows.count
    for column in columns {
      let size = column.values.heldByteCount
      byteCount += size.words + size.text
      textByteCount += size.text
    }
  }

  /// Takes over what `other` holds, which came after.
  public mutating func merge(_ other: RowClusterer) {
    batches += other.batches
    rowCount += other.rowCount
    byteCount += other.byteCount
    textByteCount += other.textByteCount
  }

  /// The rows in order; `nil` where their texts are too long for one column.
  ///
  /// - Parameters:
  ///   - files: The numbers of all files of the segment that the rows are to be part of; only those
  ///     that rows came from if `nil`.
  ///   - forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as there
  ///     are.
  public consuming func finish(
    files: [Int]? = nil,
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) -> RowsInOrder? {
    let schema = plan.segmentSchema
    let fields = schema.fields
    let files = files ?? Set(batches.flatMap(\.fileNumbers)).sorted()
    let places = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1, Int64($0)) })
    let repeatCount = Self.repeatCount(plan, batches)
    guard let order = Self.order(plan, batches, forEach) else { return nil }
    let held = HeldColumns(batches, places)
    let rows = PartedRows(counts: batches.map(\.count))
    batches = []
    let columns = ColumnSlots<PartedColumn>(count: fields.count)
    forEach(fields.count) { index in
      // The parts of a column that is brought together are let go as soon as it stands.
      columns.set(index, PartedColumn(held.take(index), of: fields[index].type))
    }
    let made = columns.all
    guard made.count == fields.count else { return nil }
    return RowsInOrder(made, rows, by: order, schema, files: files, repeatCount: repeatCount)
  }

  /// Where each row goes.
  private static func order(
    _ plan: SetPlan, _ parts: [HeldRows],
    _ forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) -> Buffer<Int32>? {
    guard let keys = keyWords(plan, parts) else { return nil }
    var times = BufferBuilder<Int64>(capacity: keys.count)
    for case .time(let part) in parts.map({ $0.columns[plan.keys.count].values }) {
      times.append(contentsOf: part.span)
    }
    return RowOrder.by(key: keys.span, thenTime: times.span, forEach: forEach)
  }

  /// A number for each row that is to its like as its key is to theirs.
  private static func keyWords(_ plan: SetPlan, _ parts: [HeldRows]) -> Buffer<Int64>? {
    let rowCount = parts.reduce(0) { $0 + $1.count }
    var words = BufferBuilder<Int64>(capacity: rowCount)
    if plan.keys.count == 1 {
      for part in parts {
        switch part.columns[0].values {
        case .int(let numbers), .time(let numbers): words.append(contentsOf: numbers.span)
        default: break
        }
      }
      if words.count == rowCount { return words.finish() }
    }
    var grouper = Grouper(plan.keys.map(\.type))
    var groups: [Buffer<Int32>] = []
    for part in parts {
      groups.append(grouper.groups(of: Array(part.columns.prefix(plan.keys.count))))
    }
    guard let keys = grouper.keys() else { return nil }
    let ranks = KeyOrder(keys).ranks()
    words.removeAll()
    for part in groups {
      for row in 0..<part.count { words.append(Int64(ranks[Int(part[row])])) }
    }
    return words.finish()
  }

  /// How many rows repeat an id within their entity.
  private static func repeatCount(_ plan: SetPlan, _ parts: [HeldRows]) -> Int {
    guard !plan.rows.id.isEmpty else { return 0 }
    let keyCount = plan.keys.count
    let ids = plan.idColumns.lowerBound + keyCount..<plan.idColumns.upperBound + keyCount
    // The id of an entity is one of the whole key, so that one table tells them apart.
    var grouper = Grouper(plan.keys.map(\.type) + plan.schema.fields[ids].map(\.type))
    var rowCount = 0
    for part in parts {
      _ = grouper.groups(of: Array(part.columns.prefix(keyCount)) + part.columns[ids])
      rowCount += part.count
    }
    return rowCount - grouper.count
  }
}

extension SetPlan {
  /// The columns of a segment: those of a kept row, and the number of the file that it came from
  /// among the segment's files, under the first name that is free.
  public var segmentSchema: Schema {
    var name = "_file"
    while schema.position(of: name) != nil { name = "_\(name)" }
    guard let schema = Schema(schema.fields + [Field(name, .int)]) else {
      preconditionFailure("`\(name)` is free")
    }
    return schema
  }
}

/// Rows as they are held, and where they came from.
private struct HeldRows: Sendable {
  var columns: [Column]
  var files: Files

  /// The numbers of the rows' files.
  enum Files: Sendable {
    case one(Int64, rowCount: Int)
    case each(Buffer<Int64>)
  }

  var count: Int { columns.first?.count ?? 0 }

  var fileNumbers: Set<Int> {
    switch files {
    case .one(let number, _): [Int(number)]
    case .each(let numbers): Set((0..<numbers.count).map { Int(numbers[$0]) })
    }
  }

  /// For each row, the place of its file; rows of one file share what `columns` has for it.
  func filePlaces(_ places: [Int: Int64], _ columns: inout [Int64: Column]) -> Column {
    switch files {
    case .one(let number, let rowCount):
      if let column = columns[number], column.count >= rowCount {
        return column.slice(0..<rowCount)
      }
      let column = Column(.int(Buffer(repeating: places[Int(number)] ?? 0, count: rowCount)))
      columns[number] = column
      return column
    case .each(let numbers):
      return Column(.int(Buffer((0..<numbers.count).map { places[Int(numbers[$0])] ?? 0 })))
    }
  }
}

/// The parts of each column, given out once; from any thread.
private final class HeldColumns: Sendable {
  private let columns: Mutex<[[Column]]>

  /// The columns of `rows`, and behind them that of the files, which have `places`.
  init(_ rows: [HeldRows], _ places: [Int: Int64]) {
    let count = rows.first?.columns.count ?? 0
    var columns = (0..<count).map { index in rows.map { $0.columns[index] } }
    var ofFiles: [Int64: Column] = [:]
    columns.append(rows.map { $0.filePlaces(places, &ofFiles) })
    self.columns = Mutex(columns)
  }

  /// The parts of a column, which are held here no longer.
  func take(_ index: Int) -> [Column] {
    columns.withLock { columns in
      defer { columns[index] = [] }
      return columns[index]
    }
  }
}

extension Batch {
  /// About how many bytes the rows take.
  public var heldByteCount: Int {
    columns.reduce(0) { sum, column in
      let size = column.values.heldByteCount
      return sum + size.words + size.text
    }
  }
}

extension Column.Values {
  /// About how many bytes the values take, beside those of their texts.
  var heldByteCount: (words: Int, text: Int) {
    switch self {
    case .bool(let flags): (flags.count, 0)
    case .int(let numbers), .time(let numbers): (numbers.count * 8, 0)
    case .double(let numbers): (numbers.count * 8, 0)
    case .string(let texts), .bytes(let texts): (texts.count * 4, texts.textByteCount)
    case .dictionary(let texts): (texts.count * 4, texts.dictionary.textByteCount)
    case .vector(let vectors): (vectors.count * vectors.width * 4, 0)
    case .list(let lists):
      (
        lists.count * 4 + lists.elements.values.heldByteCount.words,
        lists.elements.values.heldByteCount.text
      )
    }
  }
}
