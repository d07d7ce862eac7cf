import CRocksDB

/// A sorted file of RocksDB's, written off to the side by whoever has no database open.
final class RocksDBFile: SortedFile {
  private let writer: OpaquePointer
  private let environment: OpaquePointer
  private let options: RocksDBOptions
  private let path: String

  init(_ path: String, _ options: RocksDBOptions) throws(OnlineError) {
    environment = rocksdb_envoptions_create()
    writer = rocksdb_sstfilewriter_create(environment, options.handle)
    self.options = options
    self.path = path
    try OnlineError.catching("writing `\(path)`") { rocksdb_sstfilewriter_open(writer, path, $0) }
  }

  deinit {
    rocksdb_sstfilewriter_destroy(writer)
    rocksdb_envoptions_destroy(environment)
  }

  func add(
    _ kind: WriteBatch.Kind, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(OnlineError) {
    try OnlineError.catching("writing `\(path)`") { words in
      switch kind {
      case .put:
        rocksdb_sstfilewriter_put(
          writer, key.chars, key.count, value.chars, value.count, words)
      case .append:
        rocksdb_sstfilewriter_merge(
          writer, key.chars, key.count, value.chars, value.count, words)
      case .remove, .removeRange:
        preconditionFailure("a load removes nothing")
      }
    }
  }

  func finish() throws(OnlineError) {
    try OnlineError.catching("sealing `\(path)`") { rocksdb_sstfilewriter_finish(writer, $0) }
  }
}
