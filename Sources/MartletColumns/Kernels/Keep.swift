extension Column {
  /// The same rows, of which those clear in `mask` become null, and their slots zero.
  public func keeping(_ mask: Bitmap) -> Column {
    precondition(mask.count == count, "\(mask.count) bits for \(count) rows")
    guard mask.countSetBits() < count else { return self }
    let zeroed: Values =
      switch values {
      case .bool(let flags): .bool(flags.zeroed(outside: mask, zero: false))
      case .int(let numbers): .int(numbers.zeroed(outside: mask, zero: 0))
      case .double(let numbers): .double(numbers.zeroed(outside: mask, zero: 0))
      case .time(let instants): .time(instants.zeroed(outside: mask, zero: 0))
      case .string(let texts): .string(texts.emptied(outside: mask))
      case .bytes(let texts): .bytes(texts.emptied(outside: mask))
      case .dictionary(let texts):
        .dictionary(
          DictionaryStrings(
            codes: texts.codes.zeroed(outside: mask, zero: 0), dictionary: texts.dictionary))
      case .list(let lists): .list(lists.emptied(outside: mask))
      case .vector(let vectors): .vector(vectors.zeroed(outside: mask))
      }
    return Column(zeroed, validity: validity.map { $0.intersection(mask) } ?? mask)
  }
}

extension Buffer {
  func zeroed(outside mask: Bitmap, zero: Element) -> Buffer {
    var result = BufferBuilder<Element>()
    result.append(upTo: count) { room in
      withUnsafeBufferPointer { values in
        for index in 0..<mask.wordCount {
          var bits = mask.word(index)
          let start = index &* 64
          let end = Swift.min(start &+ 64, count)
          if bits == .max, end &- start == 64 {
            for row in start..<end { room[row] = values[row] }
            continue
          }
          for row in start..<end {
            room[row] = bits & 1 == 1 ? values[row] : zero
            bits &>>= 1
          }
        }
      }
      return count
    }
    return result.finish()
  }
}

extension Strings {
  fileprivate func emptied(outside mask: Bitmap) -> Strings {
    var result = StringsBuilder(capacity: count, byteCapacity: textByteCount)
    for row in 0..<count {
      if mask[row] { withBytes(at: row) { result.append($0) } } else { result.appendEmpty() }
    }
    return result.finish()
  }
}

extension Lists {
  fileprivate func emptied(outside mask: Bitmap) -> Lists {
    var offsets = BufferBuilder<Int32>(capacity: count + 1)
    var kept = BufferBuilder<Int32>()
    offsets.append(0)
    for row in 0..<count {
      if mask[row] {
        for element in range(row) { kept.append(Int32(truncatingIfNeeded: element)) }
      }
      offsets.append(Int32(truncatingIfNeeded: kept.count))
    }
    return Lists(offsets: offsets.finish(), elements: elements.gathered(at: kept.span))
  }
}

extension Vectors {
  fileprivate func zeroed(outside mask: Bitmap) -> Vectors {
    var result = BufferBuilder<Float>(capacity: floats.count)
    for row in 0..<count {
      if mask[row] {
        result.append(contentsOf: self[row].span)
      } else {
        result.append(repeating: 0, count: width)
      }
    }
    return Vectors(width: width, count: count, floats: result.finish())
  }
}
