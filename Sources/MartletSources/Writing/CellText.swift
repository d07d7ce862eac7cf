import MartletColumns
import MartletDiagnostics

/// How values are written in files of text, so that their readers read the same values again.
enum CellText {
  /// Appends the value of a row that is not null.
  typealias Append = (_ row: Int, _ bytes: inout [UInt8]) -> Void

  /// How the values of `column` are written: the branch on its type is taken here, once a batch.
  ///
  /// - Parameter enclose: Encloses a text in quotes, where it must be.
  static func append(
    _ column: Column, _ dialect: FieldColumn.Dialect,
    enclose: @escaping (UnsafeRawBufferPointer, inout [UInt8]) -> Void
  ) -> Append {
    switch column.values {
    case .bool(let flags): { $1 += (flags[$0] ? "true" : "false").utf8 }
    case .int(let numbers): { $1 += numbers[$0].description.utf8 }
    case .double(let numbers):
      { row, bytes in
        let number = numbers[row]
        guard dialect == .csv || number.isFinite else {
          bytes += "\"\(name(of: number))\"".utf8
          return
        }
        bytes += (number.isFinite ? number.description : name(of: number)).utf8
      }
    case .time(let instants):
      { row, bytes in
        if dialect == .json { bytes.append(UInt8(ascii: "\"")) }
        append(time: instants[row], to: &bytes)
        if dialect == .json { bytes.append(UInt8(ascii: "\"")) }
      }
    case .string(let texts): { row, bytes in texts.withBytes(at: row) { enclose($0, &bytes) } }
    case .dictionary(let texts):
      { row, bytes in
        texts.dictionary.withBytes(at: Int(texts.codes[row])) { enclose($0, &bytes) }
      }
    case .bytes(let texts):
      { row, bytes in
        var digits: [UInt8] = []
        texts.withBytes(at: row) { append(hexadecimal: $0, to: &digits) }
        digits.withUnsafeBytes { enclose($0, &bytes) }
      }
    case .list, .vector:
      { row, bytes in
        let text = Array(json(column[row]).text.utf8)
        if dialect == .json { bytes += text } else { text.withUnsafeBytes { enclose($0, &bytes) } }
      }
    }
  }

  /// `nan`, `inf` or `-inf`.
  private static func name(of number: Double) -> String {
    number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
  }

  private static func append(hexadecimal text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    for byte in text {
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }

  /// A value inside an array.
  private static func json(_ value: Value) -> JSON {
    switch value {
    case .null: return nil
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .double(let number):
      return number.isFinite ? .double(number) : .string(name(of: number))
    case .string(let text): return .string(text)
    case .time(let instant): return .string("\(instant)")
    case .bytes(let bytes):
      var digits: [UInt8] = []
      bytes.withUnsafeBytes { append(hexadecimal: $0, to: &digits) }
      return .string(String(decoding: digits, as: UTF8.self))
    case .list(let values): return .array(values.map(json))
    case .vector(let numbers): return .array(numbers.map { .double(Double($0)) })
    }
  }

  /// `2025-01-31T23:59:59.5Z`: as `Instant` is written, without a text for each of its parts.
  static func append(time microseconds: Int64, to bytes: inout [UInt8]) {
    let day: Int64 = 86_400_000_000
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: day)
    let time = remainder < 0 ? remainder + day : remainder
    let date = CivilDate(daysSince1970: Int(remainder < 0 ? quotient - 1 : quotient))
    guard 0...9_999 ~= date.year else {
      bytes += Instant(microseconds: microseconds).description.utf8
      return
    }
    func two(_ number: Int, _ mark: Character) {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: number / 10))
      bytes.append(0x30 + UInt8(truncatingIfNeeded: number % 10))
      bytes += mark.utf8
    }
    two(date.year / 100, "-")
    bytes.removeLast()
    two(date.year % 100, "-")
    two(date.month, "-")
    two(date.day, "T")
    let seconds = Int(time / 1_000_000)
    two(seconds / 3_600, ":")
    two(seconds / 60 % 60, ":")
    two(seconds % 60, ".")
    var fraction = Int(time % 1_000_000)
    var unit = 100_000
    if fraction == 0 { bytes.removeLast() }
    while fraction > 0 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: fraction / unit))
      fraction %= unit
      unit /= 10
    }
    bytes.append(UInt8(ascii: "Z"))
  }
}
