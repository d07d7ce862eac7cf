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

  /// The rows, clustered; `nil` where their texts are too long for one column.
  ///
  /// - Parameters:
  ///   - files: The numbers of all files of the segment that the rows are to be part of; only those
  ///     that rows came from if `nil`.
  ///   - forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as there
  ///     are.
  public consuming func finish(
    files: [Int]? = nil,
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) -> ClusteredBatch? {
    let fields = plan.segmentSchema.fields
    let files = files ?? Set(batches.flatMap(\.fileNumbers)).sorted()
    let places = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1, Int64($0)) })
    let inputs = ColumnParts(batches, places, count: fields.count)
    batches = []
    guard let order = Self.order(plan, inputs) else { return nil }
    let results = ClusteredColumns(count: fields.count)
    forEach(fields.count) { index in
      // The parts of a column are let go as soon as it stands.
      let column = Column.concatenated(inputs.take(index), of: fields[index].type)
      results.set(index, order.isSorted ? column : column?.gathered(at: order.rows.span))
    }
    guard let columns = results.all() else { return nil }
    let rows = Batch(plan.segmentSchema, columns, rowCount: order.rows.count)
    return ClusteredBatch(
      rows, plan, entityCount: order.entityCount, files: files)
  }

  /// Where each row goes.
  private static func order(
    _ plan: SetPlan, _ inputs: ColumnParts
  ) -> (rows: Buffer<Int32>, isSorted: Bool, entityCount: Int)? {
    var grouper = Grouper(plan.keys.map(\.type))
    var groups = BufferBuilder<Int32>()
    let keyParts = plan.keys.indices.map { inputs.parts($0) }
    for part in inputs.parts(0).indices {
      let numbers = grouper.groups(of: keyParts.map { $0[part] })
      groups.append(contentsOf: numbers.span)
    }
    guard let keys = grouper.keys() else { return nil }
    let ranks = KeyOrder(keys).ranks()
    let numbers = groups.finish()
    var ranked = BufferBuilder<Int64>(capacity: numbers.count)
    for row in 0..<numbers.count { ranked.append(Int64(ranks[Int(numbers[row])])) }
    var times = BufferBuilder<Int64>(capacity: numbers.count)
    for case .time(let part) in inputs.parts(plan.keys.count).map(\.values) {
      times.append(contentsOf: part.span)
    }
    let order = RowOrder.by(key: ranked.span, thenTime: times.span)
    return (order, order.isAscending, keys.first?.count ?? 0)
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

  /// For each row, the place of its file.
  func filePlaces(_ places: [Int: Int64]) -> Column {
    switch files {
    case .one(let number, let rowCount):
      Column(.int(Buffer(repeating: places[Int(number)] ?? 0, count: rowCount)))
    case .each(let numbers):
      Column(.int(Buffer((0..<numbers.count).map { places[Int(numbers[$0])] ?? 0 })))
    }
  }
}

/// The parts of each column, given out once; from any thread.
private final class ColumnParts: Sendable {
  private let columns: Mutex<[[Column]]>
  private let rows: [HeldRows]
  private let places: [Int: Int64]

  init(_ rows: [HeldRows], _ places: [Int: Int64], count: Int) {
    columns = Mutex((0..<count - 1).map { index in rows.map { $0.columns[index] } })
    self.rows = rows.map { HeldRows(columns: [], files: $0.files) }
    self.places = places
  }

  /// The parts of a column of the kept rows.
  func parts(_ index: Int) -> [Column] { columns.withLock { $0[index] } }

  /// The same, which are held no longer; the last column is that of the files.
  func take(_ index: Int) -> [Column] {
    columns.withLock { columns in
      guard index < columns.count else { return rows.map { $0.filePlaces(places) } }
      defer { columns[index] = [] }
      return columns[index]
    }
  }
}

/// The columns of a clustered batch, each from the thread that made it.
private final class ClusteredColumns: Sendable {
  private let columns: Mutex<[Column?]>

  init(count: Int) { columns = Mutex(Array(repeating: nil, count: count)) }

  func set(_ index: Int, _ column: Column?) { columns.withLock { $0[index] = column } }

  /// All of them, or `nil` where one could not be made.
  func all() -> [Column]? {
    columns.withLock { columns in
      let all = columns.compactMap { $0 }
      return all.count == columns.count ? all : nil
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
