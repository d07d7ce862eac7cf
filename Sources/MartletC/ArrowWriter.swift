import CMartlet
import Glibc
import MartletAggregates
import MartletColumns
import MartletServing

/// Answers as the Arrow C data interface has them.
///
///     answer ─┬─ features ─┬─ spend_1h    double
///             │            └─ country     utf8
///             └─ statuses ─┬─ spend_1h    dictionary of four words
///                          └─ country
///
/// Every buffer is a copy of its own, so that an answer owes nothing to the store it is from.
enum ArrowWriter {
  /// The values and statuses of `found`.
  static func array(of found: InProcess.ColumnAnswer, rowCount: Int) -> ArrowArray {
    let features = found.answer.columns.map { ArrowArray($0) }
    let statuses = found.answer.statuses.map { ArrowArray($0) }
    return ArrowArray(
      structOf: [
        ArrowArray(structOf: features, rowCount: rowCount),
        ArrowArray(structOf: statuses, rowCount: rowCount),
      ], rowCount: rowCount)
  }

  /// The type of the same.
  static func schema(of found: InProcess.ColumnAnswer) -> ArrowSchema {
    let features = found.fields.map { ArrowSchema($0.type, named: $0.name) }
    let statuses = found.fields.map { ArrowSchema(statusesNamed: $0.name) }
    return ArrowSchema(
      "+s", named: "",
      children: [
        ArrowSchema("+s", named: "features", children: features),
        ArrowSchema("+s", named: "statuses", children: statuses),
      ],
      metadata: [("version", found.version), ("at", "\(found.at)")])
  }
}

// MARK: - Arrays

extension ArrowArray {
  /// The values of `column`.
  init(_ column: Column) {
    let nullCount = column.countNulls()
    let validity = nullCount == 0 ? nil : column.validity.map { Copied.bits($0) }
    switch column.values {
    case .bool(let flags):
      let bits = flags.reinterpreted(as: UInt8.self).withUnsafeBufferPointer { Bitmap(flags: $0) }
      self.init(column.count, nullCount, [validity, Copied.bits(bits)])
    case .int(let numbers), .time(let numbers):
      self.init(column.count, nullCount, [validity, Copied.values(numbers)])
    case .double(let numbers):
      self.init(column.count, nullCount, [validity, Copied.values(numbers)])
    case .string(let texts), .bytes(let texts):
      self.init(texts, nullCount, validity)
    case .dictionary(let texts):
      self.init(texts.flattened(keeping: column.validity), nullCount, validity)
    case .list(let lists):
      let (start, end) = (Int(lists.offsets[0]), Int(lists.offsets[lists.count]))
      self.init(
        column.count, nullCount, [validity, Copied.offsets(lists.offsets)],
        children: [ArrowArray(lists.elements.slice(start..<end))])
    case .vector(let vectors):
      let floats = ArrowArray(
        vectors.floats.count, 0, [nil, Copied.values(vectors.floats)])
      self.init(column.count, nullCount, [validity], children: [floats])
    }
  }

  private init(_ texts: Strings, _ nullCount: Int, _ validity: UnsafeMutableRawPointer?) {
    let (start, end) = (Int(texts.offsets[0]), Int(texts.offsets[texts.count]))
    self.init(
      texts.count, nullCount,
      [validity, Copied.offsets(texts.offsets), Copied.values(texts.bytes.slice(start..<end))])
  }

  /// Statuses, as numbers of the four words.
  init(_ statuses: [ValueStatus]) {
    let codes = Buffer(statuses.map { Int8(truncatingIfNeeded: $0.rawValue) })
    self.init(statuses.count, 0, [nil, Copied.values(codes)])
    dictionary = Copied.one(ArrowArray(Self.statusWords, 0, nil))
  }

  /// Written once: what a case is called is looked up in the program's own description of it.
  private static let statusWords = Strings(ValueStatus.allCases.map { "\($0)" })

  init(structOf children: [ArrowArray], rowCount: Int) {
    self.init(rowCount, 0, [nil], children: children)
  }

  private init(
    _ count: Int, _ nullCount: Int, _ buffers: [UnsafeMutableRawPointer?],
    children: [ArrowArray] = []
  ) {
    self.init()
    length = Int64(count)
    null_count = Int64(nullCount)
    n_buffers = Int64(buffers.count)
    self.buffers = Copied.all(buffers.map { UnsafeRawPointer($0) })
    n_children = Int64(children.count)
    self.children = Copied.all(children.map { Copied.one($0) })
    release = { array in array?.pointee.releaseAll() }
  }

