import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics

// Values as JSON, written where they are sent from.
//
//     int     all digits, also beyond 2^53            time    "2026-01-31T23:59:59.5Z"
//     double  the shortest digits that read back      bytes   base64
//             to the same bits; what JSON has no      list    an array
//             number for: "NaN", "Infinity",          vector  an array, each number the shortest
//             "-Infinity"                                     that reads back as the same float
extension ByteQueue {
  /// Appends a whole number.
  mutating func append(_ number: Int64) {
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
      var place = 20
      var rest = number.magnitude
      repeat {
        place -= 1
        digits[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
        rest /= 10
      } while rest > 0
      if number < 0 {
        place -= 1
        digits[place] = UInt8(ascii: "-")
      }
      append(UnsafeRawBufferPointer(rebasing: digits[place...]))
    }
  }

  /// Appends a double.
  mutating func append(_ number: Double) {
    if number.isFinite {
      append(upTo: ShortestDouble.roomInBytes) { ShortestDouble.write(number, to: $0) }
    } else {
      append(nonFinite: number.isNaN, isNegative: number < 0)
    }
  }

  /// Appends a float.
  mutating func append(_ number: Float) {
    if number.isFinite {
      append(text: number.description)
    } else {
      append(nonFinite: number.isNaN, isNegative: number < 0)
    }
  }

  private mutating func append(nonFinite isNaN: Bool, isNegative: Bool) {
    append(isNaN ? "\"NaN\"" : isNegative ? "\"-Infinity\"" : "\"Infinity\"")
  }

  /// Appends `text`, which is UTF-8, in quotes.
  mutating func append(quoted text: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    var plain = 0
    for index in text.indices where !Self.isPlain(text[index]) {
      append(UnsafeRawBufferPointer(rebasing: text[plain..<index]))
      plain = index + 1
      append(escaped: text[index])
    }
    append(UnsafeRawBufferPointer(rebasing: text[plain...]))
    append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7F
  }

  private mutating func append(escaped byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case UInt8(ascii: "\n"): append("\\n")
    case UInt8(ascii: "\r"): append("\\r")
    case UInt8(ascii: "\t"): append("\\t")
    default:
      append("\\u00")
      for digit in [byte >> 4, byte & 15] {
        append(digit < 10 ? digit + 0x30 : digit - 10 + UInt8(ascii: "a"))
      }
    }
  }

  /// Appends `text` in quotes.
  mutating func append(quoted text: String) {
    var text = text
    text.withUTF8 { append(quoted: UnsafeRawBufferPointer($0)) }
  }

  /// Appends a moment in quotes.
  mutating func append(_ instant: Instant) {
    let second = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let day = second.quotient.quotientAndRemainder(dividingBy: 86_400)
    let date = CivilDate(daysSince1970: Int(day.quotient))
    append(UInt8(ascii: "\""))
    // Before 1970 the remainders are negative; beyond four digits a year has a sign.
    guard instant.microseconds >= 0, date.year <= 9_999 else {
      append(text: instant.description)
      append(UInt8(ascii: "\""))
      return
    }
    append(date.year, digits: 4)
    append(UInt8(ascii: "-"))
    append(date.month, digits: 2)
    append(UInt8(ascii: "-"))
    append(date.day, digits: 2)
    append(UInt8(ascii: "T"))
    append(Int(day.remainder) / 3_600, digits: 2)
    append(UInt8(ascii: ":"))
    append(Int(day.remainder) / 60 % 60, digits: 2)
    append(UInt8(ascii: ":"))
    append(Int(day.remainder) % 60, digits: 2)
    append(fraction: Int(second.remainder))
    append("Z\"")
  }

  /// Appends microseconds below a second, without the zeros at their end.
  private mutating func append(fraction microseconds: Int) {
    guard microseconds > 0 else { return }
    var (rest, digits) = (microseconds, 6)
    while rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    append(UInt8(ascii: "."))
    append(rest, digits: digits)
  }

  /// Appends the last `count` digits of `number`, with zeros before them.
  private mutating func append(_ number: Int, digits count: Int) {
    append(upTo: count) { room in
      var rest = UInt32(truncatingIfNeeded: number)
      for place in (0..<count).reversed() {
        room[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
        rest /= 10
      }
      return count
    }
  }

  /// Appends a value that stands alone.
  mutating func append(_ value: Value) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .int(let number): append(number)
    case .double(let number): append(number)
    case .string(let text): append(quoted: text)
    case .time(let instant): append(instant)
    case .bytes(let bytes): bytes.withUnsafeBytes { append(base64: $0) }
    case .list(let values): appendEach(values) { queue, value in queue.append(value) }
    case .vector(let numbers): appendEach(numbers) { queue, number in queue.append(number) }
    }
  }

  private mutating func appendEach<Element>(
    _ elements: [Element], _ body: (inout ByteQueue, Element) -> Void
  ) {
    append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      body(&self, element)
    }
    append(UInt8(ascii: "]"))
  }

  /// Appends the values of `column`, with commas between them.
  mutating func append(values column: Column) {
    switch column.values {
    case .bool(let flags):
      appendEach(of: column) { queue, row in queue.append(flags[row] ? "true" : "false") }
    case .int(let numbers): appendEach(of: column) { queue, row in queue.append(numbers[row]) }
    case .double(let numbers): appendEach(of: column) { queue, row in queue.append(numbers[row]) }
    case .string(let texts):
      appendEach(of: column) { queue, row in
        texts.withBytes(at: row) { queue.append(quoted: $0) }
      }
    case .dictionary(let texts):
      appendEach(of: column) { queue, row in queue.append(quoted: texts[row]) }
    case .time(let instants):
      appendEach(of: column) { queue, row in
        queue.append(Instant(microseconds: instants[row]))
      }
    case .bytes(let texts):
      appendEach(of: column) { queue, row in
        texts.withBytes(at: row) { queue.append(base64: $0) }
      }
    case .list(let lists):
      appendEach(of: column) { queue, row in
        queue.append(UInt8(ascii: "["))
        queue.append(values: lists[row])
        queue.append(UInt8(ascii: "]"))
      }
    case .vector(let vectors):
      appendEach(of: column) { queue, row in
        queue.append(UInt8(ascii: "["))
        let floats = vectors[row]
        for index in 0..<floats.count {
          if index > 0 { queue.append(UInt8(ascii: ",")) }
          queue.append(floats[index])
        }
        queue.append(UInt8(ascii: "]"))
      }
    }
  }

  @inline(__always)
  private mutating func appendEach(
    of column: Column, _ body: (inout ByteQueue, Int) -> Void
  ) {
    for row in 0..<column.count {
      if row > 0 { append(UInt8(ascii: ",")) }
      if column.isNull(at: row) {
        append("null")
      } else {
        body(&self, row)
      }
    }
  }

  /// Appends bytes in base64, in quotes.
  mutating func append(base64 bytes: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    Base64.encode(bytes) { append($0) }
    append(UInt8(ascii: "\""))
  }
}
