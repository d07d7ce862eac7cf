import MartletColumns

/// Reads small numbers written as runs: one number many times, or eight times some packed in bits.
///
///     run of one     count << 1        as a varint, then the number in whole bytes
///     packed run     groups << 1 | 1   as a varint, then groups × width bytes
struct RunReader {
  private var place: UnsafeRawPointer
  private let end: UnsafeRawPointer
  private let width: Int

  /// What is left of the run that has been begun.
  private var left = 0
  private var repeated: UInt32?
  private var packed: UnsafeRawPointer
  private var packedIndex = 0

  /// Numbers of `width` bits, 32 at most, from `bytes` on, behind which there is slack.
  init(_ bytes: UnsafeRawBufferPointer, width: Int, nothing: UnsafeRawPointer) {
    precondition(width >= 0 && width <= 32, "\(width) bits")
    place = bytes.baseAddress ?? nothing
    end = place + bytes.count
    packed = place
    self.width = width
  }

  /// Makes `left` positive.
  private mutating func beginRun() throws(ParquetError) {
    while left == 0 {
      let header = try readVarint()
      if header & 1 == 0 {
        try beginRepeated(Int(header >> 1))
      } else {
        // The last run may leave out bytes that would only fill it up.
        let groups = Int(header >> 1)
        let byteCount = min(groups * width, end - place)
        packed = place
        packedIndex = 0
        repeated = nil
        left = width == 0 ? groups * 8 : byteCount * 8 / width
        place += byteCount
        guard left > 0 || groups == 0 else { throw .truncated }
      }
    }
  }

  private mutating func beginRepeated(_ count: Int) throws(ParquetError) {
    let byteCount = (width + 7) / 8
    guard byteCount <= end - place else { throw .truncated }
    var number: UInt32 = 0
    for index in 0..<byteCount {
      number |= UInt32(place.load(fromByteOffset: index, as: UInt8.self)) &<< UInt32(8 &* index)
    }
    guard width == 32 || number >> UInt32(width) == 0 else {
      throw .damaged("\(number) does not fit into \(width) bits")
    }
    place += byteCount
    repeated = number
    left = count
  }

  private mutating func readVarint() throws(ParquetError) -> UInt32 {
    var value: UInt64 = 0
    for shift: UInt64 in stride(from: 0, to: 35, by: 7) {
      guard place < end else { throw .truncated }
      let byte = place.load(as: UInt8.self)
      place += 1
      value |= UInt64(byte & 127) &<< shift
      if byte < 128 {
        guard let header = UInt32(exactly: value) else { break }
        return header
      }
    }
    throw .damaged("a run's header takes more than 32 bits")
  }

  /// Writes the next `count` numbers to `target`.
  mutating func read(
    _ count: Int, into target: UnsafeMutablePointer<Int32>
  ) throws(ParquetError) {
    var target = target
    var wanted = count
    while wanted > 0 {
      if left == 0 { try beginRun() }
      let step = min(wanted, left)
      if let repeated {
        target.update(repeating: Int32(bitPattern: repeated), count: step)
      } else {
        unpack(step, into: target)
        packedIndex += step
      }
      left -= step
      target += step
      wanted -= step
    }
  }

  /// Unpacks `count` numbers from `packedIndex` on, whole groups where they can be had.
  private func unpack(_ count: Int, into target: UnsafeMutablePointer<Int32>) {
    let head = min(count, (8 - packedIndex % 8) % 8)
    unpackSingly(0..<head, into: target)
    let groups = (count - head) / 8
    BitUnpacking.unpackGroups(
      groups, of: width, from: packed + (packedIndex + head) / 8 * width, into: target + head)
    unpackSingly(head + groups * 8..<count, into: target)
  }

  private func unpackSingly(_ range: Range<Int>, into target: UnsafeMutablePointer<Int32>) {
    for index in range {
      target[index] = Int32(
        truncatingIfNeeded: BitUnpacking.number(packedIndex + index, of: width, from: packed))
    }
  }

  /// Appends a bit for each of the next `count` numbers, set where the number is `level`.
  mutating func readBits(
    _ count: Int, whereEqual level: Int, into bits: inout BitmapBuilder
  ) throws(ParquetError) {
    var wanted = count
    while wanted > 0 {
      if left == 0 { try beginRun() }
      let step = min(wanted, left)
      if let repeated {
        bits.append(repeating: repeated == level, count: step)
      } else {
        appendPacked(step, whereEqual: level, into: &bits)
        packedIndex += step
      }
      left -= step
      wanted -= step
    }
  }

  private func appendPacked(_ count: Int, whereEqual level: Int, into bits: inout BitmapBuilder) {
    var index = 0
    if width == 1, level == 1 {
      // The packed numbers are the bits themselves.
      while index < count {
        let step = min(56, count - index)
        let bit = packedIndex + index
        let word = (packed + bit / 8).loadUnaligned(as: UInt64.self) &>> UInt64(bit % 8)
        bits.append(word: word, count: step)
        index += step
      }
      return
    }
    while index < count {
      let step = min(64, count - index)
      var word: UInt64 = 0
      for bit in 0..<step {
        let number = BitUnpacking.number(packedIndex + index + bit, of: width, from: packed)
        if number == UInt64(level) { word |= 1 &<< UInt64(bit) }
      }
      bits.append(word: word, count: step)
      index += step
    }
  }
}
