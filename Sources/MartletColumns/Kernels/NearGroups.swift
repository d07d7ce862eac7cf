/// The groups of numbers that lie close together, as running numbers do: a place for each of a range.
///
///     number   first  +1  +2  +3  +4
///     place      3     0   1   2   0        group + 1, and 0 where none was met
///
/// A place takes 4 bytes where a slot of a hash table takes 16, and half of those are free.
struct NearGroups: ~Copyable {
  private var first: Int64 = 0
  private var places = BufferBuilder<Int32>()

  /// Makes places for all of `values`; returns `false`, and makes none, where there would be more than
  /// `most`.
  mutating func reach(_ values: UnsafeBufferPointer<Int64>, most: Int) -> Bool {
    var (low, high) = (Int64.max, Int64.min)
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return true }
    if places.count > 0 {
      low = min(low, first)
      high = max(high, first &+ Int64(places.count &- 1))
    }
    // A distance within 64 bits is right whatever the signs.
    let distance = UInt64(bitPattern: high &- low)
    guard distance < UInt64(most) else { return false }
    makePlaces(from: low, count: Int(distance) + 1)
    return true
  }

  private mutating func makePlaces(from low: Int64, count: Int) {
    if places.count == 0 { first = low }
    guard low < first else {
      return places.append(repeating: 0, count: count - places.count)
    }
    var moved = BufferBuilder<Int32>(capacity: count)
    moved.append(repeating: 0, count: Int(first &- low))
    moved.append(contentsOf: places.span)
    moved.append(repeating: 0, count: count - moved.count)
    places = moved
    first = low
  }

  /// Writes the group of each of `values`, which were reached, to `groups`, and those that were not met
  /// before to `fresh`; returns how many these are, numbered from `known` on.
  mutating func assign(
    _ values: UnsafeBufferPointer<Int64>, _ groups: UnsafeMutablePointer<Int32>,
    from known: Int, _ fresh: UnsafeMutableBufferPointer<Int64>
  ) -> Int {
    let first = first
    return places.withUnsafeMutableBufferPointer { places in
      var met = 0
      for index in values.indices {
        let place = Int(truncatingIfNeeded: values[index] &- first)
        if places[place] == 0 {
          fresh[met] = values[index]
          met &+= 1
          places[place] = Int32(truncatingIfNeeded: known &+ met)
        }
        groups[index] = places[place] &- 1
      }
      return met
    }
  }

  /// Writes each value's group to `groups`, -1 for one that was never met.
  func find(_ values: UnsafeBufferPointer<Int64>, _ groups: UnsafeMutablePointer<Int32>) {
    let first = first
    places.span.withUnsafeBufferPointer { places in
      let count = UInt64(places.count)
      for index in values.indices {
        let distance = UInt64(bitPattern: values[index] &- first)
        groups[index] = distance < count ? places[Int(truncatingIfNeeded: distance)] &- 1 : -1
      }
    }
  }
}
