import MartletColumns

/// The least or greatest of some values.
enum Bound {
  case bool(Bool)
  case int(Int64)
  case int32(Int32)
  case unsigned(UInt64)
  case unsigned32(UInt32)
  /// A half-precision float, by its bits.
  case half(UInt16)
  case double(Double)
  case float(Float)
  case text([UInt8])
  /// One number in bytes, the highest first, with a sign.
  case bigEndian([UInt8])
}

extension Bound: Comparable {
  /// Whether `one` comes first in the order of the column's type, of which both are.
  static func < (one: Bound, other: Bound) -> Bool {
    switch (one, other) {
    case (.bool(let mine), .bool(let theirs)): !mine && theirs
    case (.int(let mine), .int(let theirs)): mine < theirs
    case (.int32(let mine), .int32(let theirs)): mine < theirs
    case (.unsigned(let mine), .unsigned(let theirs)): mine < theirs
    case (.unsigned32(let mine), .unsigned32(let theirs)): mine < theirs
    case (.half(let mine), .half(let theirs)): Double(halfBits: mine) < Double(halfBits: theirs)
    case (.bigEndian(let mine), .bigEndian(let theirs)): mine.isLessNumber(than: theirs)
    case (.double(let mine), .double(let theirs)): mine < theirs
    case (.float(let mine), .float(let theirs)): mine < theirs
    case (.text(let mine), .text(let theirs)): mine.lexicographicallyPrecedes(theirs)
    default: preconditionFailure("\(one) beside \(other)")
    }
  }
}

/// The least and the greatest of a page's or a chunk's values.
struct Bounds {
  var least: Bound
  var greatest: Bound

  /// Texts longer than this are cut.
  static let mostTextBytes = 64
}

extension Bounds {
  /// Bounds of both.
  func union(_ other: Bounds) -> Bounds {
    Bounds(least: min(least, other.least), greatest: max(greatest, other.greatest))
  }

  /// The lower bound as Parquet writes it, and whether it is a value that occurs.
  ///
  /// A zero is written as -0.0, which is no greater than either.
  var written: (min: [UInt8], isMinExact: Bool, max: [UInt8], isMaxExact: Bool) {
    let (min, isMinExact) = least.lowered(to: Bounds.mostTextBytes)
    let (max, isMaxExact) = greatest.raised(to: Bounds.mostTextBytes)
    return (min, isMinExact, max, isMaxExact)
  }
}

extension Bound {
  fileprivate func lowered(to size: Int) -> (bytes: [UInt8], isExact: Bool) {
    switch self {
    case .double(let number) where number == 0: (Bound.double(-0.0).plainBytes, false)
    case .float(let number) where number == 0: (Bound.float(-0.0).plainBytes, false)
    case .half(let bits) where bits & 0x7FFF == 0: (Bound.half(0x8000).plainBytes, false)
    case .text(let text) where text.count > size: (Array(text[..<text.cut(to: size)]), false)
    default: (plainBytes, true)
    }
  }

  fileprivate func raised(to size: Int) -> (bytes: [UInt8], isExact: Bool) {
    switch self {
    case .double(let number) where number == 0: (Bound.double(0.0).plainBytes, false)
    case .float(let number) where number == 0: (Bound.float(0.0).plainBytes, false)
    case .half(let bits) where bits & 0x7FFF == 0: (Bound.half(0).plainBytes, false)
    case .text(let text) where text.count > size:
      text.successor(within: size).map { ($0, false) } ?? (text, true)
    default: (plainBytes, true)
    }
  }

  fileprivate var plainBytes: [UInt8] {
    switch self {
    case .bool(let flag): [flag ? 1 : 0]
    case .int(let number): withUnsafeBytes(of: number.littleEndian) { Array($0) }
    case .int32(let number): withUnsafeBytes(of: number.littleEndian) { Array($0) }
    case .unsigned(let number): withUnsafeBytes(of: number.littleEndian) { Array($0) }
    case .unsigned32(let number): withUnsafeBytes(of: number.littleEndian) { Array($0) }
    case .half(let bits): withUnsafeBytes(of: bits.littleEndian) { Array($0) }
    case .double(let number): withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    case .float(let number): withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    case .text(let text), .bigEndian(let text): text
    }
  }
}

extension [UInt8] {
  /// Where to cut this text so that `size` bytes or fewer are left and no character is halved.
  fileprivate func cut(to size: Int) -> Int {
    var end = size
    while end > size - 4, end > 0, self[end] & 0xC0 == 0x80 { end -= 1 }
    return end > size - 4 && end > 0 ? end : size
  }

  /// A short text that comes after all that begin as this one does: the last ASCII character before
  /// `size` that is not the greatest, raised by one. UTF-8 stays UTF-8. `nil` where there is none.
  fileprivate func successor(within size: Int) -> [UInt8]? {
    guard let last = self[..<size].lastIndex(where: { $0 < 0x7F }) else { return nil }
    return self[..<last] + [self[last] + 1]
  }

  /// Whether these bytes are a lesser number than `other`, the highest byte first and signed.
  func isLessNumber(than other: [UInt8]) -> Bool {
    let (mine, theirs) = (Int8(bitPattern: first ?? 0), Int8(bitPattern: other.first ?? 0))
    if (mine < 0) != (theirs < 0) { return mine < 0 }
    let fill: UInt8 = mine < 0 ? 0xFF : 0
    let width = Swift.max(count, other.count)
    func padded(_ bytes: [UInt8]) -> [UInt8] {
      [UInt8](repeating: fill, count: width - bytes.count) + bytes
    }
    return padded(self).lexicographicallyPrecedes(padded(other))
  }
}
