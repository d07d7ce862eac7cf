import MartletColumns

/// Batches of typed rows under construction from the texts of a file.
struct TextBatches: ~Copyable {
  /// A text is no value of its column's declared type.
  struct Refusal: Error {
    /// How many rows lie before it in what was taken in with it.
    var row: Int
    var field: Field
    var found: String
  }

  /// How many rows were taken in.
  private(set) var rowCount = 0

  private let declared: Schema
  private let columns: [FieldColumn]
  private let positions: [Int]
  private let batchRowCount: Int
  private var pendingRowCount = 0
  private var pendingByteCount = 0

  /// A batch ends where its texts reach this, however few its rows.
  private static let mostBytes = 64 << 20

  /// Batches of `batchRowCount` rows.
  ///
  /// - Parameter positions: For each declared column, where it stands among the texts of a row.
  init(
    _ declared: Schema, _ dialect: FieldColumn.Dialect, at positions: [Int], zone: ZoneRules,
    batchRowCount: Int
  ) {
    self.declared = declared
    self.positions = positions
    self.batchRowCount = max(batchRowCount, 1)
    columns = declared.fields.map { FieldColumn($0.type, dialect, zone: zone) }
  }

  /// How many rows of `width` texts are worth taking in together, so that their places stay near.
  func worthwhileRowCount(of width: Int) -> Int {
    min(max(1, min(1_024, 65_536 / max(width, 1))), batchRowCount - pendingRowCount)
  }

  /// Takes in the values of `rows`; returns the batch that is full with them.
  mutating func append(_ rows: TextRows) throws(Refusal) -> Batch? {
    var refused: (row: Int, column: Int)?
    for (column, position) in positions.enumerated() {
      guard let row = columns[column].append(rows, column: position) else { continue }
      if row < refused?.row ?? .max { refused = (row, column) }
    }
    if let (row, column) = refused {
      let place = rows.places[row * rows.width + positions[column]]
      let text = String(decoding: rows.bytes(place).prefix(100), as: UTF8.self)
      throw Refusal(
        row: row, field: declared.fields[column], found: "`\(text)`")
    }
    rowCount += rows.count
    pendingRowCount += rows.count
    pendingByteCount += rows.byteCount
    let isFull = pendingRowCount >= batchRowCount || pendingByteCount >= Self.mostBytes
    return isFull ? finish() : nil
  }

  /// The rows that are in no batch yet.
  mutating func finish() -> Batch? {
    guard pendingRowCount > 0 else { return nil }
    let finished = columns.map { $0.finish() }
    let batch = Batch(declared, finished, rowCount: pendingRowCount)
    (pendingRowCount, pendingByteCount) = (0, 0)
    return batch
  }
}
