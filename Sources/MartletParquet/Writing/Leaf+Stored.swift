import MartletColumns

extension Leaf {
  /// The leaf of `column`, which carries what another file stores as `stored`.
  init(_ column: Column, storing stored: StoredColumn) {
    rowCount = column.count
    path = stored.nodes.map(\.name)
    storage = LeafStorage(stored)
    if stored.isPacked {
      guard case .bytes(let rows) = column.values else { preconditionFailure("rows not packed") }
      (values, levels) = Leaf.unpacked(rows, stored)
      return
    }
    let present = column.validity.map { column.filtered(by: $0) } ?? column
    if stored.physicalType == .float, case .int(let words) = present.values {
      values = .floats(words.mapped { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    } else {
      values = .column(present.values)
    }
    precondition(
      stored.shape.definition > 0 || column.validity == nil, "nulls in `\(path)`, which has none")
    levels = stored.shape.definition == 0 ? .none : .flat(column.validity)
  }

  private static func unpacked(_ rows: Strings, _ stored: StoredColumn) -> (Values, Levels) {
    var entries = Entries(stored)
    for row in 0..<rows.count { rows.withBytes(at: row) { entries.take($0) } }
    return entries.finish()
  }
}

/// What `PackedRows` packed, taken apart again.
private struct Entries: ~Copyable {
  private let stored: StoredColumn
  private var definitions = BufferBuilder<UInt8>()
  private var repetitions = BufferBuilder<UInt8>()
  private var flags = BufferBuilder<Bool>()
  private var words = BufferBuilder<Int64>()
  private var floats = BufferBuilder<Float>()
  private var texts = StringsBuilder()

  init(_ stored: StoredColumn) { self.stored = stored }

  mutating func take(_ row: UnsafeRawBufferPointer) {
    var at = 0
    while at < row.count {
      repetitions.append(row[at])
      definitions.append(row[at + 1])
      let isPresent = Int(row[at + 1]) == stored.shape.definition
      at += 2
      if isPresent { at += takeValue(row, at) }
    }
  }

  /// Takes the value at `place`, and says how many bytes it has.
  private mutating func takeValue(_ row: UnsafeRawBufferPointer, _ place: Int) -> Int {
    switch stored.physicalType {
    case .boolean:
      flags.append(row[place] == 1)
      return 1
    case .int32:
      words.append(Int64(row.loadUnaligned(fromByteOffset: place, as: Int32.self)))
      return 4
    case .float:
      floats.append(
        Float(bitPattern: row.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
      return 4
    case .int64, .double:
      words.append(row.loadUnaligned(fromByteOffset: place, as: Int64.self))
      return 8
    default:
      let size =
        stored.fixedByteCount.map { (0, $0) }
        ?? (4, Int(row.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
      let start = place + size.0
      texts.append(UnsafeRawBufferPointer(rebasing: row[start..<start + size.1]))
      return size.0 + size.1
    }
  }

  consuming func finish() -> (Leaf.Values, Leaf.Levels) {
    let levels = Leaf.Levels.nested(
      Leaf.Nested(
        definitions: definitions.finish(), repetitions: repetitions.finish(),
        deepestDefinition: stored.shape.definition,
        deepestRepetition: stored.shape.lists.count))
    let values: Leaf.Values
    switch stored.physicalType {
    case .boolean: values = .column(.bool(flags.finish()))
    case .int32, .int64: values = .column(.int(words.finish()))
    case .float: values = .floats(floats.finish())
    case .double: values = .column(.double(words.finish().reinterpreted(as: Double.self)))
    default: values = .column(.bytes(texts.finish()))
    }
    return (values, levels)
  }
}

extension Buffer {
  /// What `body` makes of each element.
  func mapped<Other: BitwiseCopyable>(_ body: (Element) -> Other) -> Buffer<Other> {
    var mapped = BufferBuilder<Other>(capacity: count)
    withUnsafeBufferPointer { elements in
      mapped.append(upTo: elements.count) { room in
        for index in elements.indices { room[index] = body(elements[index]) }
        return elements.count
      }
    }
    return mapped.finish()
  }
}
