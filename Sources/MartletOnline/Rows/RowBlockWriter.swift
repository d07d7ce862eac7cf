import MartletColumns

/// Writes rows as blocks.
struct RowBlockWriter {
  private let format: RowFormat
  private let repeats: RowBlock.Repeats
  private let writing: ColumnWriting

  /// A writer of the rows of `columns`, which are those of `format`.
  init(_ format: RowFormat, _ columns: [Column], _ repeats: RowBlock.Repeats = .possible) {
    precondition(columns.map(\.type) == format.types, "columns of another layout")
    self.format = format
    self.repeats = repeats
    writing = .all(columns.map { ColumnWriting($0.withoutDictionary) }[...])
  }

  /// Appends a block of the rows in `range` to `bytes`.
  func write(_ range: Range<Int>, to bytes: inout ByteWriter) {
    let start = RowBlock.begin(.rows, repeats, layout: format.layout, in: &bytes)
    writing.write(range, &bytes)
    RowBlock.end(start, rowCount: range.count, in: &bytes)
  }
}

/// How rows of some columns are appended, one column after the other.
///
/// What a column is of is settled once. A block is often one row, and columns in an array would be counted
/// up and down for each, which took longer than writing them.
private struct ColumnWriting {
  let write: (Range<Int>, inout ByteWriter) -> Void

  /// All of `columns`, in their order.
  static func all(_ columns: ArraySlice<ColumnWriting>) -> ColumnWriting {
    guard let only = columns.first else { return ColumnWriting { _, _ in } }
    guard columns.count > 1 else { return only }
    let middle = columns.startIndex + columns.count / 2
    let (first, second) = (all(columns[..<middle]), all(columns[middle...]))
    return ColumnWriting {
      first.write($0, &$1)
      second.write($0, &$1)
    }
  }

  private init(write: @escaping (Range<Int>, inout ByteWriter) -> Void) { self.write = write }

  init(_ column: Column) {
    let validity = column.validity
    switch column.values {
    case .bool(let flags): self.init(validity) { $1.write(flags, $0) }
    case .int(let numbers), .time(let numbers): self.init(validity) { $1.write(numbers, $0) }
    case .double(let numbers): self.init(validity) { $1.write(numbers, $0) }
    case .string(let texts), .bytes(let texts):
      let (offsets, bytes) = (texts.offsets, texts.bytes)
      self.init(validity) {
        $1.write(ends: offsets, $0)
        $1.write(bytes, Int(offsets[$0.lowerBound])..<Int(offsets[$0.upperBound]))
      }
    case .list(let lists):
      let (offsets, elements) = (lists.offsets, ColumnWriting(lists.elements))
      self.init(validity) {
        $1.write(ends: offsets, $0)
        elements.write(Int(offsets[$0.lowerBound])..<Int(offsets[$0.upperBound]), &$1)
      }
    case .vector(let vectors):
      let (width, floats) = (vectors.width, vectors.floats)
      self.init(validity) { $1.write(floats, $0.lowerBound * width..<$0.upperBound * width) }
    case .dictionary: preconditionFailure("dictionaries are written as their texts")
    }
  }

  /// Values behind the bitmap of their presence.
  private init(
    _ validity: Bitmap?, _ values: @escaping (Range<Int>, inout ByteWriter) -> Void
  ) {
    write = { range, bytes in
      bytes.write(presence: validity, range)
      values(range, &bytes)
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(presence validity: Bitmap?, _ range: Range<Int>) {
    guard let validity, !range.allSatisfy({ validity[$0] }) else { return write(UInt8(0)) }
    write(UInt8(1))
    var byte: UInt8 = 0
    for (index, row) in range.enumerated() {
      if validity[row] { byte |= 1 &<< UInt8(index % 8) }
      if index % 8 == 7 || row == range.upperBound - 1 {
        write(byte)
        byte = 0
      }
    }
  }

  fileprivate mutating func write<Element>(_ elements: Buffer<Element>, _ range: Range<Int>) {
    elements.withUnsafeBufferPointer {
      write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: $0[range])))
    }
  }

  fileprivate mutating func write(ends offsets: Buffer<Int32>, _ range: Range<Int>) {
    let first = offsets[range.lowerBound]
    for row in range { write(UInt32(bitPattern: offsets[row + 1] &- first)) }
  }
}

extension Column {
  /// The same texts, each row with its own.
  var withoutDictionary: Column {
    guard case .dictionary(let texts) = values else { return self }
    return Column(.string(texts.flattened(keeping: validity)), validity: validity)
  }
}
