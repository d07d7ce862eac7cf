import CRocksDB

/// A RocksDB as it was at one time. Holds what it may read from being reclaimed.
final class RocksDBSnapshot: KeyValueReader {
  private let store: RocksDBStore
  // RocksDB's handles may be used from any thread; freed in `deinit`.
  private nonisolated(unsafe) let snapshot: OpaquePointer
  private nonisolated(unsafe) let options: OpaquePointer

  init(_ store: RocksDBStore) {
    self.store = store
    snapshot = rocksdb_create_snapshot(store.database)
    options = rocksdb_readoptions_create()
    rocksdb_readoptions_set_snapshot(options, snapshot)
  }

  deinit {
    rocksdb_readoptions_destroy(options)
    rocksdb_release_snapshot(store.database, snapshot)
  }

  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    try store.read(space, key, with: options, body)
  }

  func read(
    _ space: Space, _ keys: KeyList,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    try store.read(space, keys, with: options, body)
  }

  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError) {
    try store.scan(space, prefix: prefix, from: start, with: options, body)
  }
}
