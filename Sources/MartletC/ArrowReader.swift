import CMartlet
import MartletColumns

/// What is asked, in columns of the Arrow C data interface, copied into columns of ours.
///
/// A caller in the same process is trusted with its pointers, as C trusts everybody; a type that we have
/// no column for, or numbers that cannot be, are refused.
enum ArrowReader {
  /// The children of a struct, by their names.
  static func columns(
    of array: UnsafePointer<ArrowArray>, _ schema: UnsafePointer<ArrowSchema>
  ) throws(ArrowError) -> [(name: String, column: Column)] {
    let (array, schema) = (array.pointee, schema.pointee)
    guard let format = schema.format, String(cString: format) == "+s" else {
      throw ArrowError("what is asked is a struct, a column in it for each key")
    }
    guard array.n_children == schema.n_children, array.length >= 0, array.offset >= 0 else {
      throw ArrowError("what is asked is not of the type that its schema says")
    }
    var columns: [(name: String, column: Column)] = []
    for index in 0..<Int(array.n_children) {
      guard let child = array.children?[index], let type = schema.children?[index] else {
        throw ArrowError("column \(index) is NULL")
      }
      let name = type.pointee.name.map { String(cString: $0) } ?? ""
      let rows = Int(array.offset)..<Int(array.offset + array.length)
      columns.append(
        (name, try ArrowColumn(child.pointee, type.pointee, named: name, rows: rows).column()))
    }
    return columns
  }
}

/// What is asked cannot be read.
struct ArrowError: Error, Equatable, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

/// Some rows of one column.
private struct ArrowColumn {
  let array: ArrowArray
  let schema: ArrowSchema
  let name: String
  let format: String

  /// The first row and how many there are, counted from the start of the buffers.
  let start: Int
  let count: Int

  init(
    _ array: ArrowArray, _ schema: ArrowSchema, named name: String, rows: Range<Int>
  ) throws(ArrowError) {
    guard array.offset >= 0, rows.upperBound <= array.length, let format = schema.format else {
      throw ArrowError("`\(name)` has \(array.length) values, and \(rows.upperBound) are wanted")
    }
    (self.array, self.schema, self.name) = (array, schema, name)
    self.format = String(cString: format)
    start = Int(array.offset) + rows.lowerBound
    count = rows.count
  }

  func column() throws(ArrowError) -> Column {
    let validity = self.validity
    guard array.dictionary == nil else { throw unreadable }
    switch format {
    case "l": return Column(.int(try numbers(Int64.self, validity) { $0 }), validity: validity)
    case "i":
      return Column(.int(try numbers(Int32.self, validity) { Int64($0) }), validity: validity)
    case "s":
      return Column(.int(try numbers(Int16.self, validity) { Int64($0) }), validity: validity)
    case "c":
      return Column(.int(try numbers(Int8.self, validity) { Int64($0) }), validity: validity)
    case "I":
      return Column(.int(try numbers(UInt32.self, validity) { Int64($0) }), validity: validity)
    case "g": return Column(.double(try numbers(Double.self, validity) { $0 }), validity: validity)
    case "f":
      return Column(.double(try numbers(Float.self, validity) { Double($0) }), validity: validity)
    case "b": return Column(.bool(try flags(validity)), validity: validity)
    case "u": return Column(.string(try texts(Int32.self, validity)), validity: validity)
    case "U": return Column(.string(try texts(Int64.self, validity)), validity: validity)
    case "z": return Column(.bytes(try texts(Int32.self, validity)), validity: validity)
    case "Z": return Column(.bytes(try texts(Int64.self, validity)), validity: validity)
    case "+l": return Column(.list(try lists(Int32.self, validity)), validity: validity)
    case "+L": return Column(.list(try lists(Int64.self, validity)), validity: validity)
    default:
      if let scale = Self.timeScales.first(where: { format.hasPrefix($0.format) }) {
        return Column(.time(try times(scale.of, validity)), validity: validity)
      }
      if format.hasPrefix("+w:"), let width = Int(format.dropFirst(3)), width > 0 {
        return Column(.vector(try vectors(width, validity)), validity: validity)
      }
      throw unreadable
    }
  }

  private var unreadable: ArrowError {
    let form = array.dictionary == nil ? "Arrow's `\(format)`" : "a dictionary"
    return ArrowError(
      "`\(name)` is of \(form), and is to be int64, float64, bool, utf8, timestamp, binary, list or "
        + "fixed-size list")
  }

  /// Which values are there; `nil` where all are.
  private var validity: Bitmap? {
    guard array.null_count != 0, array.n_buffers > 0, let bits = array.buffers?[0] else {
      return nil
    }
    let validity = Bitmap((start..<start + count).map { bits.bit(at: $0) })
    return validity.countSetBits() == count ? nil : validity
  }

  /// A buffer that has to be there where there are values.
  private func buffer(_ number: Int) throws(ArrowError) -> UnsafeRawPointer {
    guard number < array.n_buffers, let buffer = array.buffers?[number] else {
      throw ArrowError("a buffer of `\(name)` is NULL")
    }
    return buffer
  }

