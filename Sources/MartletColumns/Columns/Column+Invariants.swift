extension Column {
  /// A null's slot holds the type's zero.
  func checkInvariants() {
    #if MARTLET_CHECKS
      guard let validity else { return }
      for row in 0..<count where !validity[row] {
        precondition(values.isZero(at: row), "null row \(row) of a \(type) column holds a value")
      }
    #endif
  }
}

#if MARTLET_CHECKS
  extension Column.Values {
    fileprivate func isZero(at row: Int) -> Bool {
      switch self {
      case .bool(let flags): !flags[row]
      case .int(let numbers), .time(let numbers): numbers[row] == 0
      case .double(let numbers): numbers[row].bitPattern == 0
      case .string(let texts), .bytes(let texts): texts.range(row).isEmpty
      case .dictionary(let texts): texts.codes[row] == 0
      case .list(let lists): lists.range(row).isEmpty
      case .vector(let vectors):
        (0..<vectors.width).allSatisfy { vectors[row][$0].bitPattern == 0 }
      }
    }
  }
#endif
