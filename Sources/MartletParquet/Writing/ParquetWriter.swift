public import MartletColumns

/// Writes batches as a Parquet file, a row group at a time, to wherever its caller puts the bytes.
///
///     │ PAR1 │ row group: chunk chunk … │ row group │ … │ bloom filters │ page indexes │ footer │
///
/// It holds the rows of one row group at most, beside what the footer will say. Where `sink` throws,
/// the file is lost: the caller throws it away.
public struct ParquetWriter<Failure: Error>: ~Copyable {
  /// Takes the file's next bytes.
  public typealias Sink = (Span<UInt8>) throws(Failure) -> Void

  /// Calls a function with each of 0, 1, … up to a count, in any order, at the same time or not,
  /// and returns when all calls have.
  public typealias ForEach = (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void

  private let schema: Schema
  private let options: WritingOptions
  private let forEach: ForEach
  private let sink: Sink
  private var pending: PendingRows
  private var layout: FileLayout
  private var hasBegun = false

  /// A writer of a file with the columns of `schema`. `forEach` may encode columns side by side;
  /// the bytes are the same.
  public init(
    _ schema: Schema, _ options: WritingOptions = WritingOptions(),
    forEach: @escaping ForEach = { count, body in for index in 0..<count { body(index) } },
    sink: @escaping Sink
  ) {
    precondition(options.rowsPerGroup > 0 && options.mostRowsPerPage > 0, "pages without rows")
    for field in schema.fields {
      let carrier = options.stored[field.name]?.carrier ?? field.type
      precondition(field.type == carrier, "`\(field.name)` is carried as \(carrier)")
    }
    self.schema = schema
    self.options = options
    self.forEach = forEach
    self.sink = sink
    pending = PendingRows(schema, options)
    layout = FileLayout(schema, options)
  }

  /// Adds rows to the file, and writes the row groups that they fill.
  public mutating func append(_ batch: Batch) throws(Failure) {
    precondition(batch.schema == schema, "(\(batch.schema)) into a file of (\(schema))")
    pending.add(batch)
    while let columns = pending.takeFullGroup() { try write(columns) }
  }

  /// Writes the rows that are left, and the footer.
  public consuming func finish() throws(Failure) {
    if let columns = pending.takeRest() { try write(columns) }
    try begin()
    let ending = layout.finish()
    try sink(ending.span)
  }

  private mutating func begin() throws(Failure) {
    guard !hasBegun else { return }
    hasBegun = true
    let magic = Footer.magic
    try sink(magic.span)
  }

  private mutating func write(_ columns: [Column]) throws(Failure) {
    try begin()
    let chunks = encode(columns)
    layout.add(chunks, rowCount: columns.first?.count ?? 0)
    for chunk in chunks { try sink(chunk.bytes.span) }
  }

  private func encode(_ columns: [Column]) -> [EncodedChunk] {
    let chunks = ChunkSlots(count: columns.count)
    let (schema, options) = (schema, options)
    forEach(columns.count) { index in
      chunks.fill(
        index, ChunkEncoder.encode(columns[index], named: schema.fields[index].name, options))
    }
    return chunks.taken()
  }
}

/// A slot for each column's chunk, filled from any thread.
private final class ChunkSlots: @unchecked Sendable {
  // Sendable because each slot is written by one call of the called body alone, and read when
  // all have returned.
  private let slots: UnsafeMutableBufferPointer<EncodedChunk?>

  init(count: Int) {
    slots = .allocate(capacity: count)
    slots.initialize(repeating: nil)
  }

  deinit {
    slots.deinitialize()
    slots.deallocate()
  }

  func fill(_ index: Int, _ chunk: EncodedChunk) { slots[index] = chunk }

  func taken() -> [EncodedChunk] {
    slots.enumerated().map { index, chunk in
      guard let chunk else { preconditionFailure("column \(index) was not encoded") }
      return chunk
    }
  }
}
