import MartletColumns

extension Bounds {
  /// The bounds of `values`; `nil` where there are none, or nothing but NaN.
  init?(of values: Leaf.Values, in range: Range<Int>, _ storage: LeafStorage) {
    guard !range.isEmpty, storage.order != .none else { return nil }
    switch values {
    case .floats(let floats): self.init(of: floats.slice(range)) { .float($0) }
    case .column(.bool(let flags)):
      let flags = flags.slice(range)
      let anyClear = flags.withUnsafeBufferPointer { $0.contains(false) }
      let anySet = flags.withUnsafeBufferPointer { $0.contains(true) }
      self.init(least: .bool(!anyClear), greatest: .bool(anySet))
    case .column(.int(let numbers)), .column(.time(let numbers)):
      self.init(of: numbers.slice(range), storage)
    case .column(.double(let numbers)): self.init(of: numbers.slice(range)) { .double($0) }
    case .column(.string(let texts)), .column(.bytes(let texts)):
      self.init(of: texts, in: range, storage)
    case .column(.dictionary(let texts)):
      self.init(of: texts.slice(range).flattened(), in: 0..<range.count, storage)
    case .column(.list), .column(.vector): preconditionFailure("a leaf is no list")
    }
  }

  private init(of numbers: Buffer<Int64>, _ storage: LeafStorage) {
    switch (storage.isNarrow, storage.order == .unsigned) {
    case (false, false): self.init(of: numbers, as: Int64.self) { .int($0) }
    case (false, true): self.init(of: numbers, as: UInt64.self) { .unsigned($0) }
    case (true, false): self.init(of: numbers, as: Int32.self) { .int32($0) }
    case (true, true): self.init(of: numbers, as: UInt32.self) { .unsigned32($0) }
    }
  }

  private init<Word: FixedWidthInteger>(
    of numbers: Buffer<Int64>, as type: Word.Type, _ bound: (Word) -> Bound
  ) {
    var least = Word.max
    var greatest = Word.min
    numbers.withUnsafeBufferPointer { numbers in
      for number in numbers {
        least = min(least, Word(truncatingIfNeeded: number))
        greatest = max(greatest, Word(truncatingIfNeeded: number))
      }
    }
    self.init(least: bound(least), greatest: bound(greatest))
  }

  private init?<Number: BinaryFloatingPoint & BitwiseCopyable>(
    of numbers: Buffer<Number>, _ bound: (Number) -> Bound
  ) {
    // A comparison with NaN is false, so NaN never gets in; any other number is a bound of itself.
    var least = Number.infinity
    var greatest = -Number.infinity
    numbers.withUnsafeBufferPointer { numbers in
      for number in numbers {
        least = number < least ? number : least
        greatest = number > greatest ? number : greatest
      }
    }
    guard least <= greatest else { return nil }
    self.init(least: bound(least), greatest: bound(greatest))
  }

  private init?(of texts: Strings, in range: Range<Int>, _ storage: LeafStorage) {
    let order = TextOrder(storage)
    let indices = storage.order == .half ? range.filter { !texts.isHalfNaN(at: $0) } : Array(range)
    guard var least = indices.first, var greatest = indices.first else { return nil }
    texts.bytes.withUnsafeBufferPointer { bytes in
      let all = UnsafeRawBufferPointer(bytes)
      for index in indices.dropFirst() {
        if order.precedes(texts, index, least, in: all) { least = index }
        if order.precedes(texts, greatest, index, in: all) { greatest = index }
      }
    }
    self.init(least: storage.bound(texts, least), greatest: storage.bound(texts, greatest))
  }

  /// The bounds of the texts that `codes` name, where `ranks` orders them.
  init?(
    of codes: Buffer<UInt32>, _ texts: Strings, ranks: [UInt32], ordered: [Int],
    _ storage: LeafStorage
  ) {
    guard codes.count > 0, storage.order != .none else { return nil }
    if storage.order == .half {
      self.init(of: texts.gathered(at: codes), in: 0..<codes.count, storage)
      return
    }
    var least = UInt32.max
    var greatest: UInt32 = 0
    codes.withUnsafeBufferPointer { codes in
      for code in codes {
        let rank = ranks[Int(code)]
        least = min(least, rank)
        greatest = max(greatest, rank)
      }
    }
    self.init(
      least: storage.bound(texts, ordered[Int(least)]),
      greatest: storage.bound(texts, ordered[Int(greatest)]))
  }
}
