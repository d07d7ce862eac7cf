/// Where rows lie that are counted through several parts, one after the other.
///
///     part       0       1     2
///     rows    0 1 2 3 │ 4 5 │ 6 7 8
///     row 5 ──▶ part 1, row 1
public struct PartedRows: Sendable {
  /// A row by its part and its place in it.
  public struct Place: BitwiseCopyable, Sendable {
    var part: Int32
    var row: Int32
  }

  /// The first row of each part, and the end of the last.
  private let starts: Buffer<Int32>

  /// For each stretch of 4,096 rows, the part of its first.
  private let firstParts: Buffer<Int32>

  /// Parts of so many rows each.
  public init(counts: [Int]) {
    var starts = BufferBuilder<Int32>(capacity: counts.count + 1)
    var firstParts = BufferBuilder<Int32>()
    var end = 0
    for (part, count) in counts.enumerated() {
      starts.append(Int32(truncatingIfNeeded: end))
      end += count
      precondition(end <= Int(Int32.max), "more rows than 32 bits number")
      while firstParts.count << 12 < end { firstParts.append(Int32(truncatingIfNeeded: part)) }
    }
    starts.append(Int32(truncatingIfNeeded: end))
    self.starts = starts.finish()
    self.firstParts = firstParts.finish()
  }

  /// How many rows all parts have.
  public var count: Int { Int(starts[starts.count - 1]) }

  /// The places of `rows`, each of which must be under `count`. A negative one is a gap, and lies in a part
  /// of its own behind all others.
  public func places(of rows: Span<Int32>) -> Buffer<Place> {
    var places = BufferBuilder<Place>()
    places.append(upTo: rows.count) { room in
      rows.withUnsafeBufferPointer { find($0, into: room) }
      return rows.count
    }
    return places.finish()
  }

  /// The same, stretches of them beside each other.
  func places(of rows: Buffer<Int32>, forEach: RowOrder.ForEach) -> Buffer<Place> {
    // Each stretch is written by one call, and read when all calls have returned.
    nonisolated(unsafe) let places = Allocation(
      byteCount: rows.count * MemoryLayout<Place>.stride)
    let stretch = 1 << 16
    forEach((rows.count + stretch - 1) / stretch) { number in
      let range = number * stretch..<min((number + 1) * stretch, rows.count)
      let room = UnsafeMutableBufferPointer(
        start: places.start.assumingMemoryBound(to: Place.self) + range.lowerBound,
        count: range.count)
      rows.slice(range).withUnsafeBufferPointer { find($0, into: room) }
    }
    return Buffer(of: places, count: rows.count)
  }

  private func find(
    _ rows: UnsafeBufferPointer<Int32>, into room: UnsafeMutableBufferPointer<Place>
  ) {
    let end = starts[starts.count - 1]
    let gap = Place(part: Int32(truncatingIfNeeded: starts.count - 1), row: 0)
    starts.withUnsafeBufferPointer { starts in
      firstParts.withUnsafeBufferPointer { firstParts in
        for index in rows.indices {
          let row = rows[index]
          guard row >= 0 else {
            room[index] = gap
            continue
          }
          precondition(row < end, "row \(row) of \(end)")
          var part = firstParts[Int(row) &>> 12]
          while row >= starts[Int(part) &+ 1] { part &+= 1 }
          room[index] = Place(part: part, row: row &- starts[Int(part)])
        }
      }
    }
  }
}
