/// Numbers the distinct values of 64 bits that it meets: 0, 1, 2 … in the order of meeting them.
///
/// As long as they lie close together, in a place for each of a range (`NearGroups`); from then on in a table
/// of open addressing whose slots lie side by side, at most half full:
///
///     slot   key · group + 1          0 where free
///
/// The keys stand again in `keys`, by group, for whoever wants them back.
struct IntGroups: ~Copyable {
  private struct Slot: BitwiseCopyable {
    var key: Int64
    var groupAfter: Int64
  }

  private var near = NearGroups()
  private var isNear = true
  private var slots = BufferBuilder<Slot>()
  private var shift: UInt64 = 0

  /// The distinct keys, by group; null's is 0.
  private(set) var keys = BufferBuilder<Int64>()

  /// The group of nulls, once one was met. It has no slot.
  private(set) var groupOfNull: Int?

  /// The number of distinct keys so far.
  var count: Int { keys.count }

  /// The group of nulls, a new one if none was met before.
  mutating func assignNull() -> Int32 {
    if let groupOfNull { return Int32(truncatingIfNeeded: groupOfNull) }
    refuseTooMany(1)
    groupOfNull = keys.count
    keys.append(0)
    return Int32(truncatingIfNeeded: keys.count - 1)
  }

  /// Writes each key's group to `groups`.
  mutating func assign(
    _ values: UnsafePointer<Int64>, _ groups: UnsafeMutablePointer<Int32>, count: Int
  ) {
    if isNear {
      let all = UnsafeBufferPointer(start: values, count: count)
      isNear = near.reach(all, most: mostPlaces(for: count))
      if !isNear { near = NearGroups() }
    }
    // New keys are met in blocks, so that room is made once a block and the loop has no such branch.
    var start = 0
    while start < count {
      let end = min(start + 4_096, count)
      refuseTooMany(end - start)
      if isNear {
        assignNear(values + start, groups + start, count: end - start)
      } else {
        makeRoom(for: end - start)
        assignBlock(values + start, groups + start, count: end - start)
      }
      start = end
    }
  }

  /// How many places `more` values may take beside the known: about as much memory as slots would.
  private func mostPlaces(for more: Int) -> Int {
    min(max(8 * (keys.count + more), 1_024), 1 << 28)
  }

  private mutating func assignNear(
    _ values: UnsafePointer<Int64>, _ groups: UnsafeMutablePointer<Int32>, count: Int
  ) {
    let known = keys.count
    keys.append(upTo: count) { fresh in
      near.assign(UnsafeBufferPointer(start: values, count: count), groups, from: known, fresh)
    }
  }

  private mutating func assignBlock(
    _ values: UnsafePointer<Int64>, _ groups: UnsafeMutablePointer<Int32>, count: Int
  ) {
    let shift = shift
    let mask = slots.count &- 1
    var known = keys.count
    slots.withUnsafeMutableBufferPointer { slots in
      keys.append(upTo: count) { fresh in
        var met = 0
        for index in 0..<count {
          let key = values[index]
          var place = Int(
            truncatingIfNeeded: RowHash.of(UInt64(bitPattern: key)) &>> shift)
          while true {
            let slot = slots[place]
            if slot.groupAfter == 0 {
              fresh[met] = key
              met &+= 1
              known &+= 1
              slots[place] = Slot(key: key, groupAfter: Int64(truncatingIfNeeded: known))
              groups[index] = Int32(truncatingIfNeeded: known &- 1)
              break
            }
            if slot.key == key {
              groups[index] = Int32(truncatingIfNeeded: slot.groupAfter &- 1)
              break
            }
            place = (place &+ 1) & mask
          }
        }
        return met
      }
    }
  }

  /// Writes each key's group to `groups`, -1 for a key that was never met.
  func find(
    _ values: UnsafePointer<Int64>, _ groups: UnsafeMutablePointer<Int32>, count: Int
  ) {
    guard !isNear else {
      return near.find(UnsafeBufferPointer(start: values, count: count), groups)
    }
    let shift = shift
    let mask = slots.count &- 1
    slots.span.withUnsafeBufferPointer { slots in
      for index in 0..<count {
        let key = values[index]
        var place = Int(truncatingIfNeeded: RowHash.of(UInt64(bitPattern: key)) &>> shift)
        while slots[place].groupAfter != 0, slots[place].key != key { place = (place &+ 1) & mask }
        groups[index] = Int32(truncatingIfNeeded: slots[place].groupAfter &- 1)
      }
    }
  }

  private func refuseTooMany(_ more: Int) {
    precondition(keys.count + more < Int(Int32.max), "more groups than 32 bits number")
  }

  /// Keeps the table at most half full after `more` new keys.
  private mutating func makeRoom(for more: Int) {
    let needed = (keys.count + more) * 2
    guard needed > slots.count else { return }
    var size = max(slots.count, 512)
    while size < needed { size *= 2 }
    // Growing fourfold while small halves the number of times that everything moves.
    if size < 1 << 22 { size *= 2 }
    shift = UInt64(64 - size.trailingZeroBitCount)
    let mask = size &- 1
    var larger = BufferBuilder<Slot>(capacity: size)
    larger.append(repeating: Slot(key: 0, groupAfter: 0), count: size)
    for group in 0..<keys.count where group != groupOfNull {
      let key = keys.unchecked(group)
      var place = Int(truncatingIfNeeded: RowHash.of(UInt64(bitPattern: key)) &>> shift)
      while larger.unchecked(place).groupAfter != 0 { place = (place &+ 1) & mask }
      larger[place] = Slot(key: key, groupAfter: Int64(truncatingIfNeeded: group &+ 1))
    }
    slots = larger
  }
}
