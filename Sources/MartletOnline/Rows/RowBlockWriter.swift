import MartletColumns

/// Writes rows as blocks.
struct RowBlockWriter {
  private let format: RowFormat
  private let columns: [Column]
  private let repeats: RowBlock.Repeats

  /// A writer of the rows of `columns`, which are those of `format`.
  init(_ format: RowFormat, _ columns: [Column], _ repeats: RowBlock.Repeats = .possible) {
    precondition(columns.map(\.type) == format.types, "columns of another layout")
    self.format = format
    self.repeats = repeats
    self.columns = columns.map(\.withoutDictionary)
  }

  /// Appends a block of the rows in `range` to `bytes`.
  func write(_ range: Range<Int>, to bytes: inout ByteWriter) {
    let start = RowBlock.begin(.rows, repeats, layout: format.layout, in: &bytes)
    for column in columns { bytes.write(column, range) }
    RowBlock.end(start, rowCount: range.count, in: &bytes)
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ column: Column, _ range: Range<Int>) {
    write(presence: column.validity, range)
    switch column.values {
    case .bool(let flags): write(flags, range)
    case .int(let numbers), .time(let numbers): write(numbers, range)
    case .double(let numbers): write(numbers, range)
    case .string(let texts), .bytes(let texts):
      write(ends: texts.offsets, range)
      write(
        texts.bytes, Int(texts.offsets[range.lowerBound])..<Int(texts.offsets[range.upperBound]))
    case .list(let lists):
      write(ends: lists.offsets, range)
      write(
        lists.elements,
        Int(lists.offsets[range.lowerBound])..<Int(lists.offsets[range.upperBound]))
    case .vector(let vectors):
      let width = vectors.width
      write(vectors.floats, range.lowerBound * width..<range.upperBound * width)
    case .dictionary: preconditionFailure("dictionaries are written as their texts")
    }
  }

  private mutating func write(presence validity: Bitmap?, _ range: Range<Int>) {
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

  private mutating func write<Element>(_ elements: Buffer<Element>, _ range: Range<Int>) {
    elements.withUnsafeBufferPointer {
      write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: $0[range])))
    }
  }

  private mutating func write(ends offsets: Buffer<Int32>, _ range: Range<Int>) {
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
