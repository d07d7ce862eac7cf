/// What a column means, beyond how it is stored.
public enum LogicalType: Hashable, Sendable {
  case string
  case map
  case list
  case `enum`
  case decimal(scale: Int, precision: Int)
  case date
  case time(TimeUnit, isUTC: Bool)
  case timestamp(TimeUnit, isUTC: Bool)
  case integer(bitWidth: Int, isSigned: Bool)
  /// Every value is null.
  case unknown
  case json
  case bson
  case uuid
  case float16
  case variant
  case geometry
  case geography
  /// A type invented since, by its number.
  case newer(Int)

  /// What a time counts.
  public enum TimeUnit: Hashable, Sendable { case milliseconds, microseconds, nanoseconds }
}

extension LogicalType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .string: "STRING"
    case .map: "MAP"
    case .list: "LIST"
    case .enum: "ENUM"
    case .decimal(let scale, let precision): "DECIMAL(\(precision), \(scale))"
    case .date: "DATE"
    case .time(let unit, _): "TIME(\(unit))"
    case .timestamp(let unit, let isUTC): "TIMESTAMP(\(unit), \(isUTC ? "UTC" : "local"))"
    case .integer(let width, let isSigned): "\(isSigned ? "INT" : "UINT")_\(width)"
    case .unknown: "UNKNOWN"
    case .json: "JSON"
    case .bson: "BSON"
    case .uuid: "UUID"
    case .float16: "FLOAT16"
    case .variant: "VARIANT"
    case .geometry: "GEOMETRY"
    case .geography: "GEOGRAPHY"
    case .newer(let id): "logical type \(id)"
    }
  }
}

// MARK: On the wire, a union

extension LogicalType: CompactValue {
  static var compactType: CompactType { .structure }

  init(from reader: inout CompactReader) throws(ParquetError) {
    var read: LogicalType?
    try reader.readUnion { (id, reader) throws(ParquetError) in
      switch id {
      case 5:
        let decimal = try DecimalFields(from: &reader)
        read = .decimal(scale: Int(decimal.scale), precision: Int(decimal.precision))
      case 7:
        let time = try TimeFields(from: &reader)
        read = .time(time.unit, isUTC: time.isUTC)
      case 8:
        let time = try TimeFields(from: &reader)
        read = .timestamp(time.unit, isUTC: time.isUTC)
      case 10:
        let integer = try IntegerFields(from: &reader)
        read = .integer(bitWidth: Int(integer.bitWidth), isSigned: integer.isSigned)
      default:
        read = LogicalType.plainTypes.first { $0.id == id }?.type ?? .newer(id)
      }
    }
    guard let read else { throw .damaged("a logical type is empty") }
    self = read
  }

  func write(to writer: inout CompactWriter) {
    switch self {
    case .decimal(let scale, let precision):
      writer.writeUnion(5, DecimalFields(scale: Int32(scale), precision: Int32(precision)))
    case .time(let unit, let isUTC): writer.writeUnion(7, TimeFields(isUTC: isUTC, unit: unit))
    case .timestamp(let unit, let isUTC): writer.writeUnion(8, TimeFields(isUTC: isUTC, unit: unit))
    case .integer(let bitWidth, let isSigned):
      writer.writeUnion(10, IntegerFields(bitWidth: Int8(bitWidth), isSigned: isSigned))
    default:
      guard let plain = LogicalType.plainTypes.first(where: { $0.type == self }) else {
        preconditionFailure("\(self) cannot be written")
      }
      writer.writeUnion(plain.id, CompactMark())
    }
  }

  /// The types that have no parameters that we read.
  private static let plainTypes: [(id: Int, type: LogicalType)] = [
    (1, .string), (2, .map), (3, .list), (4, .enum), (6, .date), (11, .unknown), (12, .json),
    (13, .bson), (14, .uuid), (15, .float16), (16, .variant), (17, .geometry), (18, .geography),
  ]
}

private struct DecimalFields: CompactStruct {
  var scale: Int32 = 0
  var precision: Int32 = 0

  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &scale)
    try wire.required(2, &precision)
  }
}

private struct TimeFields: CompactStruct {
  var isUTC = true
  var unit = LogicalType.TimeUnit.microseconds

  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &isUTC)
    try wire.required(2, &unit)
  }
}

private struct IntegerFields: CompactStruct {
  var bitWidth: Int8 = 0
  var isSigned = true

  mutating func visitFields(_ wire: inout some CompactFields) throws(ParquetError) {
    try wire.required(1, &bitWidth)
    try wire.required(2, &isSigned)
  }
}

extension LogicalType.TimeUnit: CompactValue {
  static var compactType: CompactType { .structure }

  private static let all: [Self] = [.milliseconds, .microseconds, .nanoseconds]

  init(from reader: inout CompactReader) throws(ParquetError) {
    var read: Self?
    try reader.readUnion { (id, _) throws(ParquetError) in
      guard let unit = LogicalType.TimeUnit.all[at: id - 1] else {
        throw .unsupported("time unit \(id)")
      }
      read = unit
    }
    guard let read else { throw .damaged("a time has no unit") }
    self = read
  }

  func write(to writer: inout CompactWriter) {
    let id = LogicalType.TimeUnit.all.firstIndex(of: self).map { $0 + 1 } ?? 0
    writer.writeUnion(id, CompactMark())
  }
}

extension Array {
  /// The element at `index`, where there is one.
  subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
