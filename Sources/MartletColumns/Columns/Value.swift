/// One value by itself, for where values are met one at a time: a definition's literal, a given
/// argument, a line of a preview. Columns are for all else.
public enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case time(Instant)
  case bytes([UInt8])
  case list([Value])
  case vector([Float])
}

extension Column {
  /// The value of row `index`, by itself.
  public subscript(index: Int) -> Value {
    if isNull(at: index) { return .null }
    switch values {
    case .bool(let flags): return .bool(flags[index])
    case .int(let numbers): return .int(numbers[index])
    case .double(let numbers): return .double(numbers[index])
    case .string(let texts): return .string(texts[index])
    case .dictionary(let texts): return .string(texts[index])
    case .time(let instants): return .time(Instant(microseconds: instants[index]))
    case .bytes(let texts): return .bytes(texts.bytes(at: index))
    case .list(let lists):
      let elements = lists[index]
      return .list((0..<elements.count).map { elements[$0] })
    case .vector(let vectors):
      let floats = vectors[index]
      return .vector((0..<floats.count).map { floats[$0] })
    }
  }
}
