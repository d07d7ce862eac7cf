import CRocksDB
import Synchronization

/// The port over RocksDB: the one type that owns its handles. Reads and writes from any number of
/// threads.
final class RocksDBStore: KeyValueStore {
  // RocksDB's handles may be used from any thread; they are made in `init` and freed in `deinit`.
  nonisolated(unsafe) let database: OpaquePointer
  private nonisolated(unsafe) let families: [OpaquePointer]
  private nonisolated(unsafe) let latest: OpaquePointer
  private nonisolated(unsafe) let synced: OpaquePointer
  private nonisolated(unsafe) let unsynced: OpaquePointer
  private let options: RocksDBOptions
  private let folder: String

  /// The writes so far, by which now and then the cache is fitted to what there is.
  private let writes = Atomic<Int>(0)

  /// The sequence number by which every range that was removed from `rows` so far is gone.
  private let removed = Atomic<UInt64>(0)

  /// Opens the database in `folder`, a new one where there is none.
  init(
    _ folder: String, cacheSizeInBytes: Int, damagedRecords: RocksDBOptions.Recovery = .refused
  ) throws(OnlineError) {
    let options = RocksDBOptions(
      cacheSizeInBytes: cacheSizeInBytes, damagedRecords: damagedRecords)
    let names = ["default"] + Space.allCases.map(\.name)
    let opened = try Self.open(folder, options, names)
    database = opened.database
    families = opened.families
    self.options = options
    self.folder = folder
    latest = rocksdb_readoptions_create()
    synced = rocksdb_writeoptions_create()
    rocksdb_writeoptions_set_sync(synced, 1)
    unsynced = rocksdb_writeoptions_create()
    fitCache()
  }

  private static let writesBetweenFits = 64

  /// Gives the cache room for what the files hold, and no more.
  private func fitCache() {
    var byteCount: UInt64 = 0
    let property = "rocksdb.live-sst-files-size"
    guard rocksdb_property_int_cf(database, family(.rows), property, &byteCount) == 0 else {
      return
    }
    options.fitCache(toFilesOf: byteCount)
  }

  deinit {
    for family in families { rocksdb_column_family_handle_destroy(family) }
    rocksdb_readoptions_destroy(latest)
    rocksdb_writeoptions_destroy(synced)
    rocksdb_writeoptions_destroy(unsynced)
    rocksdb_close(database)
  }

  private static func open(
    _ folder: String, _ options: RocksDBOptions, _ names: [String]
  ) throws(OnlineError) -> (database: OpaquePointer, families: [OpaquePointer]) {
    var handles = [OpaquePointer?](repeating: nil, count: names.count)
    let copies = names.map { name in
      UnsafeMutableBufferPointer<CChar>.copy(of: name)
    }
    defer { for copy in copies { copy.deallocate() } }
    var pointers = copies.map { UnsafePointer($0.baseAddress) }
    var settings = names.map { _ in OpaquePointer?(options.handle) }
    let attempt = "opening the online store in `\(folder)`"
    let database: OpaquePointer? = try OnlineError.catching(attempt) { words in
      rocksdb_open_column_families(
        options.handle, folder, Int32(names.count), &pointers, &settings, &handles, words)
    }
    guard let database else { throw OnlineError(attempt, .refused("no database was opened")) }
    return (database, handles.compactMap { $0 })
  }

  func family(_ space: Space) -> OpaquePointer { families[Int(space.rawValue) + 1] }

  func snapshot() -> any KeyValueReader { RocksDBSnapshot(self) }

