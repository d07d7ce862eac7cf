import Synchronization

/// Another store, with what was read of `rows` lately in memory.
///
/// Reading the store itself sees the latest writes, as it always does; what reads a snapshot goes past the
/// cache, which knows the present alone.
final class CachingStore: KeyValueStore {
  private let base: any KeyValueStore
  private let cache: ValueCache

  /// Writes that are under way, and how often one began or ended.
  private let writerCount = Atomic<Int>(0)
  private let epoch = Atomic<UInt64>(0)

  /// So many keys are looked up at a time.
  private static let most = 256

  init(_ base: any KeyValueStore, cacheSizeInBytes: Int) {
    self.base = base
    cache = ValueCache(limitInBytes: cacheSizeInBytes)
  }

  var stillness: Stillness? {
    guard writerCount.load(ordering: .sequentiallyConsistent) == 0 else { return nil }
    return Stillness(epoch: epoch.load(ordering: .sequentiallyConsistent))
  }

  func snapshot() throws(OnlineError) -> any KeyValueReader { try base.snapshot() }

  // MARK: Writing

  func write(_ batches: [WriteBatch], _ durability: Durability) throws(OnlineError) {
    let removesRanges = batches.contains(where: \.removesRangeOfRows)
    begin()
    if removesRanges { cache.beginWritingAll() } else { forEachKey(batches, cache.beginWriting) }
    defer {
      if removesRanges { cache.endWritingAll() } else { forEachKey(batches, cache.endWriting) }
      end()
    }
    try base.write(batches, durability)
  }

  func ingest(_ files: [String]) throws(OnlineError) {
    begin()
    cache.beginWritingAll()
    defer {
      cache.endWritingAll()
      end()
    }
    try base.ingest(files)
  }

  func reclaim(_ removed: [KeyRange]) throws(OnlineError) { try base.reclaim(removed) }

  func makeFile(at path: String) throws(OnlineError) -> any SortedFile {
    try base.makeFile(at: path)
  }

  func compact(_ space: Space, _ keys: KeyRange?) throws(OnlineError) {
    try base.compact(space, keys)
  }

  private func begin() {
    writerCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
    epoch.wrappingAdd(1, ordering: .sequentiallyConsistent)
  }

  private func end() {
    epoch.wrappingAdd(1, ordering: .sequentiallyConsistent)
    writerCount.wrappingSubtract(1, ordering: .sequentiallyConsistent)
  }

  private func forEachKey(_ batches: [WriteBatch], _ body: (ValueCache.Address) -> Void) {
    for batch in batches {
      batch.forEach { _, space, key, _ in
        if space == .rows { body(ValueCache.Address(key)) }
      }
    }
  }

  // MARK: Reading

  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    guard space == .rows else { return try base.read(space, key, body) }
    try readRows(key) { (value, _) throws(OnlineError) in try body(value) }
  }

  func readRows(
    _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?, _ isChecked: Bool) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    let address = ValueCache.Address(key)
    switch cache.find(address) {
    case .value(let found):
      defer { withExtendedLifetime(found) {} }
      try body(found.bytes, found.isSound)
    case .nothing(let leave):
      try base.read(.rows, key) { (value) throws(OnlineError) in
        if let value, let leave, value.count <= ValueCache.largestValueInBytes {
          cache.put(address, CachedValue(key, value), leave)
        }
        try body(value, false)
      }
    }
  }

  func read(
    _ space: Space, _ keys: KeyList,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    guard space == .rows else { return try base.read(space, keys, body) }
    var first = 0
    while first < keys.count {
      let part = first..<min(first + Self.most, keys.count)
      try read(keys, part, body)
      first = part.upperBound
    }
  }

  private func read(
    _ keys: KeyList, _ part: Range<Int>,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    var found = [CachedValue?](repeating: nil, count: part.count)
    var missing = KeyList()
    var places: [(key: Int, leave: ValueCache.Leave?)] = []
    for key in part {
      keys.withKey(key) { bytes in
        switch cache.find(ValueCache.Address(bytes)) {
        case .value(let value): found[key - part.lowerBound] = value
        case .nothing(let leave):
          missing.append { $0.append(contentsOf: bytes) }
          places.append((key, leave))
        }
      }
    }
    if missing.count > 0 {
      try base.read(.rows, missing) { (index, value) throws(OnlineError) in
        guard let value else { return }
        let (key, leave) = places[index]
        // Held here as well, since whoever asked gets the values in the order of the keys.
        let held = missing.withKey(index) { CachedValue($0, value) }
        found[key - part.lowerBound] = held
        if let leave {
          missing.withKey(index) { cache.put(ValueCache.Address($0), held, leave) }
        }
      }
    }
    for key in part {
      let value = found[key - part.lowerBound]
      defer { withExtendedLifetime(value) {} }
      try body(key, value?.bytes)
    }
  }

  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError) {
    try base.scan(space, prefix: prefix, from: start, body)
  }
}
