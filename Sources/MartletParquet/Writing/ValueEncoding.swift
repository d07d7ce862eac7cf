import MartletColumns

/// How the values of a column chunk are written, with what was found out to decide it.
enum ValueEncoding {
  case plain
  case words(WordDictionary)
  case texts(TextDictionary, ranks: [UInt32], ordered: [Int])
  case delta
  case deltaLengths
  case byteStreams

  /// The encoding of the data pages.
  var encoding: Encoding {
    switch self {
    case .plain: .plain
    case .words, .texts: .rleDictionary
    case .delta: .deltaBinaryPacked
    case .deltaLengths: .deltaLengthByteArray
    case .byteStreams: .byteStreamSplit
    }
  }
}

extension ValueEncoding {
  /// Chooses what makes the values of `leaf` small; a compressor tries where bytes do not tell
  /// beforehand.
  init(for leaf: Leaf, trying compressor: inout Compressor) {
    let storage = leaf.storage
    switch leaf.values {
    case .floats(let floats):
      let words = floats.reinterpreted(as: UInt32.self)
      self.init(words: words, trying: &compressor) { words.mapped { UInt64($0) } }
    case .column(.bool), .column(.list), .column(.vector): self = .plain
    case .column(.int(let numbers)), .column(.time(let numbers)):
      self.init(integers: numbers, plainBits: storage.isNarrow ? 32 : 64)
    case .column(.double(let numbers)):
      let words = numbers.reinterpreted(as: UInt64.self)
      self.init(words: words, trying: &compressor) { words }
    case .column(.string(let texts)), .column(.bytes(let texts)):
      let price = DictionaryPrice(texts)
      let without = storage.fixedByteCount == nil ? ValueEncoding.deltaLengths : .plain
      self = TextDictionary(texts, price: price).map { .init($0, storage) } ?? without
    case .column(.dictionary(let texts)):
      let price = DictionaryPrice(texts.dictionary)
      let dictionary = TextDictionary(
        texts,
        price: DictionaryPrice(
          valueCount: texts.count, bitsPerEntry: price.bitsPerEntry, rivalBits: price.rivalBits))
      self = dictionary.map { .init($0, storage) } ?? .deltaLengths
    }
  }

  /// How many values are compressed to see how they compress.
  fileprivate static let sampleCount = 4096

  private init(_ dictionary: TextDictionary, _ storage: LeafStorage) {
    let ordered = dictionary.texts.orderedIndices(by: TextOrder(storage))
    var ranks = [UInt32](repeating: 0, count: ordered.count)
    for (rank, index) in ordered.enumerated() { ranks[index] = UInt32(rank) }
    self = .texts(dictionary, ranks: ranks, ordered: ordered)
  }

  private init(integers: Buffer<Int64>, plainBits: Double) {
    let deltaBytes = integers.withUnsafeBufferPointer { DeltaPacking.estimatedByteCount($0) }
    let deltaBits = Double(deltaBytes * 8) / Double(max(integers.count, 1))
    let price = DictionaryPrice(
      valueCount: integers.count, bitsPerEntry: plainBits, rivalBits: min(deltaBits, plainBits))
    let dictionary = integers.reinterpreted(as: UInt64.self).withUnsafeBufferPointer {
      WordDictionary($0, price: price)
    }
    if let dictionary {
      self = .words(dictionary)
    } else {
      self = deltaBits < plainBits ? .delta : .plain
    }
  }

  private init<Word: FixedWidthInteger & BitwiseCopyable>(
    words: Buffer<Word>, trying compressor: inout Compressor, _ wide: () -> Buffer<UInt64>
  ) {
    let sample = words.slice(0..<min(words.count, ValueEncoding.sampleCount))
    let plain = sample.compressedByteCount(trying: &compressor, split: false)
    let streams = sample.compressedByteCount(trying: &compressor, split: true)
    let bits = Double(8 * min(plain, streams)) / Double(max(sample.count, 1))
    let price = DictionaryPrice(
      valueCount: words.count, bitsPerEntry: Double(Word.bitWidth), rivalBits: bits)
    let dictionary = wide().withUnsafeBufferPointer { WordDictionary($0, price: price) }
    if let dictionary {
      self = .words(dictionary)
    } else {
      self = streams < plain ? .byteStreams : .plain
    }
  }
}

extension DictionaryPrice {
  /// The price for texts; bytes of text compress to about a half, codes hardly at all.
  fileprivate init(_ texts: Strings) {
    let bits = 8 * Double(texts.textByteCount) / Double(max(texts.count, 1))
    self.init(valueCount: texts.count, bitsPerEntry: bits / 2 + 16, rivalBits: bits / 2 + 8)
  }
}

extension Buffer where Element: FixedWidthInteger {
  fileprivate func compressedByteCount(trying compressor: inout Compressor, split: Bool) -> Int {
    var bytes = BufferBuilder<UInt8>()
    withUnsafeBufferPointer { values in
      if split {
        ByteStreams.append(values, to: &bytes)
      } else {
        PlainValues.append(values, to: &bytes)
      }
    }
    var squeezed = BufferBuilder<UInt8>()
    bytes.withUnsafeMutableBufferPointer { bytes in
      compressor.compress(UnsafeRawBufferPointer(bytes), into: &squeezed)
    }
    return squeezed.count
  }
}
