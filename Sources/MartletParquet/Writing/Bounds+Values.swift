import MartletColumns

extension Bounds {
  /// The bounds of `values`; `nil` where there are none, or nothing but NaN.
  init?(of values: Leaf.Values, in range: Range<Int>) {
    guard !range.isEmpty else { return nil }
    switch values {
    case .floats(let floats): self.init(of: floats.slice(range)) { .float($0) }
    case .column(.bool(let flags)):
      let flags = flags.slice(range)
      let anyClear = flags.withUnsafeBufferPointer { $0.contains(false) }
      let anySet = flags.withUnsafeBufferPointer { $0.contains(true) }
      self.init(least: .bool(!anyClear), greatest: .bool(anySet))
    case .column(.int(let numbers)), .column(.time(let numbers)):
      self.init(of: numbers.slice(range))
    case .column(.double(let numbers)): self.init(of: numbers.slice(range)) { .double($0) }
    case .column(.string(let texts)), .column(.bytes(let texts)): self.init(of: texts, in: range)
    case .column(.dictionary(let texts)):
      self.init(of: texts.slice(range).flattened(), in: 0..<range.count)
    case .column(.list), .column(.vector): preconditionFailure("a leaf is no list")
    }
  }

  private init(of numbers: Buffer<Int64>) {
    var least = Int64.max
    var greatest = Int64.min
    numbers.withUnsafeBufferPointer { numbers in
      for number in numbers {
        least = min(least, number)
        greatest = max(greatest, number)
      }
    }
    self.init(least: .int(least), greatest: .int(greatest))
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

  private init(of texts: Strings, in range: Range<Int>) {
    var least = range.lowerBound
    var greatest = range.lowerBound
    texts.bytes.withUnsafeBufferPointer { bytes in
      let all = UnsafeRawBufferPointer(bytes)
      for index in range.dropFirst() {
        if texts.precedes(index, least, in: all) { least = index }
        if texts.precedes(greatest, index, in: all) { greatest = index }
      }
    }
    self.init(least: .text(texts.bytes(at: least)), greatest: .text(texts.bytes(at: greatest)))
  }

  /// The bounds of the texts that `codes` name, where `ranks` orders them.
  init?(of codes: Buffer<UInt32>, _ texts: Strings, ranks: [UInt32], ordered: [Int]) {
    guard codes.count > 0 else { return nil }
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
      least: .text(texts.bytes(at: ordered[Int(least)])),
      greatest: .text(texts.bytes(at: ordered[Int(greatest)])))
  }
}

extension Strings {
  /// Whether text `one` comes before text `other`, byte by byte.
  fileprivate func precedes(
    _ one: Int, _ other: Int, in all: UnsafeRawBufferPointer
  ) -> Bool {
    let (mine, theirs) = (range(one), range(other))
    for index in 0..<min(mine.count, theirs.count) {
      let (left, right) = (all[mine.lowerBound + index], all[theirs.lowerBound + index])
      if left != right { return left < right }
    }
    return mine.count < theirs.count
  }

  /// The indices of all texts, in their order.
  func orderedIndices() -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      let all = UnsafeRawBufferPointer(bytes)
      return (0..<count).sorted { precedes($0, $1, in: all) }
    }
  }
}
