/// Reads Thrift's compact protocol from bytes that may be anything.
///
/// Sizes and counts are held against the bytes that are left before anything is made of them, and
/// what is stepped over may be nested only so deep.
struct CompactReader {
  private let bytes: UnsafeRawBufferPointer

  /// How many bytes have been read.
  private(set) var offset = 0

  /// The struct that is being read.
  private var scope = Scope()

  private struct Scope {
    /// The field whose header was read last.
    var id = 0
    var type = CompactType.structure
    /// Whether somebody has read that field's value.
    var isTaken = true
    /// The fields met and those that must be, as bits by id.
    var met: UInt64 = 0
    var required: UInt64 = 0
  }

  /// A reader of `bytes`, which must outlive it.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The struct that `bytes` begin with, and how many of them it takes.
  static func read<Value: CompactStruct>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer
  ) throws(ParquetError) -> (value: Value, byteCount: Int) {
    var reader = CompactReader(bytes)
    let value = try Value(from: &reader)
    return (value, reader.offset)
  }

  private var left: Int { bytes.count - offset }

  // MARK: Structs

  /// Reads a struct, by showing it each field that comes along.
  mutating func readStruct<Value: CompactStruct>() throws(ParquetError) -> Value {
    let outer = scope
    defer { scope = outer }
    scope = Scope()
    var value = Value()
    while try readFieldHeader() {
      try value.visitFields(&self)
      if !scope.isTaken { try skip(scope.type, depth: 0) }
    }
    if scope.met == 0 { try value.visitFields(&self) }
    let missing = scope.required & ~scope.met
    guard missing == 0 else {
      throw .damaged("\(Value.self) lacks its field \(missing.trailingZeroBitCount)")
    }
    return value
  }

  /// Reads a union, of which `body` is given the id of the member that is there.
  ///
  /// A member that `body` does not read is stepped over.
  mutating func readUnion(
    _ body: (Int, inout CompactReader) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    let outer = scope
    defer { scope = outer }
    scope = Scope()
    while try readFieldHeader() {
      let start = offset
      let (id, type) = (scope.id, scope.type)
      if type == .structure { try body(id, &self) }
      if offset == start { try skip(type, depth: 0) }
    }
  }

  /// Reads the next field's header, or the end of the struct.
  private mutating func readFieldHeader() throws(ParquetError) -> Bool {
    let header = try readByte()
    if header == 0 { return false }
    guard let type = CompactType(rawValue: header & 15) else {
      throw .damaged("there is no type \(header & 15)")
    }
    let delta = Int(header >> 4)
    scope.id = delta > 0 ? scope.id + delta : Int(try readInteger() as Int16)
    scope.type = type
    scope.isTaken = false
    return true
  }

  private mutating func take<Value: CompactValue>(
    _ id: Int, as type: Value.Type
  ) throws(ParquetError) -> Value? {
    guard id == scope.id, !scope.isTaken else { return nil }
    scope.isTaken = true
    scope.met |= 1 &<< UInt64(id)
    if let truth = scope.type.truth, let value = truth as? Value { return value }
    guard Value.compactType.admits(scope.type) else {
      throw .damaged("field \(id) is \(scope.type) where \(Value.compactType) belongs")
    }
    return try Value(from: &self)
  }

  // MARK: Values

  /// Reads one byte.
  mutating func readByte() throws(ParquetError) -> UInt8 {
    guard offset < bytes.count else { throw .truncated }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Reads an integer that must fit.
  mutating func readInteger<Integer: FixedWidthInteger & SignedInteger>()
    throws(ParquetError) -> Integer
  {
    let zigzag = try readVarint()
    let number = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
    guard let fitting = Integer(exactly: number) else {
      throw .damaged("\(number) is no \(Integer.self)")
    }
    return fitting
  }

  private mutating func readVarint() throws(ParquetError) -> UInt64 {
    var value: UInt64 = 0
    for shift: UInt64 in stride(from: 0, to: 70, by: 7) {
      let byte = try readByte()
      let bits = UInt64(byte & 127)
      guard shift < 63 || bits <= 1 else { break }
      value |= bits &<< shift
      if byte < 128 { return value }
    }
    throw .damaged("a number takes more than 64 bits")
  }

  /// Reads a size and as many bytes.
  mutating func readBinary() throws(ParquetError) -> UnsafeRawBufferPointer {
    let count = try readVarint()
    guard count <= UInt64(left) else { throw .truncated }
    defer { offset += Int(count) }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(count)])
  }

  /// Reads a list of one type.
  mutating func readList<Element: CompactValue>() throws(ParquetError) -> [Element] {
    let (type, count) = try readListHeader()
    guard count == 0 || Element.compactType.admits(type) else {
      throw .damaged("a list holds \(type) where \(Element.compactType) belongs")
    }
    var elements: [Element] = []
    elements.reserveCapacity(min(count, 4_096))
    for _ in 0..<count { elements.append(try Element(from: &self)) }
    return elements
  }

  /// Reads a list's type and count; as every element takes a byte at least, the count is checked.
  private mutating func readListHeader() throws(ParquetError) -> (CompactType, count: Int) {
    let header = try readByte()
    let short = UInt64(header >> 4)
    let count = short < 15 ? short : try readVarint()
    guard count <= UInt64(left) else { throw .truncated }
    // An empty list may be of no type at all.
    if count == 0 { return (.structure, 0) }
    guard let type = CompactType(rawValue: header & 15) else {
      throw .damaged("there is no type \(header & 15)")
    }
    return (type, Int(count))
  }

  // MARK: What is not known

  private static let deepest = 32

  private mutating func skip(_ type: CompactType, depth: Int) throws(ParquetError) {
    guard depth < CompactReader.deepest else { throw .damaged("a field is nested too deep") }
    switch type {
    case .yes, .no: break
    case .int8: _ = try readByte()
    case .int16, .int32, .int64: _ = try readVarint()
    case .double:
      guard left >= 8 else { throw .truncated }
      offset += 8
    case .binary: _ = try readBinary()
    case .list, .set:
      let (element, count) = try readListHeader()
      for _ in 0..<count { try skipElement(element, depth: depth + 1) }
    case .map: try skipMap(depth: depth)
    case .structure:
      let outer = scope
      defer { scope = outer }
      scope = Scope()
      while try readFieldHeader() { try skip(scope.type, depth: depth + 1) }
    }
  }

  /// Skips a member of a list or map, where a truth takes a byte.
  private mutating func skipElement(_ type: CompactType, depth: Int) throws(ParquetError) {
    try skip(type == .yes || type == .no ? .int8 : type, depth: depth)
  }

  private mutating func skipMap(depth: Int) throws(ParquetError) {
    let count = try readVarint()
    guard count <= UInt64(left) else { throw .truncated }
    if count == 0 { return }
    let types = try readByte()
    guard let key = CompactType(rawValue: types >> 4), let value = CompactType(rawValue: types & 15)
    else { throw .damaged("there is no type \(types)") }
    for _ in 0..<count {
      try skipElement(key, depth: depth + 1)
      try skipElement(value, depth: depth + 1)
    }
  }
}

extension CompactReader: CompactFields {
  mutating func required<Value: CompactValue>(
    _ id: Int, _ value: inout Value
  ) throws(ParquetError) {
    scope.required |= 1 &<< UInt64(id)
    if let read = try take(id, as: Value.self) { value = read }
  }

  mutating func optional<Value: CompactValue>(
    _ id: Int, _ value: inout Value?
  ) throws(ParquetError) {
    if let read = try take(id, as: Value.self) { value = read }
  }
}

extension CompactType {
  /// What a field's type alone says, where it says all.
  fileprivate var truth: Bool? {
    switch self {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  /// Whether a value of this type may come as `other`: integers of any width are written alike.
  fileprivate func admits(_ other: CompactType) -> Bool {
    switch (self, other) {
    case (.int16, .int16), (.int16, .int32), (.int16, .int64), (.int32, .int16), (.int32, .int32),
      (.int32, .int64), (.int64, .int16), (.int64, .int32), (.int64, .int64), (.yes, .no):
      true
    default: self == other
    }
  }
}

extension ParquetError {
  /// The bytes end inside something.
  static var truncated: ParquetError { .damaged("the bytes end too early") }
}
