// Parquet's metadata is written in Thrift's compact protocol: structs of numbered fields, each with
// a type of its own, so that a reader can step over fields that it does not know.
//
//     field header    delta of id (4 bits) | type (4 bits), or 0 | type, then the id as a varint
//     integer         zigzag, then a varint of 7 bits a byte, the lowest first
//     bytes, text     a varint of the size, then the bytes
//     list            count (4 bits) | type (4 bits), or 15 | type, then the count as a varint
//     end of struct   0

/// The type of a value on the wire.
enum CompactType: UInt8 {
  case yes = 1
  case no = 2
  case int8 = 3
  case int16 = 4
  case int32 = 5
  case int64 = 6
  case double = 7
  case binary = 8
  case list = 9
  case set = 10
  case map = 11
  case structure = 12
}

/// What a field can hold.
protocol CompactValue {
  /// The type that announces it.
  static var compactType: CompactType { get }

  /// Reads a value whose header has been read.
  init(from reader: inout CompactReader) throws(ParquetError)

  /// Writes the value without its header.
  func write(to writer: inout CompactWriter)
}

/// A struct on the wire, which names its fields once for reading and writing both.
protocol CompactStruct: CompactValue {
  /// A struct whose fields have not been read yet.
  init()

  /// Shows each field with its id to `wire`, which reads it into place or writes it.
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError)
}

/// One who is shown the fields of a struct: a reader or a writer.
protocol CompactFields {
  /// A field that must be there.
  mutating func required<Value: CompactValue>(
    _ id: Int, _ value: inout Value) throws(ParquetError)

  /// A field that may be there.
  mutating func optional<Value: CompactValue>(
    _ id: Int, _ value: inout Value?) throws(ParquetError)
}

extension CompactStruct {
  static var compactType: CompactType { .structure }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self = try reader.readStruct()
  }

  func write(to writer: inout CompactWriter) { writer.writeStruct(self) }
}

/// A choice that is a number on the wire, and may be one that was not invented when this was written.
protocol CompactChoice: CompactValue, RawRepresentable, Hashable, Sendable
where RawValue == Int32 {
  init(rawValue: Int32)
}

extension CompactChoice {
  static var compactType: CompactType { .int32 }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self.init(rawValue: try Int32(from: &reader))
  }

  func write(to writer: inout CompactWriter) { rawValue.write(to: &writer) }
}

/// A struct without fields that we know, which says by being there what a union holds.
struct CompactMark: CompactStruct, Equatable, Sendable {
  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {}
}

extension Bool: CompactValue {
  static var compactType: CompactType { .yes }

  /// Reads a member of a list, where alone a truth takes a byte of its own.
  init(from reader: inout CompactReader) throws(ParquetError) {
    self = try reader.readByte() == CompactType.yes.rawValue
  }

  func write(to writer: inout CompactWriter) {
    writer.write(byte: (self ? CompactType.yes : .no).rawValue)
  }
}

extension Int8: CompactValue {
  static var compactType: CompactType { .int8 }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self.init(bitPattern: try reader.readByte())
  }

  func write(to writer: inout CompactWriter) { writer.write(byte: UInt8(bitPattern: self)) }
}

extension Int16: CompactValue {
  static var compactType: CompactType { .int16 }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self = try reader.readInteger()
  }

  func write(to writer: inout CompactWriter) { writer.write(integer: Int64(self)) }
}

extension Int32: CompactValue {
  static var compactType: CompactType { .int32 }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self = try reader.readInteger()
  }

  func write(to writer: inout CompactWriter) { writer.write(integer: Int64(self)) }
}

extension Int64: CompactValue {
  static var compactType: CompactType { .int64 }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self = try reader.readInteger()
  }

  func write(to writer: inout CompactWriter) { writer.write(integer: self) }
}

extension String: CompactValue {
  static var compactType: CompactType { .binary }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self.init(decoding: try reader.readBinary(), as: UTF8.self)
  }

  func write(to writer: inout CompactWriter) {
    writer.write(count: utf8.count)
    for byte in utf8 { writer.write(byte: byte) }
  }
}

extension Array: CompactValue where Element: CompactValue {
  static var compactType: CompactType { .list }

  init(from reader: inout CompactReader) throws(ParquetError) {
    self = try reader.readList()
  }

  func write(to writer: inout CompactWriter) {
    writer.writeListHeader(of: Element.compactType, count: count)
    for element in self { element.write(to: &writer) }
  }
}

/// Bytes that mean nothing to the protocol.
struct CompactBinary: CompactValue, Hashable, Sendable {
  var bytes: [UInt8]

  static var compactType: CompactType { .binary }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(from reader: inout CompactReader) throws(ParquetError) {
    bytes = Array(try reader.readBinary())
  }

  func write(to writer: inout CompactWriter) {
    writer.write(count: bytes.count)
    for byte in bytes { writer.write(byte: byte) }
  }
}
