import MartletColumns

extension Leaf {
  /// The bytes that the values take in PLAIN, or in codes where they have a dictionary.
  var plainByteCount: Int {
    switch values {
    case .floats(let floats): floats.count * 4
    case .column(.bool(let flags)): flags.count / 8
    case .column(.string(let texts)), .column(.bytes(let texts)):
      texts.textByteCount + (storage.fixedByteCount == nil ? 4 * texts.count : 0)
    case .column(.dictionary(let texts)):
      texts.flattenedByteCount(to: texts.count) + 4 * texts.count
    case .column(let values): values.count * (storage.isNarrow ? 4 : 8)
    }
  }
}

extension DictionaryStrings {
  /// The bytes of the first `count` rows' own texts. Reads their codes.
  func flattenedByteCount(to count: Int) -> Int {
    guard dictionary.count > 0 else { return 0 }
    let lengths = (0..<dictionary.count).map { dictionary.range($0).count }
    return codes.slice(0..<count).withUnsafeBufferPointer { codes in
      lengths.withUnsafeBufferPointer { lengths in
        codes.reduce(0) { $0 &+ lengths[Int($1)] }
      }
    }
  }
}

extension Leaf {
  /// The bounds of the values in `range`.
  func bounds(in range: Range<Int>, as encoding: ValueEncoding) -> Bounds? {
    if case .texts(let dictionary, let ranks, let ordered) = encoding {
      return Bounds(
        of: dictionary.codes.slice(range), dictionary.texts, ranks: ranks, ordered: ordered,
        storage)
    }
    return Bounds(of: values, in: range, storage)
  }

  /// A bloom filter of all values, by the dictionary where there is one.
  func bloomFilter(as encoding: ValueEncoding) -> BloomFilter {
    switch (encoding, values) {
    case (.texts(let dictionary, _, _), _): return Leaf.filter(of: dictionary.texts)
    case (.words(let dictionary), _) where storage.isNarrow:
      return Leaf.filter(of: dictionary.words.mapped { UInt32(truncatingIfNeeded: $0) })
    case (.words(let dictionary), _): return Leaf.filter(of: dictionary.words)
    case (_, .column(.string(let texts))), (_, .column(.bytes(let texts))):
      return Leaf.filter(of: texts)
    case (_, .column(.dictionary(let texts))): return Leaf.filter(of: texts.flattened())
    case (_, .column(.int(let numbers))) where storage.isNarrow:
      return Leaf.filter(of: numbers.mapped { Int32(truncatingIfNeeded: $0) })
    case (_, .column(.int(let numbers))), (_, .column(.time(let numbers))):
      return Leaf.filter(of: numbers)
    case (_, .column(.double(let numbers))): return Leaf.filter(of: numbers)
    case (_, .floats(let floats)): return Leaf.filter(of: floats)
    case (_, .column(.bool)), (_, .column(.list)), (_, .column(.vector)):
      return BloomFilter(distinctCount: 0)
    }
  }

  private static func filter<Number: BitwiseCopyable>(of numbers: Buffer<Number>) -> BloomFilter {
    var filter = BloomFilter(distinctCount: numbers.count)
    for index in 0..<numbers.count {
      filter.insert(withUnsafeBytes(of: numbers[index]) { XXHash64.hash($0) })
    }
    return filter
  }

  private static func filter(of texts: Strings) -> BloomFilter {
    var filter = BloomFilter(distinctCount: texts.count)
    for index in 0..<texts.count {
      filter.insert(texts.withBytes(at: index) { XXHash64.hash($0) })
    }
    return filter
  }
}