  /// Frees all that was copied; who moved a child away has marked it as released.
  fileprivate mutating func releaseAll() {
    for index in 0..<Int(n_buffers) { free(UnsafeMutableRawPointer(mutating: buffers[index])) }
    free(buffers)
    for index in 0..<Int(n_children) {
      if let child = children[index] {
        child.pointee.release?(child)
        free(child)
      }
    }
    free(children)
    if let dictionary {
      dictionary.pointee.release?(dictionary)
      free(dictionary)
    }
    release = nil
  }
}

// MARK: - Schemas

extension ArrowSchema {
  /// The type of a column called `name`.
  init(_ type: ColumnType, named name: String) {
    switch type {
    case .bool: self.init("b", named: name)
    case .int: self.init("l", named: name)
    case .double: self.init("g", named: name)
    case .string: self.init("u", named: name)
    case .time: self.init("tsu:UTC", named: name)
    case .bytes: self.init("z", named: name)
    case .list(let element):
      self.init("+l", named: name, children: [ArrowSchema(element, named: "item")])
    case .vector(let width):
      self.init("+w:\(width)", named: name, children: [ArrowSchema("f", named: "item")])
    }
  }

  /// The type of statuses.
  init(statusesNamed name: String) {
    self.init("c", named: name)
    dictionary = Copied.one(ArrowSchema("u", named: ""))
  }

  init(
    _ format: String, named name: String, children: [ArrowSchema] = [],
    metadata: [(name: String, value: String)] = []
  ) {
    self.init()
    self.format = UnsafePointer(copied(format))
    self.name = UnsafePointer(copied(name))
    self.metadata = metadata.isEmpty ? nil : UnsafePointer(copied(Self.encoded(metadata)))
    flags = Int64(ARROW_FLAG_NULLABLE)
    n_children = Int64(children.count)
    self.children = Copied.all(children.map { Copied.one($0) })
    release = { schema in schema?.pointee.releaseAll() }
  }

  /// A count, then for each pair the length and the bytes of both, numbers in this machine's order.
  private static func encoded(_ metadata: [(name: String, value: String)]) -> [UInt8] {
    func number(_ count: Int) -> [UInt8] {
      withUnsafeBytes(of: Int32(truncatingIfNeeded: count)) { Array($0) }
    }
    func text(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) }
    return number(metadata.count) + metadata.flatMap { text($0.name) + text($0.value) }
  }

  fileprivate mutating func releaseAll() {
    free(UnsafeMutablePointer(mutating: format))
    free(UnsafeMutablePointer(mutating: name))
    free(UnsafeMutablePointer(mutating: metadata))
    for index in 0..<Int(n_children) {
      if let child = children[index] {
        child.pointee.release?(child)
        free(child)
      }
    }
    free(children)
    if let dictionary {
      dictionary.pointee.release?(dictionary)
      free(dictionary)
    }
    release = nil
  }
}

// MARK: - Memory that is the answer's

private enum Copied {
  /// Memory of C's, since a caller's `release` frees it. Nothing can be said where there is none left.
  private static func memory(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = malloc(max(byteCount, 1)) else {
      preconditionFailure("no memory for \(byteCount) bytes of an answer")
    }
    return memory
  }

  static func one<Value>(_ value: Value) -> UnsafeMutablePointer<Value> {
    let place = memory(MemoryLayout<Value>.size).bindMemory(to: Value.self, capacity: 1)
    place.initialize(to: value)
    return place
  }

  static func all<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
    let place = memory(MemoryLayout<Value>.stride * values.count)
      .bindMemory(to: Value.self, capacity: values.count)
    for (index, value) in values.enumerated() { (place + index).initialize(to: value) }
    return place
  }

  static func values<Element>(_ buffer: Buffer<Element>) -> UnsafeMutableRawPointer {
    let place = memory(buffer.byteCount)
    buffer.withUnsafeBufferPointer {
      UnsafeMutableRawBufferPointer(start: place, count: buffer.byteCount)
        .copyMemory(from: UnsafeRawBufferPointer($0))
    }
    return place
  }

  /// Offsets that begin with 0.
  static func offsets(_ offsets: Buffer<Int32>) -> UnsafeMutableRawPointer {
    let first = offsets[0]
    let place = memory(offsets.byteCount)
    for index in 0..<offsets.count {
      place.storeBytes(
        of: offsets[index] - first, toByteOffset: index * MemoryLayout<Int32>.stride,
        as: Int32.self)
    }
    return place
  }

  /// Bits, the lowest of each byte first.
  static func bits(_ bits: Bitmap) -> UnsafeMutableRawPointer {
    let place = memory(bits.wordCount * MemoryLayout<UInt64>.stride)
    for index in 0..<bits.wordCount {
      place.storeBytes(
        of: bits.word(index).littleEndian, toByteOffset: index * MemoryLayout<UInt64>.stride,
        as: UInt64.self)
    }
    return place
  }
}
