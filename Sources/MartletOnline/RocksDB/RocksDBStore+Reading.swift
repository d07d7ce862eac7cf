import CRocksDB

extension RocksDBStore {
  /// Reads one value without copying it, as `options` see it.
  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer, with options: OpaquePointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    let found: OpaquePointer? = try OnlineError.catching("reading from the online store") { words in
      rocksdb_get_pinned_cf(database, options, family(space), key.chars, key.count, words)
    }
    guard let found else { return try body(nil) }
    defer { rocksdb_pinnableslice_destroy(found) }
    try body(UnsafeRawBufferPointer(pinned: found))
  }

  /// Reads many values at once: RocksDB sorts the keys and looks into each block once.
  func read(
    _ space: Space, _ keys: KeyList, with options: OpaquePointer,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    // RocksDB's own batches are of 32 keys; larger calls only take more memory at a time.
    let most = 256
    var first = 0
    while first < keys.count {
      let part = first..<min(first + most, keys.count)
      try read(space, keys, part, with: options, body)
      first = part.upperBound
    }
  }

  private func read(
    _ space: Space, _ keys: KeyList, _ part: Range<Int>, with options: OpaquePointer,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    var pointers = [UnsafePointer<CChar>?](repeating: nil, count: part.count)
    var counts = [Int](repeating: 0, count: part.count)
    var found = [OpaquePointer?](repeating: nil, count: part.count)
    var words = [UnsafeMutablePointer<CChar>?](repeating: nil, count: part.count)
    keys.bytes.withUnsafeBytes { bytes in
      for (index, key) in part.enumerated() {
        let range = keys.range(key)
        pointers[index] = UnsafeRawBufferPointer(rebasing: bytes[range]).chars
        counts[index] = range.count
      }
      rocksdb_batched_multi_get_cf(
        database, options, family(space), part.count, pointers, counts, &found, &words, false)
    }
    defer {
      for value in found where value != nil { rocksdb_pinnableslice_destroy(value) }
      for text in words where text != nil { rocksdb_free(text) }
    }
    for case .some(let text) in words {
      throw OnlineError(
        "reading \(keys.count) keys of the online store", .init(rocksDB: String(cString: text)))
    }
    for (index, key) in part.enumerated() {
      try body(key, found[index].map { UnsafeRawBufferPointer(pinned: $0) })
    }
  }

  /// Reads the keys from `start` on that begin with `prefix`.
  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8], with options: OpaquePointer,
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError) {
    let iterator = rocksdb_create_iterator_cf(database, options, family(space))
    defer { rocksdb_iter_destroy(iterator) }
    start.withUnsafeBytes { rocksdb_iter_seek(iterator, $0.chars, $0.count) }
    while rocksdb_iter_valid(iterator) != 0 {
      var (keyCount, valueCount) = (0, 0)
      let key = UnsafeRawBufferPointer(
        chars: rocksdb_iter_key(iterator, &keyCount), count: keyCount)
      guard key.starts(with: prefix) else { return }
      let value = UnsafeRawBufferPointer(
        chars: rocksdb_iter_value(iterator, &valueCount), count: valueCount)
      if case .enough = try body(key, value) { return }
      rocksdb_iter_next(iterator)
    }
    try OnlineError.catching("scanning the online store") { rocksdb_iter_get_error(iterator, $0) }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes that `slice` pins.
  fileprivate init(pinned slice: OpaquePointer) {
    var count = 0
    let bytes = rocksdb_pinnableslice_value(slice, &count)
    self.init(chars: bytes, count: count)
  }
}
