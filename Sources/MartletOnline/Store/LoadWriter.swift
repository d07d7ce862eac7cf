public import MartletColumns
public import MartletPlan

/// A load that is written and waits to be taken in: rows of one set in sorted files off to the side.
///
/// Whoever owns the store takes it in; the one that wrote it need not.
public struct SealedLoad: Equatable, Sendable {
  /// The number of the table that it becomes.
  public var table: UInt64

  /// The set that the rows are of.
  public var set: String

  /// The files, in the order in which they are taken in.
  public var files: [String]

  /// What it holds.
  public var rowCount: Int
  public var entityCount: Int
}

/// Writes the rows of one set to sorted files off to the side. Needs no open store.
///
/// Rows come in any order. They are gathered up to a bound, sorted by entity and time, and written as
/// one file; a file after the first appends to what the ones before it may have of an entity. Where rows come
/// by their entities, as those of a segment do, that is one entity of a file.
public struct LoadWriter: ~Copyable {
  private let set: SetPlan
  private let table: UInt64
  private let folder: String
  private let mostRows: Int
  private let sizing: Sizing
  private let horizon: Int64
  private let make: (String) throws(OnlineError) -> any SortedFile
  private var gathered: [Batch] = []
  private var gatheredCount = 0
  private var files: [String] = []
  private var rowCount = 0
  private var entityCount = 0

  /// The highest key of an entity so far: no file has a later one.
  private var highestKey: [UInt8] = []

  init(
    _ set: SetPlan, table: UInt64, in folder: String, mostRows: Int, sizing: Sizing,
    horizon: Int64,
    _ make: @escaping (String) throws(OnlineError) -> any SortedFile
  ) {
    self.set = set
    self.table = table
    self.folder = folder
    self.mostRows = mostRows
    self.sizing = sizing
    self.horizon = horizon
    self.make = make
  }

  /// A writer of the table of number `table` to files in `folder`, which must be there, on the disk
  /// that the store is on.
  ///
  /// - Parameters:
  ///   - mostRows: How many rows are held in memory before they are written.
  ///   - horizon: The first moment that is answered. What only earlier ones see is left out.
  public init(
    _ set: SetPlan, table: UInt64, in folder: String, mostRows: Int = 4_000_000,
    from horizon: Instant = Instant(microseconds: .min)
  ) {
    let options = RocksDBOptions(cacheSizeInBytes: 1 << 20)
    self.init(
      set, table: table, in: folder, mostRows: mostRows, sizing: Sizing(),
      horizon: horizon.microseconds
    ) { (path) throws(OnlineError) in
      try RocksDBFile(path, options)
    }
  }

  /// Takes rows that the set keeps.
  public mutating func add(_ rows: Batch) throws(OnlineError) {
    guard rows.rowCount > 0 else { return }
    gathered.append(rows)
    gatheredCount += rows.rowCount
    if gatheredCount >= mostRows { try writeFile() }
  }

  /// Seals what is written.
  public consuming func finish() throws(OnlineError) -> SealedLoad {
    try writeFile()
    return SealedLoad(
      table: table, set: set.name, files: files, rowCount: rowCount, entityCount: entityCount)
  }

  private mutating func writeFile() throws(OnlineError) {
    guard gatheredCount > 0 else { return }
    let attempt = "writing rows of `\(set.name)`"
    guard let batch = Batch.concatenated(gathered, of: set.schema) else {
      throw OnlineError(attempt, .tooMuchText)
    }
    gathered = []
    gatheredCount = 0
    var rows = EntityRows(batch, of: set)
    rows.settle(set)
    // What one file leaves of an entity may come to hold nothing once others are there, but not the
    // other way round.
    rows.trim(set, from: horizon)
    guard rows.rowCount > 0 else { return }
    let path = "\(folder)/\(set.name)-\(table)-\(files.count).sst"
    let file = try make(path)
    // Pages and chapters are of all rows that are there; what further files bring is appended.
    let pages = RowPages(set, rows.columns, sizing)
    let writer = RowBlockWriter(RowFormat(set), rows.columns)
    var block = ByteWriter(capacity: 4_096)
    var key = Table.prefix(table)
    let prefixCount = key.count
    var isNew = false
    for entity in 0..<rows.entityCount {
      key.removeSubrange(prefixCount...)
      key += rows.keys.bytes[rows.keys.range(entity)]
      if isNew || highestKey.lexicographicallyPrecedes(key) {
        isNew = true
        try pages.write(rows.rows(of: entity), of: key, using: &block) {
          (key, value) throws(OnlineError) in
          try withBytes(of: key) { (key) throws(OnlineError) in try file.add(.put, key, value) }
        }
      } else {
        block.removeAll()
        writer.write(rows.rows(of: entity), to: &block)
        let value = block.bytes
        try withBytes(of: key) { (key) throws(OnlineError) in try file.add(.append, key, value) }
      }
    }
    try file.finish()
    if isNew { highestKey = key }
    files.append(path)
    rowCount += rows.rowCount
    entityCount += rows.entityCount
  }
}

extension Batch {
  /// The rows of `batches`, one after the other; `nil` where the texts of all are too long.
  fileprivate static func concatenated(_ batches: [Batch], of schema: Schema) -> Batch? {
    if batches.count == 1 { return batches[0] }
    var columns: [Column] = []
    for (index, field) in schema.fields.enumerated() {
      guard
        let column = Column.concatenated(batches.map { $0.columns[index] }, of: field.type)
      else { return nil }
      columns.append(column)
    }
    return Batch(schema, columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
  }
}
