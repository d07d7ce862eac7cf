import CRocksDB

extension RocksDBStore {
  /// Opens what can still be read of the damaged database in `folder`, which may come to be without what
  /// was damaged: good for taking out what is left, and for nothing else.
  static func salvaged(_ folder: String) throws(OnlineError) -> RocksDBStore {
    do throws(OnlineError) {
      return try whole(folder)
    } catch {
      // RocksDB's own repair sorts every record that it can read into files anew, and gives up the rest.
      let options = RocksDBOptions(cacheSizeInBytes: cacheSize, damagedRecords: .leftOut)
      try OnlineError.catching("repairing the online store in `\(folder)`") { words in
        rocksdb_repair_db(options.handle, folder, words)
      }
      return try whole(folder)
    }
  }

  private static let cacheSize = 8 << 20

  /// The database without the damaged records of its log, if all the rest can be read.
  private static func whole(_ folder: String) throws(OnlineError) -> RocksDBStore {
    let store = try RocksDBStore(
      folder, cacheSizeInBytes: cacheSize, damagedRecords: .leftOut)
    try store.readThrough(.ledger)
    try store.readThrough(.pushes)
    return store
  }
}

extension KeyValueReader {
  /// Reads every key and value of `space`, so that what is damaged is found out.
  func readThrough(_ space: Space) throws(OnlineError) {
    try scan(space, prefix: [], from: []) { (_, _) throws(OnlineError) in .next }
  }
}
