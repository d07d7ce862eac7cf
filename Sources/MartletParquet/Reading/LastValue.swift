/// The value that was read last, with whose beginning the next one may begin too.
///
/// Bytes by themselves and no array, which would be asked for each value whether it is shared.
struct LastValue {
  /// How many bytes it has.
  private(set) var count = 0

  private var memory = Memory(byteCount: 256)

  private final class Memory {
    let start: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
      start = .allocate(byteCount: byteCount, alignment: 16)
      self.byteCount = byteCount
    }

    deinit { start.deallocate() }
  }

  /// The next value: the first `shared` bytes of this one, and `rest` behind them. It is good until the
  /// one after it.
  mutating func replace(
    behind shared: Int, by rest: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    precondition(shared <= count, "\(shared) bytes of \(count)")
    count = shared + rest.count
    if count > memory.byteCount {
      let larger = Memory(byteCount: max(count, memory.byteCount * 2))
      larger.start.copyMemory(from: memory.start, byteCount: shared)
      memory = larger
    }
    if let start = rest.baseAddress {
      (memory.start + shared).copyMemory(from: start, byteCount: rest.count)
    }
    return UnsafeRawBufferPointer(start: memory.start, count: count)
  }
}
