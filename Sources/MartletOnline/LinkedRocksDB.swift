import CRocksDB
public import MartletDiagnostics

extension LinkedLibrary {
  /// The RocksDB behind the online store, and the compressions it was built with.
  ///
  /// Its C interface tells neither. The compressions are found by opening an empty database in
  /// memory with each, which RocksDB refuses for one that it lacks.
  public static var rocksDB: LinkedLibrary {
    LinkedLibrary(
      "RocksDB", fileStem: "librocksdb", version: nil,
      traits: compressions.filter { opens(compression: $0.number) }.map(\.name))
  }

  private static let compressions: [(name: String, number: Int)] = [
    ("zstd", rocksdb_zstd_compression), ("lz4", rocksdb_lz4_compression),
    ("snappy", rocksdb_snappy_compression), ("zlib", rocksdb_zlib_compression),
    ("bzip2", rocksdb_bz2_compression),
  ]

  private static func opens(compression: Int) -> Bool {
    let memory = rocksdb_create_mem_env()
    defer { rocksdb_env_destroy(memory) }
    let options = rocksdb_options_create()
    defer { rocksdb_options_destroy(options) }
    rocksdb_options_set_env(options, memory)
    rocksdb_options_set_create_if_missing(options, 1)
    rocksdb_options_set_compression(options, Int32(compression))
    var refusal: UnsafeMutablePointer<CChar>?
    let database: OpaquePointer? = rocksdb_open(options, "/compression", &refusal)
    if let refusal { rocksdb_free(refusal) }
    guard let database else { return false }
    rocksdb_close(database)
    return true
  }
}
