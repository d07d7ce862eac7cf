import Synchronization

/// The port over memory: nothing outlives the process. It is what tests judge RocksDB by.
final class MemoryStore: KeyValueStore {
  private let content = Mutex(MemoryContent())
  private let files = Mutex<[String: WriteBatch]>([:])

  func snapshot() -> any KeyValueReader { content.withLock { $0 } }

  func write(_ batches: [WriteBatch], _ durability: Durability) {
    content.withLock { content in
      for batch in batches { content.apply(batch) }
    }
  }

  func ingest(_ paths: [String]) throws(OnlineError) {
    for path in paths {
      guard let file = files.withLock({ $0.removeValue(forKey: path) }) else {
        throw OnlineError("taking in `\(path)`", .unreachable("no such file was sealed"))
      }
      write([file], .synced)
    }
  }

  func makeFile(at path: String) -> any SortedFile {
    MemoryFile { [self] batch in files.withLock { $0[path] = batch } }
  }

  func reclaim(_ removed: [KeyRange]) {}

  func compact(_ space: Space, _ keys: KeyRange?) {}

  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    try snapshot().read(space, key, body)
  }

  func read(
    _ space: Space, _ keys: KeyList,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    try snapshot().read(space, keys, body)
  }

  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError) {
    try snapshot().scan(space, prefix: prefix, from: start, body)
  }
}

/// What a memory store holds at one time.
private struct MemoryContent: KeyValueReader {
  private var values: [Space: [[UInt8]: [UInt8]]] = [:]

  mutating func apply(_ batch: WriteBatch) {
    batch.forEach { kind, space, key, value in
      let key = Array(key)
      switch kind {
      case .put: values[space, default: [:]][key] = Array(value)
      case .append: values[space, default: [:]][key, default: []] += value
      case .remove: values[space]?[key] = nil
      case .removeRange:
        let end = Array(value)
        values[space] = values[space]?.filter {
          $0.key.lexicographicallyPrecedes(key) || !$0.key.lexicographicallyPrecedes(end)
        }
      }
    }
  }

  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    guard let value = values[space]?[Array(key)] else { return try body(nil) }
    try withBytes(of: value, body)
  }

  func read(
    _ space: Space, _ keys: KeyList,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    for index in 0..<keys.count {
      guard let value = values[space]?[Array(keys.bytes[keys.range(index)])] else {
        try body(index, nil)
        continue
      }
      try withBytes(of: value) { (bytes) throws(OnlineError) in try body(index, bytes) }
    }
  }

  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError) {
    let found = (values[space] ?? [:]).filter {
      $0.key.starts(with: prefix) && !$0.key.lexicographicallyPrecedes(start)
    }
    for (key, value) in found.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let step = try withBytes(of: key) { (key) throws(OnlineError) in
        try withBytes(of: value) { (value) throws(OnlineError) in try body(key, value) }
      }
      if case .enough = step { return }
    }
  }
}

private final class MemoryFile: SortedFile {
  private var batch = WriteBatch()
  private let seal: (WriteBatch) -> Void

  init(seal: @escaping (WriteBatch) -> Void) { self.seal = seal }

  func add(
    _ kind: WriteBatch.Kind, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) {
    batch.add(kind, .rows, key, value)
  }

  func finish() { seal(batch) }
}
