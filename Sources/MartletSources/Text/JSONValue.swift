import MartletColumns
import MartletDiagnostics

/// The rules by which JSON is a value of a declared type: those of `FieldText`, and arrays for lists
/// and vectors.
enum JSONValue {
  /// The value that `text` is, or `nil` where it is none of `type`.
  static func value(
    of type: ColumnType, in text: UnsafeRawBufferPointer, zone: ZoneRules
  ) -> Value? {
    var reader = JSONReader(text)
    do throws(JSONError) {
      let value = try value(of: type, &reader, zone)
      try reader.end()
      return value
    } catch {
      return nil
    }
  }

  /// Goes as deep as the type does.
  private static func value(
    of type: ColumnType, _ reader: inout JSONReader, _ zone: ZoneRules
  ) throws(JSONError) -> Value? {
    if try reader.skipNull() { return .null }
    switch type {
    case .bool: return .bool(try reader.readBool())
    case .int: return .int(try reader.readInt())
    case .double:
      guard try reader.nextKind() == .string else { return .double(try reader.readDouble()) }
      return try text(&reader) { FieldText.special($0).map { .double($0) } }
    case .string: return .string(try reader.readString())
    case .time:
      return try text(&reader) { text in
        FieldText.time(text, zone: zone).map { .time(Instant(microseconds: $0)) }
      }
    case .bytes: return try text(&reader) { FieldText.bytes($0).map { .bytes($0) } }
    case .list(let element):
      var values: [Value] = []
      try reader.beginArray()
      while try reader.nextElement() {
        guard let value = try value(of: element, &reader, zone) else { return nil }
        values.append(value)
      }
      return .list(values)
    case .vector(let width):
      var numbers: [Float] = []
      try reader.beginArray()
      while try reader.nextElement() {
        let number = try reader.readDouble()
        // A vector's numbers have half as many bits; what is beyond their range is no number of it.
        guard Float(number).isFinite, numbers.count < width else { return nil }
        numbers.append(Float(number))
      }
      return numbers.count == width ? .vector(numbers) : nil
    }
  }

  private static func text(
    _ reader: inout JSONReader, _ read: (UnsafeRawBufferPointer) -> Value?
  ) throws(JSONError) -> Value? {
    try reader.readText()
    return reader.withText { read($0) }
  }
}
