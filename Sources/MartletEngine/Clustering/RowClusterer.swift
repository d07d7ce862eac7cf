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
  private var batches: [(rows: Batch, file: Int64)] = []

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
    guard rows.rowCount > 0 else { return }
    batches.append((rows, Int64(file)))
    rowCount += rows.rowCount
    for column in rows.columns {
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
  /// - Parameter forEach: Calls a function with each of 0, 1, … up to a count, on as many threads as
  ///   there are.
  public consuming func finish(
    forEach: (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) -> ClusteredBatch? {
    let fields = plan.segmentSchema.fields
    let files = Set(batches.map(\.file)).sorted()
    let places = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1, Int64($0)) })
    let inputs = ColumnParts(
      batches.map { ($0.rows, places[$0.file] ?? 0) }, count: fields.count)
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
      rows, plan, entityCount: order.entityCount, files: files.map { Int($0) })
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

/// The parts of each column, given out once; from any thread.
private final class ColumnParts: Sendable {
  private let columns: Mutex<[[Column]]>
  private let files: [(file: Int64, rowCount: Int)]

  init(_ batches: [(rows: Batch, file: Int64)], count: Int) {
    columns = Mutex((0..<count - 1).map { index in batches.map { $0.rows.columns[index] } })
    files = batches.map { ($0.file, $0.rows.rowCount) }
  }

  /// The parts of a column of the kept rows.
  func parts(_ index: Int) -> [Column] { columns.withLock { $0[index] } }

  /// The same, which are held no longer; the last column is that of the files.
  func take(_ index: Int) -> [Column] {
    columns.withLock { columns in
      guard index < columns.count else {
        return files.map { Column(.int(Buffer(repeating: $0.file, count: $0.rowCount))) }
      }
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
