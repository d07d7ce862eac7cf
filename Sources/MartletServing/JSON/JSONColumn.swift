import Martlet
import MartletColumns
import MartletDiagnostics

// Arrays of JSON as columns of a known type. The bytes are JSON already, so what is found wrong here
// is a value of the wrong kind, and its place is named.

extension Column {
  /// Reads the array that `reader` comes to.
  ///
  /// - Parameter place: Where the array stands in the request, for whoever has to mend it.
  init(
    reading reader: inout JSONReader, as type: ColumnType, at place: @autoclosure () -> String
  ) throws(Problem) {
    do {
      guard try reader.nextKind() == .array else {
        throw Problem.wrong("wrong-type", "an array of \(type) is wanted", at: place())
      }
      try reader.beginArray()
      self = try Self.elements(&reader, type, place)
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem.jsonFailure(error, at: place())
    }
  }

  private static func elements(
    _ reader: inout JSONReader, _ type: ColumnType, _ place: () -> String
  ) throws -> Column {
    var validity = BitmapBuilder()
    switch type {
    case .int:
      var numbers = BufferBuilder<Int64>(capacity: 1)
      while try reader.nextElement() {
        let isThere = try !reader.skipNull()
        numbers.append(isThere ? try reader.int(at: place, validity.count) : 0)
        validity.append(isThere)
      }
      return Column(.int(numbers.finish()), validity: validity.finishAsValidity())
    case .double:
      var numbers = BufferBuilder<Double>(capacity: 1)
      while try reader.nextElement() {
        let isThere = try !reader.skipNull()
        numbers.append(isThere ? try reader.double(at: place, validity.count) : 0)
        validity.append(isThere)
      }
      return Column(.double(numbers.finish()), validity: validity.finishAsValidity())
    case .string:
      var texts = StringsBuilder(capacity: 1)
      while try reader.nextElement() {
        let isThere = try !reader.skipNull()
        if isThere {
          try reader.text(of: type, at: place, validity.count)
          reader.withText { texts.append($0) }
        } else {
          texts.appendEmpty()
        }
        validity.append(isThere)
      }
      return Column(.string(texts.finish()), validity: validity.finishAsValidity())
    default:
      let builder = ColumnBuilder(type)
      while try reader.nextElement() {
        let value = try reader.value(of: type, at: place, builder.count)
        guard builder.append(value) else {
          throw Problem.wrongType(type, at: place(), builder.count)
        }
      }
      return builder.finish()
    }
  }
}

extension Problem {
  static func wrongType(_ type: ColumnType, at place: String, _ row: Int) -> Problem {
    .wrong("wrong-type", "`\(type)` is wanted: \(type.asSpoken)", at: "\(place)[\(row)]")
  }

  /// What `JSONReader` found: the kinds were looked at before, so that a number is too large, or has a
  /// point where none belongs.
  static func jsonFailure(_ error: any Error, at place: String) -> Problem {
    guard let error = error as? JSONError else {
      return Problem(.internalServerError, "internal", "the request could not be read")
    }
    return .wrong("wrong-type", error.reason.description, at: place)
  }
}

extension ColumnType {
  /// The type and how JSON carries it.
  fileprivate var asSpoken: String {
    switch self {
    case .bool: "true or false"
    case .int: "a whole number of 64 bits, without a point or an exponent"
    case .double: "a number, or \"NaN\", \"Infinity\" or \"-Infinity\""
    case .string: "a text"
    case .time: "a text with a moment, as 2026-01-31T23:59:59Z"
    case .bytes: "a text in base64"
    case .list(let element): "an array of \(element)"
    case .vector(let width): "an array of \(width) numbers"
    }
  }
}

extension JSONReader {
  fileprivate mutating func int(at place: () -> String, _ row: Int) throws -> Int64 {
    guard try nextKind() == .number else { throw Problem.wrongType(.int, at: place(), row) }
    do {
      return try readInt()
    } catch {
      throw Problem.wrongType(.int, at: place(), row)
    }
  }

  fileprivate mutating func double(at place: () -> String, _ row: Int) throws -> Double {
    switch try nextKind() {
    case .number:
      do {
        return try readDouble()
      } catch {
        throw Problem.wrong(
          "wrong-type", "`double` is wanted: \(error.reason)", at: "\(place())[\(row)]")
      }
    case .string:
      switch try readString() {
      case "NaN": return .nan
      case "Infinity": return .infinity
      case "-Infinity": return -.infinity
      default: throw Problem.wrongType(.double, at: place(), row)
      }
    default: throw Problem.wrongType(.double, at: place(), row)
    }
  }

  fileprivate mutating func text(
    of type: ColumnType, at place: () -> String, _ row: Int
  ) throws {
    guard try nextKind() == .string else { throw Problem.wrongType(type, at: place(), row) }
    try readText()
  }

  /// Reads one value of `type`, which may be null.
  mutating func value(of type: ColumnType, at place: () -> String, _ row: Int) throws -> Value {
    if try skipNull() { return .null }
    switch type {
    case .int: return .int(try int(at: place, row))
    case .double: return .double(try double(at: place, row))
    case .bool:
      guard try nextKind() == .bool else { throw Problem.wrongType(type, at: place(), row) }
      return .bool(try readBool())
    case .string:
      try text(of: type, at: place, row)
      return .string(withText { String(decoding: $0, as: UTF8.self) })
    case .time:
      try text(of: type, at: place, row)
      do {
        return .time(try Instant(withText { String(decoding: $0, as: UTF8.self) }))
      } catch {
        throw Problem.wrongType(type, at: place(), row)
      }
    case .bytes:
      try text(of: type, at: place, row)
      guard let bytes = withText({ Base64.decode($0) }) else {
        throw Problem.wrongType(type, at: place(), row)
      }
      return .bytes(bytes)
    case .list(let element):
      guard try nextKind() == .array else { throw Problem.wrongType(type, at: place(), row) }
      var values: [Value] = []
      try beginArray()
      while try nextElement() {
        values.append(try value(of: element, at: { "\(place())[\(row)]" }, values.count))
      }
      return .list(values)
    case .vector(let width):
      guard try nextKind() == .array else { throw Problem.wrongType(type, at: place(), row) }
      var numbers: [Float] = []
      try beginArray()
      while try nextElement() {
        numbers.append(Float(try double(at: { "\(place())[\(row)]" }, numbers.count)))
      }
      guard numbers.count == width else { throw Problem.wrongType(type, at: place(), row) }
      return .vector(numbers)
    }
  }
}
