extension Double: Ranked {
  public func ranksBelow(_ other: Double) -> Bool {
    // The comparison settles all but zeros and NaN.
    if self < other { return true }
    if self > other || isNaN { return false }
    return other.isNaN || (sign == .minus && other.sign == .plus)
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
