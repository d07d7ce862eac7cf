extension ParquetFile {
  /// How many pages were read, and how many of them carry a checksum that their bytes were held
  /// against. What happened to the others may go unnoticed.
  public struct VerifiedPages: Equatable, Sendable {
    /// All pages, dictionaries among them.
    public var count = 0

    /// Those with a checksum.
    public var checkedCount = 0

    /// No pages yet.
    public init() {}

    /// Counts those of `other` too.
    public mutating func add(_ other: VerifiedPages) {
      count += other.count
      checkedCount += other.checkedCount
    }
  }

  /// Reads all of a column chunk, as it is stored, and its page index, without keeping anything.
  public func verify(
    column position: Int, ofRowGroup index: Int
  ) throws(ParquetError) -> VerifiedPages {
    let rowGroup = metadata.rowGroups[index]
    let rowCount = Int(rowGroup.rowCount)
    guard rowCount > 0 else { return VerifiedPages() }
    let cursor = try cursor(position, index, as: .stored)
    var left = rowCount
    while left > 0 {
      let step = min(left, 65_536)
      _ = try cursor.read(step)
      left -= step
    }
    do throws(ParquetError) {
      let chunk = rowGroup.columns[position]
      if let places = try chunk.readOffsetIndex(from: source, rowCount: rowCount) {
        _ = try chunk.readColumnIndex(from: source, pageCount: places.pages.count)
      }
    } catch {
      throw error.within(
        .init(part: "the page index", rowGroup: index, column: columns[position].name))
    }
    return cursor.verifiedPages
  }
}
