/// Where keys live. A key of one space has nothing to do with the same key of another.
enum Space: UInt8, CaseIterable, Sendable {
  /// What feature sets hold of each entity.
  case rows = 0

  /// What was pushed, in the order of its commits.
  case pushes = 1

  /// The store's own book: commits, tables.
  case ledger = 2
}

/// Keys from one up to another, that one not.
struct KeyRange: Equatable, Sendable {
  var start: [UInt8]
  var end: [UInt8]
}

/// How sure a write is when it returns.
enum Durability: Sendable {
  /// It has reached the disk.
  case synced

  /// It survives the end of this process, and not that of the machine.
  case unsynced
}

/// Something that can be read at one point in its history.
protocol KeyValueReader: Sendable {
  /// Calls `body` with the value of `key`, or with `nil`. The bytes are good for the call.
  func read(
    _ space: Space, _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError)

  /// Calls `body` with the value of `key` in `rows`, or with `nil`, and whether all its blocks were checked
  /// since it was read from the disk.
  func readRows(
    _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?, _ isChecked: Bool) throws(OnlineError) -> Void
  ) throws(OnlineError)

  /// Calls `body` with the number of each of `keys` and its value, in their order.
  func read(
    _ space: Space, _ keys: KeyList,
    _ body: (Int, UnsafeRawBufferPointer?) throws(OnlineError) -> Void
  ) throws(OnlineError)

  /// Calls `body` with each key from `start` on that begins with `prefix`, in the order of their bytes,
  /// until it has had enough.
  func scan(
    _ space: Space, prefix: [UInt8], from start: [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(OnlineError) -> ScanStep
  ) throws(OnlineError)
}

/// Whether a scan goes on.
enum ScanStep { case next, enough }

/// The key-value engine: the port behind which RocksDB stands, or memory in tests.
///
/// It asks for no more than a cluster of Redis could do as well: a value by its key, many at once; puts
/// and appends that take effect together for the keys of one entity; ordered scans only of the store's
/// own book and of what was pushed. An append joins bytes to a value without reading it.
///
/// Reading the store itself sees the latest writes, each read by itself.
protocol KeyValueStore: KeyValueReader {
  /// Says that nobody is writing; `nil` while somebody is, and where that is not known.
  ///
  /// What is read while it stays the same is all from one point in the store's history, as if it had been
  /// read from a snapshot.
  var stillness: Stillness? { get }

  /// Everything as it is now, whatever is written later.
  func snapshot() throws(OnlineError) -> any KeyValueReader

  /// Makes the writes of all `batches`, in their order, or none.
  func write(_ batches: [WriteBatch], _ durability: Durability) throws(OnlineError)

  /// Takes in files that `makeFile` sealed, as if their writes had been made now. Files of one call
  /// share no keys.
  func ingest(_ files: [String]) throws(OnlineError)

  /// A file of writes to `rows`, off to the side.
  func makeFile(at path: String) throws(OnlineError) -> any SortedFile

  /// Gives back at once the room of ranges of `rows` whose keys were all removed, as far as it is whole
  /// files that nobody can be reading any more. The rest goes by itself, later.
  func reclaim(_ removed: [KeyRange]) throws(OnlineError)

  /// Gives the room of what was removed among `keys` of `space` back, sooner than the store would by itself;
  /// `nil` stands for all keys.
  func compact(_ space: Space, _ keys: KeyRange?) throws(OnlineError)
}

extension KeyValueStore {
  func compact(_ space: Space) throws(OnlineError) { try compact(space, nil) }

  var stillness: Stillness? { nil }
}

/// A time in which nobody writes to a store; every such time is another.
struct Stillness: Equatable, Sendable {
  var epoch: UInt64
}

/// Writes to be taken in later, in one step. Keys ascend.
protocol SortedFile: AnyObject {
  /// Puts `value`, or appends it where `appends` has to add to what other files bring.
  func add(
    _ kind: WriteBatch.Kind, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(OnlineError)

  /// Seals the file. It is on the disk when this returns.
  func finish() throws(OnlineError)
}

extension KeyValueReader {
  func readRows(
    _ key: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer?, _ isChecked: Bool) throws(OnlineError) -> Void
  ) throws(OnlineError) {
    try read(.rows, key) { (value) throws(OnlineError) in try body(value, false) }
  }

  /// The value of `key`, copied.
  func value(_ space: Space, _ key: [UInt8]) throws(OnlineError) -> [UInt8]? {
    var found: [UInt8]?
    try withBytes(of: key) { (key) throws(OnlineError) in
      try read(space, key) { found = $0.map { Array($0) } }
    }
    return found
  }
}

/// Calls `body` with the bytes of `bytes`, keeping the type of what it throws.
func withBytes<Result>(
  of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(OnlineError) -> Result
) throws(OnlineError) -> Result {
  try bytes.span.bytes.withUnsafeBytes { (bytes) throws(OnlineError) in try body(bytes) }
}
