import MartletColumns

extension Leaf {
  /// Appends the values in `range`.
  func append(
    _ range: Range<Int>, as encoding: ValueEncoding, to output: inout BufferBuilder<UInt8>
  ) {
    switch (encoding, values) {
    case (.words(let dictionary), _):
      Self.append(dictionary.codes.slice(range), of: dictionary.words.count, to: &output)
    case (.texts(let dictionary, _, _), _):
      Self.append(dictionary.codes.slice(range), of: dictionary.texts.count, to: &output)
    case (_, .floats(let floats)):
      Self.append(floats.slice(range).reinterpreted(as: UInt32.self), as: encoding, to: &output)
    case (_, .column(.double(let numbers))):
      Self.append(numbers.slice(range).reinterpreted(as: UInt64.self), as: encoding, to: &output)
    case (.delta, .column(.int(let numbers))), (.delta, .column(.time(let numbers))):
      numbers.slice(range).withUnsafeBufferPointer {
        DeltaPacking.append($0, isNarrow: storage.isNarrow, to: &output)
      }
    case (_, .column(.int(let numbers))) where storage.isNarrow:
      Self.append(
        numbers.slice(range).mapped { UInt32(truncatingIfNeeded: $0) }, as: encoding, to: &output)
    case (_, .column(.int(let numbers))), (_, .column(.time(let numbers))):
      numbers.slice(range).withUnsafeBufferPointer { PlainValues.append($0, to: &output) }
    case (_, .column(.bool(let flags))):
      flags.slice(range).withUnsafeBufferPointer { PlainValues.append(flags: $0, to: &output) }
    case (_, .column(.string(let texts))), (_, .column(.bytes(let texts))):
      append(texts.slice(range), as: encoding, to: &output)
    case (_, .column(.dictionary(let texts))):
      append(texts.slice(range).flattened(), as: encoding, to: &output)
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

  private func append(
    _ texts: Strings, as encoding: ValueEncoding, to output: inout BufferBuilder<UInt8>
  ) {
    if case .deltaLengths = encoding {
      DeltaLengths.append(texts, to: &output)
    } else {
      PlainValues.append(texts: texts, lengths: storage.fixedByteCount == nil, to: &output)
    }
  }

  /// Appends the values of the dictionary that `encoding` has, and says how many they are; `nil`
  /// where it has none.
  func appendDictionary(
    of encoding: ValueEncoding, to output: inout BufferBuilder<UInt8>
  ) -> Int? {
    switch encoding {
    case .words(let dictionary):
      if storage.isNarrow {
        let words = dictionary.words.mapped { UInt32(truncatingIfNeeded: $0) }
        words.withUnsafeBufferPointer { PlainValues.append($0, to: &output) }
      } else {
        dictionary.words.withUnsafeBufferPointer { PlainValues.append($0, to: &output) }
      }
      return dictionary.words.count
    case .texts(let dictionary, _, _):
      append(dictionary.texts, as: .plain, to: &output)
      return dictionary.texts.count
    default: return nil
    }
  }
}
