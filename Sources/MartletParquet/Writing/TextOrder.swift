import MartletColumns

/// Which of two values of bytes comes first.
enum TextOrder {
  case byteByByte
  case numbers
  case halves

  init(_ storage: LeafStorage) {
    switch storage.order {
    case .twosComplement: self = .numbers
    case .half: self = .halves
    default: self = .byteByByte
    }
  }

  /// Whether value `one` of `texts`, whose bytes are `all`, comes before value `other`.
  func precedes(
    _ texts: Strings, _ one: Int, _ other: Int, in all: UnsafeRawBufferPointer
  ) -> Bool {
    let (mine, theirs) = (texts.range(one), texts.range(other))
    switch self {
    case .byteByByte:
      for index in 0..<min(mine.count, theirs.count) {
        let (left, right) = (all[mine.lowerBound + index], all[theirs.lowerBound + index])
        if left != right { return left < right }
      }
      return mine.count < theirs.count
    case .numbers: return texts.bytes(at: one).isLessNumber(than: texts.bytes(at: other))
    case .halves:
      return Double(halfBits: texts.halfBits(at: one)) < Double(halfBits: texts.halfBits(at: other))
    }
  }
}

extension LeafStorage {
  /// Value `index` of `texts` as a bound.
  func bound(_ texts: Strings, _ index: Int) -> Bound {
    switch order {
    case .half: .half(texts.halfBits(at: index))
    case .twosComplement: .bigEndian(texts.bytes(at: index))
    default: .text(texts.bytes(at: index))
    }
  }
}

extension Strings {
  /// The indices of all values, in their order.
  func orderedIndices(by order: TextOrder) -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      let all = UnsafeRawBufferPointer(bytes)
      return (0..<count).sorted { order.precedes(self, $0, $1, in: all) }
    }
  }

  /// The bits of value `index`, a half-precision float.
  func halfBits(at index: Int) -> UInt16 {
    let bytes = bytes(at: index)
    return UInt16(bytes[0]) | UInt16(bytes[1]) << 8
  }

  func isHalfNaN(at index: Int) -> Bool { halfBits(at: index) & 0x7FFF > 0x7C00 }

  /// The values that `codes` name, each by itself.
  func gathered(at codes: Buffer<UInt32>) -> Strings {
    let codes = codes.reinterpreted(as: Int32.self)
    return DictionaryStrings(codes: codes, dictionary: self).flattened()
  }
}
