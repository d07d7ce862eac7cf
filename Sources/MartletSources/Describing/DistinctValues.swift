import MartletColumns

/// Whether the values of a column are all different, watched until two are not.
struct DistinctValues {
  private(set) var isDistinct = true
  private var met: Set<[UInt8]> = []

  /// More than these are not remembered: what is not known to be distinct is not called so.
  private static let most = 1 << 20

  mutating func noteNull() { forget() }

  mutating func note(_ text: UnsafeRawBufferPointer) {
    guard isDistinct else { return }
    if met.count == Self.most || !met.insert(Array(text)).inserted { forget() }
  }

  private mutating func forget() {
    isDistinct = false
    met = []
  }
}
