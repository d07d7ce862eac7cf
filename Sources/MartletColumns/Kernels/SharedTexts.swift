extension Column {
  /// The same `columns`, of which those whose texts came with dictionaries share one, in which each text
  /// stands once. They stay as they are where that would be too large.
  ///
  ///     before   a b ▏ 0 1 1   b c ▏ 0 1 0        after   a b c ▏ 0 1 1   ▏ 1 2 1
  public static func sharingTexts(_ columns: [Column]) -> [Column] {
    // Texts that lie in the same place are the same; the columns hold on to them.
    var dictionaries: [(place: TextsPlace, texts: Strings)] = []
    for column in columns {
      guard case .dictionary(let texts) = column.values else { continue }
      let place = TextsPlace(texts.dictionary)
      if dictionaries.last?.place != place { dictionaries.append((place, texts.dictionary)) }
    }
    guard dictionaries.contains(where: { $0.place != dictionaries[0].place }) else {
      return columns
    }
    var grouper = Grouper([.string])
    var codes: [TextsPlace: Buffer<Int32>] = [:]
    for (place, texts) in dictionaries where codes[place] == nil {
      codes[place] = grouper.groups(of: [Column(.string(texts))])
    }
    guard case .string(let dictionary)? = grouper.keys()?.first?.values else {
      return columns
    }
    return columns.map { column in
      guard case .dictionary(let texts) = column.values,
        let renamed = codes[TextsPlace(texts.dictionary)]
      else { return column }
      let shared = DictionaryStrings(
        codes: texts.codes.named(anew: renamed, column.validity), dictionary: dictionary)
      return Column(.dictionary(shared), validity: column.validity)
    }
  }
}

/// Where texts lie.
private struct TextsPlace: Hashable {
  private let start: UnsafePointer<Int32>
  private let count: Int

  init(_ texts: Strings) {
    start = texts.offsets.unsafeStart
    count = texts.count
  }
}

extension Buffer<Int32> {
  /// The new code of each of these; 0 for nulls.
  fileprivate func named(anew codes: Buffer<Int32>, _ validity: Bitmap?) -> Buffer<Int32> {
    guard codes.count > 0 else { return Buffer(repeating: 0, count: count) }
    var result = BufferBuilder<Int32>()
    result.append(upTo: count) { room in
      withUnsafeBufferPointer { old in
        codes.withUnsafeBufferPointer { codes in
          for row in old.indices { room[row] = codes[Int(old[row])] }
        }
      }
      return count
    }
    let renamed = result.finish()
    return validity.map { renamed.zeroed(outside: $0, zero: 0) } ?? renamed
  }
}
