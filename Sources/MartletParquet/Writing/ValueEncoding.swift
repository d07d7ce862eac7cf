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
  /// Chooses what makes `values` small; a compressor tries where bytes do not tell beforehand.
  init(for values: Leaf.Values, trying compressor: inout Compressor) {
    switch values {
    case .floats(let floats):
      let sample = floats.slice(0..<min(floats.count, ValueEncoding.sampleCount))
      self =
        sample.reinterpreted(as: UInt32.self).splits(trying: &compressor) ? .byteStreams : .plain
    case .column(.bool), .column(.list), .column(.vector): self = .plain
    case .column(.int(let numbers)), .column(.time(let numbers)): self.init(integers: numbers)
    case .column(.double(let numbers)): self.init(doubles: numbers, trying: &compressor)
    case .column(.string(let texts)), .column(.bytes(let texts)):
      let price = DictionaryPrice(texts)
      self = TextDictionary(texts, price: price).map { .init($0) } ?? .deltaLengths
    case .column(.dictionary(let texts)):
      let price = DictionaryPrice(texts.dictionary)
      let dictionary = TextDictionary(
        texts,
        price: DictionaryPrice(
          valueCount: texts.count, bitsPerEntry: price.bitsPerEntry, rivalBits: price.rivalBits))
      self = dictionary.map { .init($0) } ?? .deltaLengths
    }
  }

  /// How many values are compressed to see how they compress.
  fileprivate static let sampleCount = 4096

  private init(_ dictionary: TextDictionary) {
    let ordered = dictionary.texts.orderedIndices()
    var ranks = [UInt32](repeating: 0, count: ordered.count)
    for (rank, index) in ordered.enumerated() { ranks[index] = UInt32(rank) }
    self = .texts(dictionary, ranks: ranks, ordered: ordered)
  }

  private init(integers: Buffer<Int64>) {
    let plainBits = 64.0
    let deltaBytes = integers.withUnsafeBufferPointer { DeltaPacking.estimatedByteCount($0) }
    let deltaBits = Double(deltaBytes * 8) / Double(max(integers.count, 1))
    let price = DictionaryPrice(
      valueCount: integers.count, bitsPerEntry: 64, rivalBits: min(deltaBits, plainBits))
    let dictionary = integers.reinterpreted(as: UInt64.self).withUnsafeBufferPointer {
      WordDictionary($0, price: price)
    }
    if let dictionary {
      self = .words(dictionary)
    } else {
      self = deltaBits < plainBits ? .delta : .plain
    }
  }

  private init(doubles: Buffer<Double>, trying compressor: inout Compressor) {
    let words = doubles.reinterpreted(as: UInt64.self)
    let sample = words.slice(0..<min(words.count, ValueEncoding.sampleCount))
    let plain = sample.compressedByteCount(trying: &compressor, split: false)
    let streams = sample.compressedByteCount(trying: &compressor, split: true)
    let bits = Double(8 * min(plain, streams)) / Double(max(sample.count, 1))
    let price = DictionaryPrice(valueCount: words.count, bitsPerEntry: 64, rivalBits: bits)
    let dictionary = words.withUnsafeBufferPointer { WordDictionary($0, price: price) }
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
  /// Whether these values are smaller with their bytes split into streams.
  fileprivate func splits(trying compressor: inout Compressor) -> Bool {
    compressedByteCount(trying: &compressor, split: true)
      < compressedByteCount(trying: &compressor, split: false)
  }

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

extension Leaf.Values {
  /// Appends the values in `range`.
  func append(
    _ range: Range<Int>, as encoding: ValueEncoding, to output: inout BufferBuilder<UInt8>
  ) {
    switch (encoding, self) {
    case (.words(let dictionary), _):
      Self.append(dictionary.codes.slice(range), of: dictionary.words.count, to: &output)
    case (.texts(let dictionary, _, _), _):
      Self.append(dictionary.codes.slice(range), of: dictionary.texts.count, to: &output)
    case (_, .floats(let floats)):
      Self.append(floats.slice(range).reinterpreted(as: UInt32.self), as: encoding, to: &output)
    case (_, .column(.double(let numbers))):
      Self.append(numbers.slice(range).reinterpreted(as: UInt64.self), as: encoding, to: &output)
    case (.delta, .column(.int(let numbers))), (.delta, .column(.time(let numbers))):
      numbers.slice(range).withUnsafeBufferPointer { DeltaPacking.append($0, to: &output) }
    case (_, .column(.int(let numbers))), (_, .column(.time(let numbers))):
      numbers.slice(range).withUnsafeBufferPointer { PlainValues.append($0, to: &output) }
    case (_, .column(.bool(let flags))):
      flags.slice(range).withUnsafeBufferPointer { PlainValues.append(flags: $0, to: &output) }
    case (_, .column(.string(let texts))), (_, .column(.bytes(let texts))):
      Self.append(texts.slice(range), as: encoding, to: &output)
    case (_, .column(.dictionary(let texts))):
      Self.append(texts.slice(range).flattened(), as: encoding, to: &output)
    case (_, .column(.list)), (_, .column(.vector)): preconditionFailure("a leaf is no list")
    }
  }

  /// Appends codes behind the byte that says how wide they are.
  private static func append(
    _ codes: Buffer<UInt32>, of count: Int, to output: inout BufferBuilder<UInt8>
  ) {
    let width = BitPacking.width(of: UInt64(max(count, 1) - 1))
    output.append(UInt8(width))
    codes.withUnsafeBufferPointer { RunLengths.append($0, width: width, to: &output) }
  }

  private static func append<Word: FixedWidthInteger & BitwiseCopyable>(
    _ words: Buffer<Word>, as encoding: ValueEncoding, to output: inout BufferBuilder<UInt8>
  ) {
    words.withUnsafeBufferPointer { words in
      if case .byteStreams = encoding {
        ByteStreams.append(words, to: &output)
      } else {
        PlainValues.append(words, to: &output)
      }
    }
  }

  private static func append(
    _ texts: Strings, as encoding: ValueEncoding, to output: inout BufferBuilder<UInt8>
  ) {
    if case .deltaLengths = encoding {
      DeltaLengths.append(texts, to: &output)
    } else {
      PlainValues.append(texts: texts, to: &output)
    }
  }
}
