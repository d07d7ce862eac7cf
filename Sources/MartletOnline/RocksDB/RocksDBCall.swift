import CRocksDB

extension OnlineError {
  /// What `call` gives, or what RocksDB has to say against it.
  ///
  /// A result that is a pointer has to be given an optional type by the caller: C imports it as never
  /// nil, and RocksDB gives none where it gives words.
  static func catching<Result>(
    _ attempt: @autoclosure () -> String,
    _ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) throws(OnlineError) -> Result {
    var words: UnsafeMutablePointer<CChar>?
    let result = call(&words)
    guard let words else { return result }
    defer { rocksdb_free(words) }
    throw OnlineError(attempt(), Reason(rocksDB: String(cString: words)))
  }
}

extension OnlineError.Reason {
  /// What RocksDB's words mean. They begin with the kind of its status.
  init(rocksDB words: String) {
    if words.contains("/LOCK") {
      self = .heldByAnotherProcess(nil)
    } else if words.hasPrefix("Corruption") {
      self = .damaged(words)
    } else if words.contains("No space left") {
      self = .full
    } else if words.hasPrefix("IO error") {
      self = .unreachable(words)
    } else {
      self = .refused(words)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes as C takes them.
  var chars: UnsafePointer<CChar>? { baseAddress?.assumingMemoryBound(to: CChar.self) }

  /// The bytes that C gives; none where there is no pointer.
  init(chars: UnsafePointer<CChar>?, count: Int) {
    self.init(start: chars, count: chars == nil ? 0 : count)
  }
}
