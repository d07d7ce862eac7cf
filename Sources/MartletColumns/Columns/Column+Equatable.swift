extension Column: Equatable {
  /// Whether both hold the same values, to the bit, and the same nulls.
  ///
  /// How texts are stored makes no difference; -0.0 and 0.0 differ, and a NaN equals itself.
  public static func == (one: Column, other: Column) -> Bool {
    guard one.type == other.type, one.count == other.count else { return false }
    return one.hasSameNulls(as: other) && one.values.hasSameBits(as: other.values, of: one)
  }

  private func hasSameNulls(as other: Column) -> Bool {
    switch (validity, other.validity) {
    case (nil, nil): true
    case (let mine?, let theirs?): mine == theirs
    case (let lone?, nil), (nil, let lone?): lone.countSetBits() == lone.count
    }
  }
}

extension Column.Values {
  fileprivate func hasSameBits(as other: Self, of column: Column) -> Bool {
    switch (self, other) {
    case (.bool(let mine), .bool(let theirs)): mine == theirs
    case (.int(let mine), .int(let theirs)), (.time(let mine), .time(let theirs)): mine == theirs
    case (.double(let mine), .double(let theirs)): mine == theirs
    case (.string(let mine), .string(let theirs)), (.bytes(let mine), .bytes(let theirs)):
      mine == theirs
    case (.vector(let mine), .vector(let theirs)): mine.floats == theirs.floats
    case (.list(let mine), .list(let theirs)):
      (0..<mine.count).allSatisfy { mine[$0] == theirs[$0] }
    default:
      // Texts of which one side at least is a dictionary: nulls hold any code's text there.
      (0..<count).allSatisfy { column.isNull(at: $0) || text(at: $0) == other.text(at: $0) }
    }
  }

  private func text(at row: Int) -> [UInt8]? {
    switch self {
    case .string(let texts): texts.bytes(at: row)
    case .dictionary(let texts):
      texts.dictionary.count == 0 ? [] : texts.dictionary.bytes(at: Int(texts.codes[row]))
    default: nil
    }
  }
}
