import CPages

/// Fetches records from all over into columns, 64 at a time.
///
///     places   ──▶  64 records near the processor  ──▶  64 values of each column, in their order
///
/// The first step does nothing but fetch: a processor waits for many reads at once.
final class RecordFetch: @unchecked Sendable {
  // Sendable because each stretch of rows is written by one call, and read when all calls have returned.
  private let layout: RecordLayout
  private let places: Buffer<PartedRows.Place>
  private let parts: [Buffer<UInt64>]
  private let values: [Allocation]
  private let bits: [Allocation]

  /// Records of `parts`, a row for each of `places`; what lies behind all parts is a gap, of nulls.
  init(_ parts: [RowRecords], _ layout: RecordLayout, _ places: Buffer<PartedRows.Place>) {
    self.layout = layout
    self.places = places
    self.parts = parts.map(\.words) + [Buffer(repeating: 0, count: layout.width)]
    let rowCount = places.count
    values = layout.wordColumns.map { _ in Allocation(byteCount: rowCount * 8) }
    bits = (0..<layout.columnCount).map { _ in Allocation(byteCount: (rowCount + 63) / 64 * 8) }
  }

  /// How many stretches there are to fetch.
  var stretchCount: Int { (places.count + Self.rowsPerStretch - 1) / Self.rowsPerStretch }

  private static let rowsPerStretch = 1 << 15

  /// Fetches one stretch.
  func fetch(_ stretch: Int) {
    // The pointers are good as long as `parts` and the allocations are.
    let starts = parts.map(\.unsafeStart)
    let first = stretch * Self.rowsPerStretch
    let end = min(first + Self.rowsPerStretch, places.count)
    for column in values { martlet_lay_pages(column.start + first * 8, (end - first) * 8) }
    places.withUnsafeBufferPointer { places in
      starts.withUnsafeBufferPointer { starts in
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64 * layout.width) { near in
          guard let near = near.baseAddress else { return }
          for row in stride(from: first, to: end, by: 64) {
            let rows = row..<min(row + 64, end)
            gather(rows, places, starts, near)
            for place in values.indices { deal(place, rows, near) }
            for column in bits.indices { dealBits(column, rows, near) }
          }
        }
      }
    }
  }

  private func gather(
    _ rows: Range<Int>, _ places: UnsafeBufferPointer<PartedRows.Place>,
    _ starts: UnsafeBufferPointer<UnsafePointer<UInt64>>, _ near: UnsafeMutablePointer<UInt64>
  ) {
    let width = layout.width
    var target = near
    for row in rows {
      let place = places[row]
      let record = starts[Int(place.part)] + Int(place.row) &* width
      for word in 0..<width { target[word] = record[word] }
      target += width
    }
  }

  private func deal(_ place: Int, _ rows: Range<Int>, _ near: UnsafeMutablePointer<UInt64>) {
    let target = values[place].start.assumingMemoryBound(to: UInt64.self) + rows.lowerBound
    let (source, width) = (near + place, layout.width)
    for row in 0..<rows.count { target[row] = source[row &* width] }
  }

  private func dealBits(_ column: Int, _ rows: Range<Int>, _ near: UnsafeMutablePointer<UInt64>) {
    let target = bits[column].start.assumingMemoryBound(to: UInt64.self) + rows.lowerBound / 64
    let (word, bit) = layout.bit(of: column)
    let (source, width) = (near + word, layout.width)
    var found: UInt64 = 0
    for row in 0..<rows.count { found |= (source[row &* width] &>> bit & 1) &<< UInt64(row) }
    target.pointee = found
  }

  /// The values of the columns that are words, in their order, and which values of each column are no nulls;
  /// `nil` for all. Every stretch has been fetched.
  func finish() -> (words: [Buffer<Int64>], validity: [Bitmap?]) {
    let count = places.count
    return (
      values.map { Buffer(of: $0, count: count) },
      bits.map { bits in
        let bitmap = Bitmap(words: Buffer(of: bits, count: (count + 63) / 64), count: count)
        return bitmap.countSetBits() == count ? nil : bitmap
      }
    )
  }
}
