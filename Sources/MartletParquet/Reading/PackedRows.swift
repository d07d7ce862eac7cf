import MartletColumns

/// Rows of a nested column, each packed into the bytes of its levels and values:
///
///     repetition level | definition level | the value, where there is one | … once for each entry
///
/// A value takes the bytes that PLAIN gives it, a truth one byte.
struct PackedRows: ~Copyable {
  private let stored: StoredColumn
  private let mostBytes: Int
  /// Makes certain that the levels do not contradict each other.
  private var lists: ListLevels
  private var bytes = BufferBuilder<UInt8>()
  private var offsets = BufferBuilder<Int32>()

  /// Rows of a column stored as `stored`, `mostBytes` at most.
  init(_ stored: StoredColumn, mostBytes: Int) {
    self.stored = stored
    self.mostBytes = min(mostBytes, Strings.mostBytes)
    lists = ListLevels(stored.shape)
  }

  /// The rows that have begun.
  var rowCount: Int { offsets.count }

  /// Takes in entries: their levels, and the values of those whose level is the deepest.
  mutating func append(
    _ repetitions: [Int32], _ definitions: [Int32], _ values: Column.Values
  ) throws(ParquetError) {
    _ = try lists.append(repetitions, definitions)
    var next = 0
    for (repetition, definition) in zip(repetitions, definitions) {
      if repetition == 0 { offsets.append(Int32(truncatingIfNeeded: bytes.count)) }
      bytes.append(UInt8(truncatingIfNeeded: repetition))
      bytes.append(UInt8(truncatingIfNeeded: definition))
      guard Int(definition) == stored.shape.definition else { continue }
      append(values, next)
      next += 1
    }
    guard bytes.count <= mostBytes else {
      throw ParquetError(.tooLarge("a batch's lists take over \(mostBytes) bytes; read fewer rows"))
    }
  }

  private mutating func append(_ values: Column.Values, _ index: Int) {
    switch values {
    case .bool(let flags): bytes.append(flags[index] ? 1 : 0)
    case .int(let words):
      let width = stored.physicalType == .int64 ? 8 : 4
      withUnsafeBytes(of: words[index].littleEndian) {
        bytes.append(raw: UnsafeRawBufferPointer(rebasing: $0[..<width]))
      }
    case .double(let numbers):
      withUnsafeBytes(of: numbers[index].bitPattern.littleEndian) { bytes.append(raw: $0) }
    case .string(let texts), .bytes(let texts): append(texts, index)
    case .dictionary(let texts): append(texts.dictionary, Int(texts.codes[index]))
    default: preconditionFailure("a leaf is no \(values.type)")
    }
  }

  private mutating func append(_ texts: Strings, _ index: Int) {
    texts.withBytes(at: index) { text in
      if stored.fixedByteCount == nil { bytes.append(littleEndian: UInt32(text.count)) }
      bytes.append(raw: text)
    }
  }

  /// The rows, each a value of bytes.
  consuming func finish() -> Column {
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
    return Column(.bytes(Strings(offsets: offsets.finish(), bytes: bytes.finish())))
  }
}
