import MartletColumns

/// Numbers side by side in a few bits each, the first in the lowest bits.
///
///     width 3    byte 0           byte 1
///     bits       22111000         5444 3332      values 0, 1, 2, …
enum BitPacking {
  /// The bits that hold `greatest` and all numbers below.
  static func width(of greatest: UInt64) -> Int { 64 - greatest.leadingZeroBitCount }

  /// The bytes that `count` numbers of `width` bits take.
  static func byteCount(_ count: Int, width: Int) -> Int { (count * width + 7) / 8 }

  /// Appends `values`, each under 2^width, filled up with zeros to a whole byte.
  static func append<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<Word>, width: Int, to output: inout BufferBuilder<UInt8>
  ) {
    let size = byteCount(values.count, width: width)
    guard size > 0 else { return }
    let bits = UInt64(width)
    // A whole word is stored at a time, the last one into the slack behind the room if need be.
    output.append(upTo: size) { room in
      guard let start = room.baseAddress else { return 0 }
      var target = UnsafeMutableRawPointer(start)
      var pending: UInt64 = 0
      var filled: UInt64 = 0
      for value in values {
        let value = UInt64(truncatingIfNeeded: value)
        pending |= value &<< filled
        filled &+= bits
        if filled >= 64 {
          target.storeBytes(of: pending.littleEndian, as: UInt64.self)
          target += 8
          filled &-= 64
          // What did not fit. `value >> bits` is all of it, and a shift by 64 would be none.
          pending = filled == 0 ? 0 : value &>> (bits &- filled)
        }
      }
      if filled > 0 { target.storeBytes(of: pending.littleEndian, as: UInt64.self) }
      return size
    }
  }
}
