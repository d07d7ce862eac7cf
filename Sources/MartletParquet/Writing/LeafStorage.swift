import MartletColumns

/// How the values of a leaf are stored, and the order that its bounds are made by.
struct LeafStorage: Equatable {
  var physicalType: PhysicalType
  var order = ValueOrder.natural
  /// The bytes of each value, where all have as many.
  var fixedByteCount: Int?
}

/// The order of values that bounds are told in, by what they mean.
enum ValueOrder: Equatable {
  /// Numbers with their sign, texts byte by byte.
  case natural
  case unsigned
  /// Bytes that are one number, the highest first, with a sign.
  case twosComplement
  case half
  /// Nobody has said which comes first.
  case none
}

extension LeafStorage {
  /// How we store values of ours.
  init(_ values: Leaf.Values) {
    switch values {
    case .floats: self.init(physicalType: .float)
    case .column(.bool): self.init(physicalType: .boolean)
    case .column(.int), .column(.time): self.init(physicalType: .int64)
    case .column(.double): self.init(physicalType: .double)
    case .column(.string), .column(.dictionary), .column(.bytes):
      self.init(physicalType: .byteArray)
    case .column(.list), .column(.vector): preconditionFailure("a leaf is no list")
    }
  }

  /// How a column of another file is stored.
  init(_ stored: StoredColumn) {
    physicalType = stored.physicalType
    fixedByteCount = stored.fixedByteCount
    order = ValueOrder(stored)
  }

  /// Whether numbers take 32 bits.
  var isNarrow: Bool { physicalType == .int32 || physicalType == .float }
}

extension ValueOrder {
  fileprivate init(_ stored: StoredColumn) {
    switch (stored.physicalType, stored.meaning) {
    case (.int96, _), (_, .newer?): self = .none
    case (_, .integer(_, isSigned: false)?): self = .unsigned
    case (.byteArray, .decimal?), (.fixedLengthByteArray, .decimal?): self = .twosComplement
    case (.fixedLengthByteArray, .float16?): self = .half
    // A bound cannot be cut where readers expect as many bytes as a value has.
    case (.fixedLengthByteArray, _) where (stored.fixedByteCount ?? 0) > Bounds.mostTextBytes:
      self = .none
    default: self = .natural
    }
  }
}
