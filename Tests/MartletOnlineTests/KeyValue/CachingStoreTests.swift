import SeededRandom
import Synchronization
import Testing

@testable import MartletOnline

struct CachingStoreTests {
  @Test(arguments: Seed.first(20))
  func `reads are those of the store beneath`(seed: Seed) throws {
    var random = seed.generator()
    let base = MemoryStore()
    // Room for a few values only, so that some are found, some given up and some never kept.
    let store = CachingStore(base, cacheSizeInBytes: 64 * 400)
    for step in 0..<400 {
      let keys = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        [UInt8.random(in: 0...40, using: &random)]
      }
      if Bool.random(using: &random) {
        var batch = WriteBatch()
        for key in keys { add(Int.random(in: 0...20, using: &random), key, step, to: &batch) }
        try store.write([batch], .unsynced)
      } else {
        var asked = KeyList()
        for key in keys { asked.append { $0 += key } }
        #expect(try values(of: asked, in: store) == values(of: asked, in: base))
        #expect(try store.value(.rows, keys[0]) == base.value(.rows, keys[0]))
      }
    }
  }

  private func add(_ kind: Int, _ key: [UInt8], _ step: Int, to batch: inout WriteBatch) {
    let value = [UInt8](repeating: UInt8(truncatingIfNeeded: step), count: 1 + step % 90)
    switch kind {
    case 0...9: batch.put(.rows, key, value)
    case 10...15: batch.add(.append, .rows, key, value)
    case 16...19: batch.remove(.rows, key)
    default: batch.remove(.rows, from: key, upTo: [key[0] + 3])
    }
  }

  private func values(of keys: KeyList, in store: some KeyValueReader) throws -> [[UInt8]?] {
    var found: [[UInt8]?] = []
    try store.read(.rows, keys) { _, value in found.append(value.map { Array($0) }) }
    return found
  }

  @Test func `a value that was read before a write is not kept after it`() throws {
    let base = SlowStore()
    let store = CachingStore(base, cacheSizeInBytes: 1 << 20)
    try write([1], [10], to: store)
    base.atNextRead { try write([1], [20], to: store) }
    #expect(try store.value(.rows, [1]) == [10])
    #expect(try store.value(.rows, [1]) == [20])
  }

  @Test func `what is read while somebody writes is not kept`() throws {
    let base = SlowStore()
    let store = CachingStore(base, cacheSizeInBytes: 1 << 20)
    try write([1], [10], to: store)
    base.atNextWrite { _ = try store.value(.rows, [1]) }
    try write([1], [20], to: store)
    #expect(try store.value(.rows, [1]) == [20])
  }

  @Test func `it is still while nobody writes, and otherwise still after each write`() throws {
    let base = SlowStore()
    let store = CachingStore(base, cacheSizeInBytes: 1 << 20)
    let before = try #require(store.stillness)
    _ = try store.value(.rows, [1])
    #expect(store.stillness == before)
    base.atNextWrite { #expect(store.stillness == nil) }
    try write([1], [10], to: store)
    #expect(store.stillness != nil)
    #expect(store.stillness != before)
  }

  @Test func `it takes no more memory than it is given`() {
    let cache = ValueCache(limitInBytes: 64 << 10)
    let value = [UInt8](repeating: 1, count: 300)
    var kept = 0
    for number in 0..<4_000 {
      withAddress(number) { address in
        guard case .nothing(let leave?) = cache.find(address) else { return }
        value.withUnsafeBytes { cache.put(address, CachedValue(address.key, $0), leave) }
      }
    }
    for number in 0..<4_000 {
      withAddress(number) { if case .value = cache.find($0) { kept += 1 } }
    }
    #expect(kept > 50)
    #expect(kept * 300 < 64 << 10)
  }

  private func withAddress(_ number: Int, _ body: (ValueCache.Address) -> Void) {
    withUnsafeBytes(of: number) { body(ValueCache.Address($0)) }
  }

  private func write(_ key: [UInt8], _ value: [UInt8], to store: CachingStore) throws {
    var batch = WriteBatch()
    batch.put(.rows, key, value)
    try store.write([batch], .unsynced)
  }
}

/// A store in which something else happens in the middle of a read or a write.
private final class SlowStore: KeyValueStore {
  private let base = MemoryStore()
  private let read = Mutex<(@Sendable () throws -> Void)?>(nil)
  private let write = Mutex<(@Sendable () throws -> Void)?>(nil)

  func atNextRead(_ body: @escaping @Sendable () throws -> Void) { read.withLock { $0 = body } }
  func atNextWrite(_ body: @escaping @Sendable () throws -> Void) { write.withLock { $0 = body } }

  private func happen(_ place: borrowing Mutex<(@Sendable () throws -> Void)?>) {
    let body = place.withLock { body in
      defer { body = nil }
      return body
    }
    do { try body?() } catch { Issue.record(error) }
  }

  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    // The value is there, and has not been handed over yet.
    try base.read(space, key) { (value) throws(OnlineError) in
      happen(read)
      try body(value)
    }
  }

  func read(
    _ space: Space, _ keys: KeyList,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) { try base.read(space, keys, body) }

  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError) { try base.scan(space, prefix: prefix, from: start, body) }

  func snapshot() -> any KeyValueReader { base.snapshot() }

  func write(_ batches: [WriteBatch], _ durability: Durability) {
    happen(write)
    base.write(batches, durability)
  }

  func ingest(_ files: [String]) throws(OnlineError) { try base.ingest(files) }
  func makeFile(at path: String) -> any SortedFile { base.makeFile(at: path) }
  func reclaim(_ removed: [KeyRange]) {}
  func compact(_ space: Space, _ keys: KeyRange?) {}
}
