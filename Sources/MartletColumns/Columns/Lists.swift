/// Lists side by side: each row is a run of `elements`.
///
/// Invariants:
/// - `offsets` holds `count + 1` offsets that never descend, each within `elements`.
/// - A null row, like an empty one, takes no elements.
public struct Lists: Sendable {
  /// Where each list begins, and where the last one ends.
  public let offsets: Buffer<Int32>

  /// The values of all lists, one list after the other.
  public let elements: Column

  /// The values of `elements`, cut at `offsets`.
  public init(offsets: Buffer<Int32>, elements: Column) {
    precondition(offsets.count > 0, "no offsets")
    self.offsets = offsets
    self.elements = elements
    checkInvariants()
  }

  /// A part of what was checked as a whole.
  private init(partWith offsets: Buffer<Int32>, of elements: Column) {
    self.offsets = offsets
    self.elements = elements
  }

  /// The number of lists.
  public var count: Int { offsets.count - 1 }

  /// Where list `index` lies in `elements`.
  public func range(_ index: Int) -> Range<Int> {
    Int(offsets[index])..<Int(offsets[index + 1])
  }

  /// The values of list `index`, sharing their memory.
  public subscript(index: Int) -> Column { elements.slice(range(index)) }

  /// The lists in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> Lists {
    Lists(partWith: offsets.slice(range.lowerBound..<range.upperBound + 1), of: elements)
  }
}

extension Lists {
  func checkInvariants() {
    #if MARTLET_CHECKS
      precondition(offsets[0] >= 0 && Int(offsets[count]) <= elements.count, "offset outside")
      for index in 0..<count {
        precondition(offsets[index] <= offsets[index + 1], "offset \(index) descends")
      }
    #endif
  }
}
