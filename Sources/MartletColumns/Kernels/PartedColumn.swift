/// A column in parts, whose rows are gathered from where they lie.
///
/// Numbers, times, flags and the codes of texts stay as they came, so that all of them are never there
/// twice; dictionaries are brought together. Other values are brought together first.
public struct PartedColumn: Sendable {
  let type: ColumnType
  private let values: Values

  /// Which rows are no nulls, of all parts; `nil` for all.
  private let validity: Bitmap?

  fileprivate enum Values {
    case words([Buffer<Int64>])
    case flags([Buffer<Bool>])

    /// Codes of one dictionary, and what is added to those of each part.
    case codes([Buffer<Int32>], firsts: [Int32], Strings)
    case whole(Column)
  }

  /// The rows of `parts`, all of `type`; `nil` where their texts or lists are too large for one column.
  public init?(_ parts: [Column], of type: ColumnType) {
    self.type = type
    guard let lying = Values(parts) else {
      guard let whole = Column.concatenated(parts, of: type) else { return nil }
      (values, validity) = (.whole(whole), nil)
      return
    }
    (values, validity) = (lying, Column.validity(of: parts))
  }

  /// The values at `rows`, whose places among the parts are `places`. A negative row is a gap, and gives a
  /// null.
  public func gathered(at rows: Span<Int32>, from places: Buffer<PartedRows.Place>) -> Column {
    gathered(at: rows, from: places, validity: validity(at: rows, filled: rows.signs))
  }

  /// Which of the values at `rows` are no nulls, where `filled` are those that are no gaps; `nil` for all.
  func validity(at rows: Span<Int32>, filled: Bitmap?) -> Bitmap? {
    guard let validity, validity.count > 0 else { return filled }
    let valid = validity.gathered(at: rows)
    let both = valid.flatMap { valid in filled.map { valid.intersection($0) } }
    return both ?? valid ?? filled
  }

  /// The parts of values that are words.
  var words: [Buffer<Int64>] { if case .words(let parts) = values { parts } else { [] } }

  /// The same where it is known which of the values are no nulls; `nil` for all.
  func gathered(
    at rows: Span<Int32>, from places: Buffer<PartedRows.Place>, validity: Bitmap?
  ) -> Column {
    let gathered: Column.Values
    switch values {
    case .whole(let whole): return whole.gathered(at: rows)
    case .words(let parts):
      let words = places.gathered(from: parts, gap: 0)
      gathered = .words(words, of: type)
    case .flags(let parts): gathered = .bool(places.gathered(from: parts, gap: false))
    case .codes(let parts, let firsts, let dictionary):
      let moved = places.gathered(from: parts, adding: firsts)
      // A null's code was 0, and is again.
      let hasNulls = self.validity != nil && firsts.contains { $0 != 0 }
      let codes = hasNulls ? validity.map { moved.zeroed(outside: $0, zero: 0) } ?? moved : moved
      gathered = .dictionary(DictionaryStrings(codes: codes, dictionary: dictionary))
    }
    return Column(gathered, validity: validity)
  }
}

extension Column.Values {
  /// Values of `type`, which are of one word each, by their bits.
  static func words(_ words: Buffer<Int64>, of type: ColumnType) -> Column.Values {
    switch type {
    case .double: .double(words.reinterpreted(as: Double.self))
    case .time: .time(words)
    default: .int(words)
    }
  }
}

extension Column {
  /// Texts that came with a dictionary, or of which there is none.
  fileprivate var coded: DictionaryStrings? {
    switch values {
    case .dictionary(let texts): texts
    case .string where countNulls() == count:
      DictionaryStrings(codes: Buffer(repeating: 0, count: count), dictionary: .empties(0))
    default: nil
    }
  }
}

extension Span<Int32> {
  /// Which of these are not negative; `nil` for all.
  var signs: Bitmap? {
    var bits = BitmapBuilder(capacity: count)
    for start in stride(from: 0, to: count, by: 64) {
      let step = Swift.min(64, count - start)
      var word: UInt64 = 0
      for bit in 0..<step { word |= (self[start &+ bit] >= 0 ? 1 : 0) &<< UInt64(bit) }
      bits.append(word: word, count: step)
    }
    return bits.finishAsValidity()
  }
}

extension PartedColumn.Values {
  /// The values of `parts` where they lie; `nil` where these are of a kind that is brought together.
  fileprivate init?(_ parts: [Column]) {
    guard !parts.isEmpty else { return nil }
    let words = parts.compactMap(\.values.words)
    if words.count == parts.count {
      self = .words(words)
      return
    }
    let flags = parts.compactMap { if case .bool(let flags) = $0.values { flags } else { nil } }
    if flags.count == parts.count {
      self = .flags(flags)
      return
    }
    let texts = parts.compactMap(\.coded)
    guard texts.count == parts.count, let (dictionary, firsts) = DictionaryStrings.joined(texts)
    else { return nil }
    self = .codes(texts.map(\.codes), firsts: firsts, dictionary)
  }
}

extension Buffer<PartedRows.Place> {
  /// The elements of `parts` at these places. Behind the parts stands one for gaps, which holds `gap`.
  fileprivate func gathered<Value>(from parts: [Buffer<Value>], gap: Value) -> Buffer<Value> {
    let all = parts + [Buffer<Value>(repeating: gap, count: 1)]
    // The pointers are good as long as `all` is.
    let starts = all.map(\.unsafeStart)
    var result = BufferBuilder<Value>()
    result.append(upTo: count) { room in
      withUnsafeBufferPointer { places in
        starts.withUnsafeBufferPointer { starts in
          for index in places.indices {
            let place = places[index]
            room[index] = starts[Int(place.part)][Int(place.row)]
          }
        }
      }
      return count
    }
    withExtendedLifetime(all) {}
    return result.finish()
  }

  /// The same of codes, to those of each part the number in `firsts` added.
  fileprivate func gathered(from parts: [Buffer<Int32>], adding firsts: [Int32]) -> Buffer<Int32> {
    let all = parts + [Buffer<Int32>(repeating: 0, count: 1)]
    let starts = zip(all.map(\.unsafeStart), firsts + [0]).map { (start: $0, first: $1) }
    var result = BufferBuilder<Int32>()
    result.append(upTo: count) { room in
      withUnsafeBufferPointer { places in
        starts.withUnsafeBufferPointer { starts in
          for index in places.indices {
            let place = places[index]
            let part = starts[Int(place.part)]
            room[index] = part.start[Int(place.row)] &+ part.first
          }
        }
      }
      return count
    }
    withExtendedLifetime(all) {}
    return result.finish()
  }
}
