/// Takes numbers of a few bits each out of memory, the first from the lowest bits.
///
/// Whole words are loaded, so up to eight bytes behind the last number must be readable.
enum BitUnpacking {
  /// Number `index` of those from `start` on, of `width` bits each, 64 at most.
  @inline(__always)
  static func number(_ index: Int, of width: Int, from start: UnsafeRawPointer) -> UInt64 {
    let bit = index &* width
    let shift = UInt64(truncatingIfNeeded: bit & 7)
    let place = start + bit &>> 3
    var word = place.loadUnaligned(as: UInt64.self) &>> shift
    if width > 57, shift > 0 {
      word |= place.loadUnaligned(fromByteOffset: 8, as: UInt64.self) &<< (64 &- shift)
    }
    return width == 64 ? word : word & (1 &<< UInt64(truncatingIfNeeded: width) &- 1)
  }

  /// Eight numbers at a time, `groups` times, with the width folded in.
  @inline(__always)
  private static func unpack(
    _ width: Int, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Int32>, _ groups: Int
  ) {
    var (source, target) = (source, target)
    for _ in 0..<groups {
      for index in 0..<8 {
        target[index] = Int32(truncatingIfNeeded: number(index, of: width, from: source))
      }
      source += width
      target += 8
    }
  }

  /// `groups` times eight numbers of `width` bits, 32 at most.
  static func unpackGroups(
    _ groups: Int, of width: Int, from source: UnsafeRawPointer,
    into target: UnsafeMutablePointer<Int32>
  ) {
    switch width {
    case 0: target.update(repeating: 0, count: groups &* 8)
    case 1: unpack(1, source, target, groups)
    case 2: unpack(2, source, target, groups)
    case 3: unpack(3, source, target, groups)
    case 4: unpack(4, source, target, groups)
    case 5: unpack(5, source, target, groups)
    case 6: unpack(6, source, target, groups)
    case 7: unpack(7, source, target, groups)
    case 8: unpack(8, source, target, groups)
    case 9: unpack(9, source, target, groups)
    case 10: unpack(10, source, target, groups)
    case 11: unpack(11, source, target, groups)
    case 12: unpack(12, source, target, groups)
    case 13: unpack(13, source, target, groups)
    case 14: unpack(14, source, target, groups)
    case 15: unpack(15, source, target, groups)
    case 16: unpack(16, source, target, groups)
    case 17: unpack(17, source, target, groups)
    case 18: unpack(18, source, target, groups)
    case 19: unpack(19, source, target, groups)
    case 20: unpack(20, source, target, groups)
    default: unpack(width, source, target, groups)
    }
  }
}
