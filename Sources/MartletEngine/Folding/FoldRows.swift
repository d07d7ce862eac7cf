/// A column of rows as it lies in memory: nothing is copied, and nothing need be aligned.
///
/// Whoever fills in the pointers has checked that `count` rows lie behind each, and sees to it that they
/// stay until the rows are folded.
public struct FoldColumn {
  /// A bit for each row that has a value, the lowest first; `nil` where all have.
  public var presence: UnsafeRawPointer?

  /// Ints, times and doubles in eight bytes each, bools in one, texts one after the other.
  public var values: UnsafeRawPointer

  /// Where each text ends, four bytes each, ascending; `nil` of anything else.
  public var ends: UnsafeRawPointer?

  /// A column of which these are the parts.
  public init(presence: UnsafeRawPointer?, values: UnsafeRawPointer, ends: UnsafeRawPointer?) {
    self.presence = presence
    self.values = values
    self.ends = ends
  }

  /// Whether `row` has a value.
  @inline(__always)
  public func isPresent(_ row: Int) -> Bool {
    guard let presence else { return true }
    return presence.load(fromByteOffset: row &>> 3, as: UInt8.self) &>> UInt8(row & 7) & 1 == 1
  }

  /// The int, the time or the bits of the double in `row`.
  @inline(__always)
  public func word(_ row: Int) -> Int64 {
    Int64(littleEndian: values.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self))
  }

  /// The bool in `row`.
  @inline(__always)
  public func flag(_ row: Int) -> Bool {
    values.load(fromByteOffset: row, as: UInt8.self) != 0
  }

  /// The bytes of the text in `row`.
  @inline(__always)
  public func text(_ row: Int) -> UnsafeRawBufferPointer {
    guard let ends else { preconditionFailure("a column without texts") }
    let start = row == 0 ? 0 : ends.loadUnaligned(fromByteOffset: row &* 4 &- 4, as: UInt32.self)
    let end = ends.loadUnaligned(fromByteOffset: row &* 4, as: UInt32.self)
    let first = Int(UInt32(littleEndian: start))
    return UnsafeRawBufferPointer(
      start: values + first, count: Int(UInt32(littleEndian: end)) - first)
  }
}

/// Rows of one entity by their event times, as the folds of measures look at them.
public struct FoldRows {
  /// How many there are.
  public let count: Int

  let clock: FoldColumn
  private let values: UnsafePointer<FoldColumn>

  /// Rows that happened when `clock` says and have the values of the columns from `values` on.
  public init(count: Int, clock: FoldColumn, values: UnsafePointer<FoldColumn>) {
    self.count = count
    self.clock = clock
    self.values = values
  }

  /// When `row` happened.
  @inline(__always)
  public func time(_ row: Int) -> Int64 { clock.word(row) }

  /// The column of value `place`.
  @inline(__always)
  func column(_ place: Int) -> FoldColumn { values[place] }

  /// The first of the rows in `range` that did not happen before `moment`; the end where all did.
  @inline(__always)
  public func firstRow(from moment: Int64, in range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    // Most asked of a page that ends a window, or of a few rows that were appended: often all.
    if low < high, time(low) >= moment { return low }
    while low < high {
      let middle = (low &+ high) &>> 1
      if time(middle) < moment { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
