import MartletColumns

/// Reads a page's numbers of 32 or 64 bits as they are stored, 32 bits widened with their sign.
enum NumberReader {
  case plain32(Bytes)
  case plain64(Bytes)
  /// What comes out has been through the column's rule already, as the dictionary has.
  case dictionary(RunReader, Buffer<Int64>)
  case delta(DeltaReader, width: Int)
  /// The first bytes of all numbers, then the second ones, and so on.
  case split(Bytes, index: Int, count: Int, width: Int)

  /// Bytes that are read from the front.
  struct Bytes {
    var place: UnsafeRawPointer
    let end: UnsafeRawPointer

    init(_ bytes: UnsafeRawBufferPointer, nothing: UnsafeRawPointer) {
      place = bytes.baseAddress ?? nothing
      end = place + bytes.count
    }

    var left: Int { end - place }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws(ParquetError) -> UnsafeRawPointer {
      guard count >= 0, count <= left else { throw .truncated }
      defer { place += count }
      return place
    }
  }

  /// Writes the next `count` numbers to `target`.
  mutating func read(
    _ count: Int, into target: UnsafeMutablePointer<Int64>
  ) throws(ParquetError) {
    switch self {
    case .plain32(var bytes):
      let place = try bytes.take(count * 4)
      for index in 0..<count {
        target[index] = Int64(place.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self))
      }
      self = .plain32(bytes)
    case .plain64(var bytes):
      let place = try bytes.take(count * 8)
      UnsafeMutableRawPointer(target).copyMemory(from: place, byteCount: count * 8)
      self = .plain64(bytes)
    case .dictionary(var runs, let words):
      try NumberReader.look(up: words, by: &runs, count, into: target)
      self = .dictionary(runs, words)
    case .delta(var numbers, let width):
      try numbers.read(count, into: target)
      if width == 4 { NumberReader.wrap(target, count) }
      self = .delta(numbers, width: width)
    case .split(let bytes, let index, let all, let width):
      guard count <= all - index else { throw .truncated }
      NumberReader.join(bytes.place + index, stride: all, width: width, count, into: target)
      self = .split(bytes, index: index + count, count: all, width: width)
    }
  }

  private static let blockCount = 512

  private static func look(
    up words: Buffer<Int64>, by runs: inout RunReader, _ count: Int,
    into target: UnsafeMutablePointer<Int64>
  ) throws(ParquetError) {
    var target = target
    var left = count
    // Codes of a block stay in the nearest cache between being unpacked and being used.
    let codes = UnsafeMutablePointer<Int32>.allocate(capacity: blockCount)
    defer { codes.deallocate() }
    while left > 0 {
      let step = min(left, blockCount)
      try runs.read(step, into: codes)
      try checkCodes(codes, step, within: words.count)
      words.withUnsafeBufferPointer { words in
        for index in 0..<step { target[index] = words[Int(codes[index])] }
      }
      target += step
      left -= step
    }
  }

  /// Makes certain that each of `count` codes is an index of a dictionary.
  static func checkCodes(
    _ codes: UnsafePointer<Int32>, _ count: Int, within dictionaryCount: Int
  ) throws(ParquetError) {
    var most: UInt32 = 0
    for index in 0..<count { most = max(most, UInt32(bitPattern: codes[index])) }
    guard count == 0 || Int(most) < dictionaryCount else {
      throw .damaged("a value is number \(most) of a dictionary of \(dictionaryCount)")
    }
  }

  private static func join(
    _ first: UnsafeRawPointer, stride: Int, width: Int, _ count: Int,
    into target: UnsafeMutablePointer<Int64>
  ) {
    let inEights = width == 8 ? count & ~7 : 0
    for index in Swift.stride(from: 0, to: inEights, by: 8) {
      var matrix = ByteMatrix(at: first + index, stride: stride)
      matrix.transpose()
      matrix.store(at: target + index, stride: 8)
    }
    (target + inEights).update(repeating: 0, count: count - inEights)
    for part in 0..<width {
      let bytes = first + part &* stride
      let shift = Int64(part &* 8)
      for index in inEights..<count {
        let byte = bytes.load(fromByteOffset: index, as: UInt8.self)
        target[index] |= Int64(byte) &<< shift
      }
    }
    if width == 4 { wrap(target, count) }
  }

  /// Keeps the lowest 32 bits, with their sign: sums and parts of 32 bits were made in 64.
  private static func wrap(_ target: UnsafeMutablePointer<Int64>, _ count: Int) {
    for index in 0..<count {
      target[index] = Int64(Int32(truncatingIfNeeded: target[index]))
    }
  }
}
