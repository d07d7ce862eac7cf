/// Bytes under construction, written without a check for each.
struct ByteWriter: ~Copyable {
  private var start: UnsafeMutableRawPointer
  private var capacity: Int

  /// The number of bytes so far.
  private(set) var count = 0

  init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    start = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { start.deallocate() }

  /// Forgets the bytes and keeps the memory.
  mutating func removeAll() { count = 0 }

  /// The bytes so far; good until the next change.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// Makes room for `more` bytes and returns where they go; they count as written.
  @inline(__always)
  mutating func extend(by more: Int) -> UnsafeMutableRawPointer {
    if capacity - count < more { grow(by: more) }
    defer { count += more }
    return start + count
  }

  private mutating func grow(by more: Int) {
    let larger = max(count + more, capacity * 2)
    let room = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    room.copyMemory(from: start, byteCount: count)
    start.deallocate()
    (start, capacity) = (room, larger)
  }

  @inline(__always)
  mutating func write(_ byte: UInt8) {
    extend(by: 1).storeBytes(of: byte, as: UInt8.self)
  }

  @inline(__always)
  mutating func write(_ number: UInt32) {
    extend(by: 4).storeBytes(of: number.littleEndian, as: UInt32.self)
  }

  @inline(__always)
  mutating func write(_ number: UInt64) {
    extend(by: 8).storeBytes(of: number.littleEndian, as: UInt64.self)
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    extend(by: bytes.count).copyMemory(from: source, byteCount: bytes.count)
  }

  /// Writes over the number at `position`.
  mutating func overwrite(_ number: UInt64, at position: Int) {
    precondition(position >= 0 && position + 8 <= count, "position \(position) of \(count)")
    (start + position).storeBytes(of: number.littleEndian, as: UInt64.self)
  }

  /// Writes over the number at `position`.
  mutating func overwrite(_ number: UInt32, at position: Int) {
    precondition(position >= 0 && position + 4 <= count, "position \(position) of \(count)")
    (start + position).storeBytes(of: number.littleEndian, as: UInt32.self)
  }
}
