import MartletColumns

/// An entity's key as bytes that sort as the key does and mean one key only.
///
///     bool          00 or 01
///     int, time     eight bytes, the highest first, the sign turned over
///     double        the same, of its bits in their order; -0.0 is 0.0, and every NaN is one NaN
///     string, bytes the bytes, each 00 as 00 FF, then 00 01
///
/// Keys of several columns are these one after the other: each ends where it says itself, so that
/// ("a", "b") and ("ab", "") differ. A null is part of no key. The bytes are on disk and never change.
struct EntityKey {
  private let columns: [Column]

  /// The keys in the rows of `columns`.
  init(_ columns: [Column]) { self.columns = columns }

  /// Appends the key of `row`, no part of which is null.
  func append(_ row: Int, to bytes: inout [UInt8]) {
    for column in columns {
      switch column.values {
      case .bool(let flags): bytes.append(flags[row] ? 1 : 0)
      case .int(let numbers), .time(let numbers): bytes.append(ordered: numbers[row])
      case .double(let numbers): bytes.append(ordered: numbers[row].orderedBits)
      case .string(let texts), .bytes(let texts):
        texts.withBytes(at: row) { bytes.append(ended: $0) }
      case .dictionary(let texts):
        texts.dictionary.withBytes(at: Int(texts.codes[row])) { bytes.append(ended: $0) }
      case .list, .vector: preconditionFailure("a \(column.type) is no key")
      }
    }
  }

  /// Appends a part of a key by itself, and says `false` where `value` is null or of another type.
  static func append(
    _ value: OnlineRow.Lent, of kind: LoneRow.Kind, to bytes: inout [UInt8]
  ) -> Bool {
    switch (value, kind) {
    case (.bool(let flag), .bool): bytes.append(flag ? 1 : 0)
    case (.int(let number), .int), (.time(let number), .time): bytes.append(ordered: number)
    case (.double(let number), .double): bytes.append(ordered: number.orderedBits)
    case (.string(let text), .string), (.bytes(let text), .bytes): bytes.append(ended: text)
    default: return false
    }
    return true
  }
}

extension [UInt8] {
  /// Appends `number` so that the order of bytes is that of numbers.
  mutating func append(ordered number: Int64) {
    append(bigEndian: UInt64(bitPattern: number) ^ 1 &<< 63)
  }

  /// Appends `text` and its end.
  mutating func append(ended text: UnsafeRawBufferPointer) {
    if text.contains(0) {
      for byte in text {
        append(byte)
        if byte == 0 { append(0xFF) }
      }
    } else {
      append(contentsOf: text)
    }
    append(0)
    append(1)
  }

  /// Appends the eight bytes of `number`, the highest first.
  mutating func append(bigEndian number: UInt64) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }
}

extension Double {
  /// Bits that order as doubles do: −∞ … −x, 0.0, x … +∞, NaN.
  var orderedBits: Int64 {
    if isNaN { return .max }
    let bits = Int64(bitPattern: self == 0 ? 0 : bitPattern)
    return bits < 0 ? bits ^ .max : bits
  }
}