  func write(_ batches: [WriteBatch], _ durability: Durability) throws(OnlineError) {
    let native = rocksdb_writebatch_create()
    defer { rocksdb_writebatch_destroy(native) }
    var removesRows = false
    for batch in batches {
      batch.forEach { kind, space, key, value in
        let family = family(space)
        switch kind {
        case .put:
          rocksdb_writebatch_put_cf(
            native, family, key.chars, key.count, value.chars, value.count)
        case .append:
          rocksdb_writebatch_merge_cf(
            native, family, key.chars, key.count, value.chars, value.count)
        case .remove:
          rocksdb_writebatch_delete_cf(native, family, key.chars, key.count)
        case .removeRange:
          if space == .rows { removesRows = true }
          rocksdb_writebatch_delete_range_cf(
            native, family, key.chars, key.count, value.chars, value.count)
        }
      }
    }
    try OnlineError.catching("writing to the online store") { words in
      rocksdb_write(database, durability == .synced ? synced : unsynced, native, words)
    }
    if writes.add(1, ordering: .relaxed).newValue % Self.writesBetweenFits == 0 { fitCache() }
    if removesRows {
      removed.max(rocksdb_get_latest_sequence_number(database), ordering: .relaxed)
    }
  }

  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    try read(space, key, with: latest, body)
  }

  func read(
    _ space: Space, _ keys: KeyList,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    try read(space, keys, with: latest, body)
  }

  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError) {
    try scan(space, prefix: prefix, from: start, with: latest, body)
  }

  /// Lets go of files that hold nothing but removed keys.
  ///
  /// A load's keys are new, so its files go down to the last level, where nothing ever merges them: the
  /// mark that removes them stays in memory, or high above. Files that are let go of are gone for
  /// snapshots as well, so none may be older than the removals.
  func reclaim(_ ranges: [KeyRange]) throws(OnlineError) {
    var oldest: UInt64 = 0
    guard rocksdb_property_int(database, "rocksdb.oldest-snapshot-sequence", &oldest) == 0,
      oldest == 0 || oldest >= removed.load(ordering: .relaxed)
    else { return }
    for range in ranges {
      try withBytes(of: range.start) { (start) throws(OnlineError) in
        try withBytes(of: range.end) { (end) throws(OnlineError) in
          try OnlineError.catching("giving back the room of removed rows") { words in
            rocksdb_delete_file_in_range_cf(
              database, family(.rows), start.chars, start.count, end.chars, end.count, words)
          }
        }
      }
    }
    fitCache()
  }

  func compact(_ space: Space, _ keys: KeyRange?) throws(OnlineError) {
    if let keys {
      keys.start.withUnsafeBytes { start in
        keys.end.withUnsafeBytes { end in
          rocksdb_compact_range_cf(
            database, family(space), start.chars, start.count, end.chars, end.count)
        }
      }
    } else {
      rocksdb_compact_range_cf(database, family(space), nil, 0, nil, 0)
    }
    fitCache()
  }

  func makeFile(at path: String) throws(OnlineError) -> any SortedFile {
    try RocksDBFile(path, options)
  }

  func ingest(_ files: [String]) throws(OnlineError) {
    guard !files.isEmpty else { return }
    let settings = rocksdb_ingestexternalfileoptions_create()
    defer { rocksdb_ingestexternalfileoptions_destroy(settings) }
    // The file becomes one of the store's own by its name alone.
    rocksdb_ingestexternalfileoptions_set_move_files(settings, 1)
    let copies = files.map { UnsafeMutableBufferPointer<CChar>.copy(of: $0) }
    defer { for copy in copies { copy.deallocate() } }
    let pointers = copies.map { UnsafePointer($0.baseAddress) }
    try OnlineError.catching("taking in \(files.count) sealed files") { words in
      rocksdb_ingest_external_file_cf(
        database, family(.rows), pointers, pointers.count, settings, words)
    }
    fitCache()
  }
}

extension Space {
  /// The column family's name on the disk.
  fileprivate var name: String {
    switch self {
    case .rows: "rows"
    case .pushes: "pushes"
    case .ledger: "ledger"
    }
  }
}

extension UnsafeMutableBufferPointer<CChar> {
  /// The bytes of `text` and a zero, to be freed by the caller.
  fileprivate static func copy(of text: String) -> UnsafeMutableBufferPointer<CChar> {
    let copy = UnsafeMutableBufferPointer.allocate(capacity: text.utf8.count + 1)
    _ = copy.initialize(from: text.utf8.map { CChar(bitPattern: $0) } + [0])
    return copy
  }
}