  private func numbers<Stored: BitwiseCopyable, Number: BitwiseCopyable & Numeric>(
    _ type: Stored.Type, _ validity: Bitmap?, _ convert: (Stored) throws(ArrowError) -> Number
  ) throws(ArrowError) -> Buffer<Number> {
    guard count > 0 else { return [] }
    let memory = try buffer(1) + start * MemoryLayout<Stored>.stride
    var numbers = BufferBuilder<Number>(capacity: count)
    for row in 0..<count {
      let isThere = validity?[row] ?? true
      let stored = memory.loadUnaligned(
        fromByteOffset: row * MemoryLayout<Stored>.stride, as: Stored.self)
      numbers.append(isThere ? try convert(stored) : 0)
    }
    return numbers.finish()
  }

  private func flags(_ validity: Bitmap?) throws(ArrowError) -> Buffer<Bool> {
    guard count > 0 else { return [] }
    let bits = try buffer(1)
    return Buffer((0..<count).map { (validity?[$0] ?? true) && bits.bit(at: start + $0) })
  }

  // MARK: Times

  /// How many microseconds a unit has, or how many units make one.
  private enum TimeScale { case times(Int64), parts(Int64) }

  private static let timeScales: [(format: String, of: TimeScale)] = [
    ("tss:", .times(1_000_000)), ("tsm:", .times(1_000)), ("tsu:", .times(1)),
    ("tsn:", .parts(1_000)),
  ]

  /// Moments are of UTC whatever zone they are shown in; what is below a microsecond is cut off.
  private func times(_ scale: TimeScale, _ validity: Bitmap?) throws(ArrowError) -> Buffer<Int64> {
    try numbers(Int64.self, validity) { (time) throws(ArrowError) in
      switch scale {
      case .parts(let parts):
        return time / parts - (time % parts < 0 ? 1 : 0)
      case .times(let times):
        let (microseconds, overflows) = time.multipliedReportingOverflow(by: times)
        if overflows { throw ArrowError("a moment of `\(name)` is out of range") }
        return microseconds
      }
    }
  }

  // MARK: What has a length

  /// Where each value begins, and where the last one ends.
  private func ends<Offset: FixedWidthInteger & BitwiseCopyable>(
    _ type: Offset.Type
  ) throws(ArrowError) -> [Int] {
    guard count > 0 else { return [0] }
    let memory = try buffer(1) + start * MemoryLayout<Offset>.stride
    var ends: [Int] = []
    for row in 0...count {
      let offset = Int(
        truncatingIfNeeded: memory.loadUnaligned(
          fromByteOffset: row * MemoryLayout<Offset>.stride, as: Offset.self))
      guard offset >= ends.last ?? 0 else { throw ArrowError("the offsets of `\(name)` descend") }
      ends.append(offset)
    }
    guard ends[count] - ends[0] <= Strings.mostBytes else {
      throw ArrowError("`\(name)` has more than \(Strings.mostBytes) bytes")
    }
    return ends
  }

  private func texts<Offset: FixedWidthInteger & BitwiseCopyable>(
    _ type: Offset.Type, _ validity: Bitmap?
  ) throws(ArrowError) -> Strings {
    let ends = try ends(type)
    var texts = StringsBuilder(capacity: count, byteCapacity: ends[count] - ends[0])
    // Where every text is empty there may be no bytes at all.
    let bytes = ends[count] > ends[0] ? try buffer(2) : nil
    for row in 0..<count {
      let size = ends[row + 1] - ends[row]
      if let bytes, size > 0, validity?[row] ?? true {
        texts.append(UnsafeRawBufferPointer(start: bytes + ends[row], count: size))
      } else {
        texts.appendEmpty()
      }
    }
    return texts.finish()
  }

  private func lists<Offset: FixedWidthInteger & BitwiseCopyable>(
    _ type: Offset.Type, _ validity: Bitmap?
  ) throws(ArrowError) -> Lists {
    let ends = try ends(type)
    for row in 0..<count where !(validity?[row] ?? true) && ends[row + 1] > ends[row] {
      throw ArrowError("a null list of `\(name)` has elements")
    }
    let elements = try elements(ends[0]..<ends[count])
    return Lists(
      offsets: Buffer(ends.map { Int32(truncatingIfNeeded: $0 - ends[0]) }), elements: elements)
  }

  private func vectors(_ width: Int, _ validity: Bitmap?) throws(ArrowError) -> Vectors {
    let (end, overflows) = (start + count).multipliedReportingOverflow(by: width)
    guard !overflows, let type = schema.children?[0]?.pointee.format,
      String(cString: type) == "f" || String(cString: type) == "g"
    else { throw unreadable }
    let elements = try elements(start * width..<end)
    guard case .double(let numbers) = elements.values else { throw unreadable }
    var floats = BufferBuilder<Float>(capacity: count * width)
    for index in 0..<count * width {
      floats.append(validity?[index / width] ?? true ? Float(numbers[index]) : 0)
    }
    return Vectors(width: width, count: count, floats: floats.finish())
  }

  private func elements(_ rows: Range<Int>) throws(ArrowError) -> Column {
    guard array.n_children == 1, schema.n_children == 1, let child = array.children?[0],
      let type = schema.children?[0]
    else { throw unreadable }
    // A list of lists is none of the types that features have; this also ends the descent.
    guard let format = type.pointee.format, format.pointee != CChar(bitPattern: UInt8(ascii: "+"))
    else { throw unreadable }
    return try ArrowColumn(child.pointee, type.pointee, named: name, rows: rows).column()
  }
}

extension UnsafeRawPointer {
  /// Bit `index`, the lowest of each byte first.
  fileprivate func bit(at index: Int) -> Bool {
    load(fromByteOffset: index / 8, as: UInt8.self) >> UInt8(index % 8) & 1 == 1
  }
}
