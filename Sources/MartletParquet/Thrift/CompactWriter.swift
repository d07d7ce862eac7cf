/// Writes Thrift's compact protocol.
struct CompactWriter {
  /// What has been written.
  private(set) var bytes: [UInt8] = []

  /// The id of the field before, which the next one is told from.
  private var lastID = 0

  /// The bytes of `value`.
  static func bytes(of value: some CompactStruct) -> [UInt8] {
    var writer = CompactWriter()
    value.write(to: &writer)
    return writer.bytes
  }

  /// Writes a struct, by having it show its fields.
  mutating func writeStruct(_ value: some CompactStruct) {
    let outer = lastID
    lastID = 0
    var value = value
    do { try value.visitFields(&self) } catch { preconditionFailure("writing fails: \(error)") }
    endStruct(outer: outer)
  }

  /// Writes a union of which `member` is there, as field `id`.
  mutating func writeUnion(_ id: Int, _ member: some CompactValue) {
    let outer = lastID
    lastID = 0
    writeField(id, member)
    endStruct(outer: outer)
  }

  private mutating func endStruct(outer: Int) {
    write(byte: 0)
    lastID = outer
  }

  private mutating func writeField<Value: CompactValue>(_ id: Int, _ value: Value) {
    if let truth = value as? Bool {
      writeFieldHeader(id, truth ? .yes : .no)
    } else {
      writeFieldHeader(id, Value.compactType)
      value.write(to: &self)
    }
  }

  private mutating func writeFieldHeader(_ id: Int, _ type: CompactType) {
    let delta = id - lastID
    if delta > 0 && delta < 16 {
      write(byte: UInt8(delta) << 4 | type.rawValue)
    } else {
      write(byte: type.rawValue)
      write(integer: Int64(id))
    }
    lastID = id
  }

  /// Writes what comes before the elements of a list.
  mutating func writeListHeader(of type: CompactType, count: Int) {
    if count < 15 {
      write(byte: UInt8(count) << 4 | type.rawValue)
    } else {
      write(byte: 15 << 4 | type.rawValue)
      write(count: count)
    }
  }

  /// Writes one byte.
  mutating func write(byte: UInt8) { bytes.append(byte) }

  /// Writes an integer.
  mutating func write(integer: Int64) {
    writeVarint(UInt64(bitPattern: integer) &<< 1 ^ UInt64(bitPattern: integer &>> 63))
  }

  /// Writes a size or a count.
  mutating func write(count: Int) { writeVarint(UInt64(count)) }

  private mutating func writeVarint(_ value: UInt64) {
    var value = value
    while value >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 128)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}

extension CompactWriter: CompactFields {
  mutating func required<Value: CompactValue>(
    _ id: Int, _ value: inout Value
  ) throws(ParquetError) {
    writeField(id, value)
  }

  mutating func optional<Value: CompactValue>(
    _ id: Int, _ value: inout Value?
  ) throws(ParquetError) {
    if let value { writeField(id, value) }
  }
}
