extension Column {
  /// The rows of `columns`, one column after the other. All are of `type`.
  ///
  /// `nil` where the texts or lists of all together are too large for one column.
  public static func concatenated(_ columns: [Column], of type: ColumnType) -> Column? {
    precondition(columns.allSatisfy { $0.type == type }, "columns of other types than \(type)")
    if columns.count == 1 { return columns[0] }
    guard let values = Values.concatenated(columns, of: type) else { return nil }
    return Column(values, validity: validity(of: columns))
  }

  /// Which rows of `columns`, one after the other, are no nulls; `nil` for all.
  static func validity(of columns: [Column]) -> Bitmap? {
    guard columns.contains(where: { $0.validity != nil }) else { return nil }
    var validity = BitmapBuilder(capacity: columns.reduce(0) { $0 + $1.count })
    for column in columns {
      if let bits = column.validity {
        validity.append(contentsOf: bits)
      } else {
        validity.append(repeating: true, count: column.count)
      }
    }
    return validity.finishAsValidity()
  }
}

extension Column.Values {
  fileprivate static func concatenated(_ columns: [Column], of type: ColumnType) -> Self? {
    let parts = columns.map(\.values)
    return switch type {
    case .bool: .bool(joined(parts) { if case .bool(let flags) = $0 { flags } else { nil } })
    case .int: .int(joined(parts) { if case .int(let numbers) = $0 { numbers } else { nil } })
    case .double:
      .double(joined(parts) { if case .double(let numbers) = $0 { numbers } else { nil } })
    case .time: .time(joined(parts) { if case .time(let instants) = $0 { instants } else { nil } })
    case .string: joinedTexts(columns)
    case .bytes:
      Strings.joined(parts.compactMap { if case .bytes(let texts) = $0 { texts } else { nil } })
        .map { .bytes($0) }
    case .list(let element):
      Lists.joined(
        parts.compactMap { if case .list(let lists) = $0 { lists } else { nil } }, of: element
      ).map { .list($0) }
    case .vector(let width):
      .vector(
        Vectors(
          width: width, count: parts.reduce(0) { $0 + $1.count },
          floats: joined(parts) {
            if case .vector(let vectors) = $0 { vectors.floats } else { nil }
          }))
    }
  }

  private static func joined<Element>(
    _ parts: [Self], _ values: (Self) -> Buffer<Element>?
  ) -> Buffer<Element> {
    let buffers = parts.compactMap(values)
    var result = BufferBuilder<Element>(capacity: buffers.reduce(0) { $0 + $1.count })
    for buffer in buffers { result.append(contentsOf: buffer.span) }
    return result.finish()
  }

  /// Dictionaries stay dictionaries where all are.
  private static func joinedTexts(_ columns: [Column]) -> Self? {
    if let joined = DictionaryStrings.joined(columns) { return .dictionary(joined) }
    let flat: [Strings] = columns.compactMap { column in
      switch column.values {
      case .string(let texts): texts
      case .dictionary(let texts): texts.flattened(keeping: column.validity)
      default: nil
      }
    }
    return Strings.joined(flat).map { .string($0) }
  }
}

extension DictionaryStrings {
  /// The rows of `columns`, if all are of this form.
  fileprivate static func joined(_ columns: [Column]) -> DictionaryStrings? {
    let all = columns.compactMap { column in
      if case .dictionary(let texts) = column.values { texts } else { nil }
    }
    guard all.count == columns.count, let (dictionary, firsts) = joined(all) else { return nil }
    var codes = BufferBuilder<Int32>(capacity: columns.reduce(0) { $0 + $1.count })
    for (place, column) in columns.enumerated() {
      let first = firsts[place]
      let texts = all[place]
      let span = texts.codes.span
      if let validity = column.validity {
        for row in span.indices { codes.append(validity[row] ? span[row] &+ first : 0) }
      } else {
        for row in span.indices { codes.append(span[row] &+ first) }
      }
    }
    return DictionaryStrings(codes: codes.finish(), dictionary: dictionary)
  }

  /// The dictionaries of `texts` as one, and for each of `texts` what its codes grow by: each dictionary
  /// follows the one before, or serves on where it is the same one. `nil` where it is too large.
  static func joined(_ texts: [DictionaryStrings]) -> (dictionary: Strings, firsts: [Int32])? {
    var dictionaries: [Strings] = []
    var firsts: [Int32] = []
    var (first, end) = (0, 0)
    for text in texts {
      if dictionaries.last?.isIdentical(to: text.dictionary) != true {
        dictionaries.append(text.dictionary)
        first = end
        end += text.dictionary.count
      }
      // Of an empty dictionary all are nulls.
      firsts.append(text.dictionary.count == 0 ? 0 : Int32(truncatingIfNeeded: first))
    }
    guard end <= Int(Int32.max) else { return nil }
    return Strings.joined(dictionaries).map { ($0, firsts) }
  }
}

extension Strings {
  fileprivate static func joined(_ parts: [Strings]) -> Strings? {
    let byteCount = parts.reduce(0) { $0 + $1.textByteCount }
    guard byteCount <= mostBytes else { return nil }
    var offsets = BufferBuilder<Int32>(capacity: parts.reduce(1) { $0 + $1.count })
    var bytes = BufferBuilder<UInt8>(capacity: byteCount)
    offsets.append(0)
    for part in parts {
      let shift = Int32(truncatingIfNeeded: bytes.count) &- part.offsets[0]
      let ends = part.offsets.span
      for index in 1..<ends.count { offsets.append(ends[index] &+ shift) }
      let texts = Int(part.offsets[0])..<Int(part.offsets[part.count])
      bytes.append(contentsOf: part.bytes.slice(texts).span)
    }
    return Strings(offsets: offsets.finish(), bytes: bytes.finish())
  }
}

extension Lists {
  fileprivate static func joined(_ parts: [Lists], of element: ColumnType) -> Lists? {
    let runs = parts.map { $0.elements.slice(Int($0.offsets[0])..<Int($0.offsets[$0.count])) }
    guard runs.reduce(0, { $0 + $1.count }) <= Int(Int32.max),
      let elements = Column.concatenated(runs, of: element)
    else { return nil }
    var offsets = BufferBuilder<Int32>(capacity: parts.reduce(1) { $0 + $1.count })
    offsets.append(0)
    var end: Int32 = 0
    for part in parts {
      let shift = end &- part.offsets[0]
      for index in 0..<part.count { offsets.append(part.offsets[index + 1] &+ shift) }
      end = part.offsets[part.count] &+ shift
    }
    return Lists(offsets: offsets.finish(), elements: elements)
  }
}
