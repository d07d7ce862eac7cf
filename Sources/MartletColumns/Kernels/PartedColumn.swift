/// A column in parts, whose rows are gathered from where they lie.
///
/// Numbers and times stay as they came, so that all of them are never there twice. Other values are
/// brought together first: texts as codes into one dictionary, if they came as such, take few bytes.
public struct PartedColumn: Sendable {
  private let type: ColumnType
  private let parts: [Column]

  /// The words of each part; none where the parts were brought together.
  private let words: [Buffer<Int64>]

  /// Which of the words' rows are no nulls, of all parts; `nil` for all.
  private let validity: Bitmap?

  /// The rows of `parts`, all of `type`; `nil` where their texts or lists are too large for one column.
  public init?(_ parts: [Column], of type: ColumnType) {
    self.type = type
    let words = parts.compactMap(\.values.words)
    if words.count == parts.count {
      self.parts = parts
      self.words = words
      validity = Column.validity(of: parts)
      return
    }
    guard let whole = Column.concatenated(parts, of: type) else { return nil }
    self.parts = [whole]
    self.words = []
    validity = nil
  }

  /// The values at `rows`, whose places among the parts are `places`.
  public func gathered(
    at rows: Span<Int32>, from places: Buffer<PartedRows.Place>
  ) -> Column {
    if words.isEmpty, let whole = parts.first { return whole.gathered(at: rows) }
    let words = gatheredWords(places)
    let values: Column.Values =
      switch type {
      case .double: .double(words.reinterpreted(as: Double.self))
      case .time: .time(words)
      default: .int(words)
      }
    return Column(values, validity: validity?.gathered(at: rows))
  }

  private func gatheredWords(_ places: Buffer<PartedRows.Place>) -> Buffer<Int64> {
    // The pointers are good as long as `words` is.
    let starts = words.map(\.unsafeStart)
    var result = BufferBuilder<Int64>()
    result.append(upTo: places.count) { room in
      places.withUnsafeBufferPointer { places in
        starts.withUnsafeBufferPointer { starts in
          for index in places.indices {
            let place = places[index]
            room[index] = starts[Int(place.part)][Int(place.row)]
          }
        }
      }
      return places.count
    }
    withExtendedLifetime(words) {}
    return result.finish()
  }
}

extension Column.Values {
  /// Values of one word each, as their bits.
  fileprivate var words: Buffer<Int64>? {
    switch self {
    case .int(let numbers), .time(let numbers): numbers
    case .double(let numbers): numbers.reinterpreted(as: Int64.self)
    case .bool, .string, .dictionary, .bytes, .list, .vector: nil
    }
  }
}
