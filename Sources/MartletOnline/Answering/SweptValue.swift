import MartletAggregates
import MartletEngine

/// An entity's value while it is swept over.
struct SweptValue {
  let bytes: UnsafeRawBufferPointer

  /// What stands before its pages; `nil` where it is rows alone.
  let index: RowIndex?

  /// Reads its chapters; `nil` where nobody can.
  let entity: EntityReader?

  /// The rows that are not behind the index, and behind them the page that is looked at.
  let places: RowPlaces
}

/// Reads indexes and pages of one set.
struct PageReading {
  let layout: UInt32
  let names: UInt64
  let firstValue: Int

  /// The index that `bytes` begin with; `nil` where they begin with rows.
  func index(of bytes: UnsafeRawBufferPointer) throws(RowsError) -> RowIndex? {
    try RowIndex(of: bytes, layout: layout, names: names)
  }

  /// The bytes of `page` in the value that begins with its index.
  static func bytes(
    of page: RowIndex.Page, in value: UnsafeRawBufferPointer
  ) throws(RowsError) -> UnsafeRawBufferPointer {
    guard page.block.upperBound <= value.count else { throw RowsError("pages") }
    return UnsafeRawBufferPointer(rebasing: value[page.block])
  }
}
