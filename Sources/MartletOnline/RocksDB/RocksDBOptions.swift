import CRocksDB

/// How RocksDB is set up, and why.
///
/// Owns the handles that must outlive the databases and files made with them.
final class RocksDBOptions: Sendable {
  // Set up in `init` and never changed; RocksDB only reads them.
  nonisolated(unsafe) let handle: OpaquePointer
  private nonisolated(unsafe) let cache: OpaquePointer
  private let cacheSize: Int

  /// What becomes of damaged records in the log of writes.
  enum Recovery {
    /// The store is not opened.
    case refused

    /// They are left out, and the rest is read.
    case leftOut
  }

  /// Options with a block cache of `cacheSizeInBytes`.
  init(cacheSizeInBytes: Int, damagedRecords: Recovery = .refused) {
    handle = rocksdb_options_create()
    cache = rocksdb_cache_create_lru(cacheSizeInBytes)
    cacheSize = cacheSizeInBytes
    rocksdb_options_set_create_if_missing(handle, 1)
    rocksdb_options_set_create_missing_column_families(handle, 1)

    // The default recovery stops at the first damaged record and opens short without a word. This one
    // takes a record that was cut off while it was written, and refuses what is damaged elsewhere.
    let recovery =
      switch damagedRecords {
      case .refused: rocksdb_tolerate_corrupted_tail_records_recovery
      case .leftOut: rocksdb_skip_any_corrupted_records_recovery
      }
    rocksdb_options_set_wal_recovery_mode(handle, Int32(recovery))

    // A space that is seldom written to, as the ledger is, would keep every log since it last was: hundreds
    // of megabytes, all of them read when the store is opened again.
    rocksdb_options_set_max_total_wal_size(handle, 128 << 20)

    // Every file stays open with its index and filter in memory, so that a read of a cached block
    // touches no file and evicts no index.
    rocksdb_options_set_max_open_files(handle, -1)

    // Nobody reads RocksDB's own log beside an error; ours are typed.
    rocksdb_options_set_info_log_level(handle, 3)
    rocksdb_options_set_keep_log_file_num(handle, 1)

    rocksdb_options_set_merge_operator(handle, AppendOperator.make())
    // Appends are joined when they are read. To have them joined when they are written, RocksDB would count
    // those of a key at every write, which took longer than all else; and an entity is put in order before
    // they are many.

    // New data is small and hot, and is rewritten soon: not worth the time. The rest is zstd.
    let levels: [Int32] = [0, 0, 7, 7, 7, 7, 7]
    levels.withUnsafeBufferPointer {
      rocksdb_options_set_compression_per_level(handle, $0.baseAddress, $0.count)
    }
    rocksdb_options_set_compression(handle, Int32(rocksdb_zstd_compression))
    rocksdb_options_set_level_compaction_dynamic_level_bytes(handle, 1)
    rocksdb_options_set_max_background_jobs(handle, 2)

    let table = rocksdb_block_based_options_create()
    defer { rocksdb_block_based_options_destroy(table) }
    rocksdb_block_based_options_set_block_cache(table, cache)
    // Ten bits a key: of a hundred keys that are not there, one costs a block.
    rocksdb_block_based_options_set_filter_policy(
      table, rocksdb_filterpolicy_create_bloom_full(10))
    // Reads are of whole keys, so a block finds its key by a hash and not by bisection.
    rocksdb_block_based_options_set_data_block_index_type(
      table, Int32(rocksdb_block_based_table_data_block_index_type_binary_search_and_hash))
    rocksdb_block_based_options_set_data_block_hash_ratio(table, 0.75)
    rocksdb_block_based_options_set_format_version(table, 5)
    rocksdb_options_set_block_based_table_factory(handle, table)
  }

  deinit {
    rocksdb_options_destroy(handle)
    rocksdb_cache_destroy(cache)
  }
}

extension RocksDBOptions {
  /// Gives the cache room for what `byteCount` bytes of sorted files come to, and no more.
  ///
  /// Blocks of files that are gone stay in a cache that has room, for nobody. Where loads come every
  /// minute they would fill all that it may have, whatever the store holds.
  func fitCache(toFilesOf byteCount: UInt64) {
    // Files are packed, at most about eight times.
    let isSmall = byteCount < UInt64(clamping: cacheSize / 8)
    let room = isSmall ? max(Int(clamping: byteCount) * 8, Self.leastCache) : cacheSize
    rocksdb_cache_set_capacity(cache, min(cacheSize, room))
  }

  private static let leastCache = 32 << 20
}
