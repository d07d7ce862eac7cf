import MartletColumns

/// Rows of one entity that are folded one at a time, as the folds of measures look at them.
struct FoldRows {
  let times: Buffer<Int64>
  let values: [Column]

  /// The double in `row` of value `place`; ints as doubles are for plans to widen.
  @inline(__always)
  func double(_ place: Int, _ row: Int) -> Double {
    guard case .double(let numbers) = values[place].values else {
      preconditionFailure("a \(values[place].type) is no double")
    }
    return numbers[row]
  }

  /// The int, time or bool in `row` of value `place`.
  @inline(__always)
  func word(_ place: Int, _ row: Int) -> Int64 {
    switch values[place].values {
    case .int(let numbers), .time(let numbers): return numbers[row]
    case .bool(let flags): return flags[row] ? 1 : 0
    default: preconditionFailure("a \(values[place].type) is no word")
    }
  }

  /// The text in `row` of value `place`, by its bytes.
  func bytes(_ place: Int, _ row: Int) -> [UInt8] {
    switch values[place].values {
    case .string(let texts), .bytes(let texts): return texts.bytes(at: row)
    case .dictionary(let texts): return texts.dictionary.bytes(at: Int(texts.codes[row]))
    default: preconditionFailure("a \(values[place].type) is no text")
    }
  }

  /// Whether `row` counts for a measure over value `place` where value `filter` holds.
  @inline(__always)
  func counts(_ row: Int, value place: Int?, filter: Int?) -> Bool {
    if let filter {
      guard case .bool(let flags) = values[filter].values, flags[row],
        values[filter].validity?[row] ?? true
      else { return false }
    }
    guard let place, let validity = values[place].validity else { return true }
    return validity[row]
  }
}
