extension Double: Ranked {
  /// The place of this value among all, as an integer.
  ///
  /// Of the finite ones and the infinities the bits below the sign already ascend with the size; a
  /// negative value has them turned round. NaN stands above all.
  var rank: Int64 {
    let bits = Int64(bitPattern: normalized.bitPattern)
    return bits >= 0 ? bits : bits ^ .max
  }

  public func ranksBelow(_ other: Double) -> Bool {
    // The comparison settles all but zeros and NaN.
    if self < other { return true }
    if self > other { return false }
    return rank < other.rank
  }

  /// Itself; of a NaN the one NaN.
  public var normalized: Double { isNaN ? .nan : self }

  public var asKey: Double { self == 0 ? 0 : normalized }

  public func write(to writer: inout StateWriter) { writer.write(fixed: normalized.bitPattern) }

  public static func read(from reader: inout StateReader) throws(StateError) -> Double {
    let value = Double(bitPattern: try reader.readFixed("double"))
    guard value.normalized.bitPattern == value.bitPattern else {
      throw StateError("double", .notCanonical)
    }
    return value
  }
}
