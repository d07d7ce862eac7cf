import MartletColumns
import SeededRandom
import Testing

extension ColumnType {
  /// Every type, nested ones with a simple one inside.
  static let samples: [ColumnType] = [
    .bool, .int, .double, .string, .time, .bytes, .list(.string), .list(.list(.int)),
    .vector(width: 3),
  ]

  /// A value of this type, null at times, out of few enough that equal ones meet.
  func value(_ random: inout SeededGenerator) -> Value {
    if Int.random(in: 0..<5, using: &random) == 0 { return .null }
    let number = Int64.random(in: -3...3, using: &random)
    switch self {
    case .bool: return .bool(number > 0)
    case .int: return .int(number == 3 ? .max : number == -3 ? .min : number)
    case .double: return .double([-0.0, 0, .nan, .infinity, 1.5, -7][Int(number + 3) % 6])
    case .string: return .string(String(repeating: "né", count: Int(number + 3) * 4))
    case .time: return .time(Instant(microseconds: number))
    case .bytes: return .bytes([UInt8](repeating: 255, count: Int(number + 3)))
    case .list(let element):
      return .list((0..<Int(number + 3)).map { _ in element.value(&random) })
    case .vector(let width):
      return .vector((0..<width).map { Float($0) * Float(number) })
    }
  }
}

extension Column {
  /// A column of `count` sample values, beside the values.
  static func sample(
    of type: ColumnType, count: Int, _ random: inout SeededGenerator
  ) -> (column: Column, values: [Value]) {
    let values = (0..<count).map { _ in type.value(&random) }
    guard let column = Column(type, values) else { preconditionFailure("not \(type)") }
    return (column, values)
  }

  /// The same texts in dictionary form, with a text that no row holds and one that stands twice.
  func asDictionary() -> Column {
    guard case .string(let texts) = values else { return self }
    var distinct = ["unused"]
    var codes: [Int32] = []
    for row in 0..<count {
      guard !isNull(at: row) else {
        codes.append(0)
        continue
      }
      if let code = distinct.firstIndex(of: texts[row]), row % 3 > 0 {
        codes.append(Int32(code))
      } else {
        codes.append(Int32(distinct.count))
        distinct.append(texts[row])
      }
    }
    let dictionary = DictionaryStrings(codes: Buffer(codes), dictionary: Strings(distinct))
    return Column(.dictionary(dictionary), validity: validity)
  }

  /// Every row by itself; NaNs as one that equals itself.
  var rows: [String] { (0..<count).map { "\(self[$0])" } }
}
