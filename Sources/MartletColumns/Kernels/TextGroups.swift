/// Numbers the distinct texts that it meets: 0, 1, 2 … in the order of meeting them.
///
/// A table of open addressing, at most half full; a slot keeps half of the hash, so that a text is
/// hardly ever compared with another's bytes in vain:
///
///     slot   upper half of hash · group + 1        0 where free
struct TextGroups: ~Copyable {
  private struct Slot: BitwiseCopyable {
    var hash: UInt32
    var groupAfter: UInt32
  }

  private var slots: BufferBuilder<Slot>
  private var hashes = BufferBuilder<UInt64>()
  private var offsets = BufferBuilder<Int>()
  private var bytes = BufferBuilder<UInt8>()

  init() {
    slots = BufferBuilder(capacity: 1_024)
    slots.append(repeating: Slot(hash: 0, groupAfter: 0), count: 1_024)
    offsets.append(0)
  }

  /// The number of distinct texts so far.
  var count: Int { hashes.count }

  /// The group of nulls, once one was met. It has no slot, and an empty text.
  private(set) var groupOfNull: Int?

  /// The distinct texts, by group; `nil` where they are too long for one column.
  borrowing func texts() -> Strings? {
    guard bytes.count <= Strings.mostBytes else { return nil }
    var ends = BufferBuilder<Int32>(capacity: offsets.count)
    for offset in 0..<offsets.count { ends.append(Int32(truncatingIfNeeded: offsets[offset])) }
    return Strings(offsets: ends.finish(), bytes: Buffer(copying: bytes.span))
  }

  /// The group of nulls, a new one if none was met before.
  mutating func assignNull() -> Int32 {
    if let groupOfNull { return Int32(truncatingIfNeeded: groupOfNull) }
    groupOfNull = hashes.count
    hashes.append(0)
    offsets.append(bytes.count)
    return Int32(truncatingIfNeeded: hashes.count - 1)
  }

  /// Writes each text's group to `groups`.
  mutating func assign(_ texts: Strings, _ groups: UnsafeMutablePointer<Int32>) {
    texts.bytes.withUnsafeBufferPointer { all in
      texts.offsets.withUnsafeBufferPointer { offsets in
        guard let bytes = UnsafeRawPointer(all.baseAddress) else { return }
        for row in 0..<texts.count {
          let start = Int(offsets[row])
          groups[row] = group(of: bytes + start, count: Int(offsets[row &+ 1]) &- start)
        }
      }
    }
  }

  /// The group of one text, a new one if it was never met.
  @inline(__always)
  mutating func group(of text: UnsafeRawPointer, count: Int) -> Int32 {
    let hash = RowHash.of(text, count: count)
    let mask = slots.count &- 1
    let upper = UInt32(truncatingIfNeeded: hash &>> 32)
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots.unchecked(place)
      if slot.groupAfter == 0 { break }
      if slot.hash == upper {
        let group = Int(slot.groupAfter &- 1)
        let start = offsets.unchecked(group)
        if offsets.unchecked(group &+ 1) &- start == count,
          bytes.holds(text, at: start, count: count)
        {
          return Int32(truncatingIfNeeded: group)
        }
      }
      place = (place &+ 1) & mask
    }
    return add(text, count: count, hash: hash, at: place)
  }

  /// The group of one text, -1 if it was never met.
  @inline(__always)
  func find(_ text: UnsafeRawPointer, count: Int) -> Int32 {
    let hash = RowHash.of(text, count: count)
    let mask = slots.count &- 1
    let upper = UInt32(truncatingIfNeeded: hash &>> 32)
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots.unchecked(place)
      if slot.groupAfter == 0 { return -1 }
      if slot.hash == upper {
        let group = Int(slot.groupAfter &- 1)
        let start = offsets.unchecked(group)
        if offsets.unchecked(group &+ 1) &- start == count,
          bytes.holds(text, at: start, count: count)
        {
          return Int32(truncatingIfNeeded: group)
        }
      }
      place = (place &+ 1) & mask
    }
  }

  private mutating func add(
    _ text: UnsafeRawPointer, count: Int, hash: UInt64, at place: Int
  ) -> Int32 {
    let group = hashes.count
    precondition(group < Int(Int32.max), "more groups than 32 bits number")
    hashes.append(hash)
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.assumingMemoryBound(to: UInt8.self), count: count)
    )
    offsets.append(bytes.count)
    slots[place] = Slot(
      hash: UInt32(truncatingIfNeeded: hash &>> 32), groupAfter: UInt32(group + 1))
    if hashes.count * 2 > slots.count { grow() }
    return Int32(truncatingIfNeeded: group)
  }

  private mutating func grow() {
    let size = slots.count * 4
    let mask = size &- 1
    var larger = BufferBuilder<Slot>(capacity: size)
    larger.append(repeating: Slot(hash: 0, groupAfter: 0), count: size)
    for group in 0..<hashes.count where group != groupOfNull {
      let hash = hashes.unchecked(group)
      var place = Int(truncatingIfNeeded: hash) & mask
      while larger.unchecked(place).groupAfter != 0 { place = (place &+ 1) & mask }
      larger[place] = Slot(
        hash: UInt32(truncatingIfNeeded: hash &>> 32),
        groupAfter: UInt32(truncatingIfNeeded: group &+ 1))
    }
    slots = larger
  }
}

extension BufferBuilder where Element == UInt8 {
  /// Whether the bytes from `start` on are those of `text`.
  @inline(__always)
  fileprivate func holds(_ text: UnsafeRawPointer, at start: Int, count: Int) -> Bool {
    span.withUnsafeBytes { bytes in
      let mine = bytes.baseAddress.unsafelyUnwrapped + start
      var offset = 0
      // Whole words first; the allocation's slack does not help here, since `text` is another's.
      while offset &+ 8 <= count {
        guard
          mine.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            == text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        else { return false }
        offset &+= 8
      }
      while offset < count {
        guard
          mine.load(fromByteOffset: offset, as: UInt8.self)
            == text.load(fromByteOffset: offset, as: UInt8.self)
        else { return false }
        offset &+= 1
      }
      return true
    }
  }
}
