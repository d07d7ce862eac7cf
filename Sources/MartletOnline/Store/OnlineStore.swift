import MartletColumns
import Synchronization

/// The online store: for every entity what is needed to answer any feature at this moment, or at a
/// given recent one, exactly.
///
///     load    rows of a set ──sort──▶ sealed files ──ingest, switch──▶ a new table
///     push    rows of a source ──keep──▶ log and tables, in one synced write
///     read    entities ──▶ their rows ──the engine's own joins──▶ values, statuses
///
/// What a set's features mean is not decided here: rows are kept, and read by the same code that
/// answers offline. Any number of threads may read and push.
///
/// A store has one owner. Every write carries the number of its commit; whoever notes that number
/// elsewhere can tell at the next `open` whether anything was lost.
public final class OnlineStore: Sendable {
  let engine: any KeyValueStore
  let sizing: Sizing

  /// Turns at writing. The book belongs to whoever has one.
  let turns = Turns<PushRequest, PushResult>()
  let book: BookKeeping

  private let published: Mutex<Published>

  // The commit of `published` and how often its catalog changed, for whoever asks with every question: what
  // is only read is not taken from one processor to the other, as a lock is.
  private let publishedCommit: Atomic<UInt64>
  private let publishedChanges = Atomic<Int>(0)

  /// What readers see of the book.
  private struct Published {
    var catalog: Catalog
    var commit: UInt64
  }

  /// The book, for whoever has the turn.
  ///
  /// `@unchecked Sendable`: read and changed within a turn of the store only.
  final class BookKeeping: @unchecked Sendable {
    var now: Book

    /// How many times rows were appended to the entities that were pushed to lately, by the hashes of
    /// their keys. Two entities of one hash are put in order sooner than they need.
    var appends: [UInt64: Int] = [:]

    init(_ book: Book) { now = book }

    /// Counts an append, and says whether `most` have come since the entity was put in order.
    func countAppend(to key: UnsafeRawBufferPointer, atMost most: Int) -> Bool {
      // Entities that are pushed to now and then need no number for ever.
      if appends.count > 1 << 20 { appends.removeAll() }
      let count = appends[XXHash64.hash(key), default: 0] + 1
      appends[XXHash64.hash(key)] = count < most ? count : nil
      return count >= most
    }
  }

  init(
    _ engine: any KeyValueStore, recorded: UInt64, sizing: Sizing = Sizing(),
    _ layouts: Ledger.Layouts = .current
  ) throws(OnlineError) {
    self.engine = engine
    self.sizing = sizing
    let book = try Book(of: engine, layouts)
    guard book.commit >= recorded else {
      throw OnlineError(
        "opening the online store", .lostCommits(found: book.commit, recorded: recorded))
    }
    self.book = BookKeeping(book)
    published = Mutex(Published(catalog: book.catalog, commit: book.commit))
    publishedCommit = Atomic(book.commit)
    if layouts == .current { try removeAbandoned() }
  }

  /// Opens the store in `folder`, a new one where there is none.
  ///
  /// - Parameters:
  ///   - recorded: The last commit that was noted elsewhere. A store that ends before it has lost what
  ///     was acknowledged, and is refused.
  ///   - cacheSizeInBytes: How much of what is read stays in memory.
  public static func open(
    _ folder: String, recorded: UInt64 = 0, cacheSizeInBytes: Int = 256 << 20
  ) throws(OnlineError) -> OnlineStore {
    // A quarter for values that are found at once, the rest for the blocks that they are found in.
    let valuesSizeInBytes = cacheSizeInBytes / 4
    return try OnlineStore(
      CachingStore(
        try RocksDBStore(folder, cacheSizeInBytes: cacheSizeInBytes - valuesSizeInBytes),
        cacheSizeInBytes: valuesSizeInBytes),
      recorded: recorded)
  }

  /// Opens the store in `folder` to read what was pushed and nothing else, whatever it has lost and
  /// whichever older Martlet wrote it.
  ///
  /// - Returns: The store, and what was damaged in it; that is left out.
  public static func openForPushes(
    _ folder: String
  ) throws(OnlineError) -> (store: OnlineStore, damage: OnlineError?) {
    do throws(OnlineError) {
      let engine = try RocksDBStore(folder, cacheSizeInBytes: 8 << 20)
      try engine.readThrough(.pushes)
      return (try OnlineStore(engine, recorded: 0, .olderAsWell), nil)
    } catch {
      guard error.isDamage else { throw error }
      let engine = try RocksDBStore.salvaged(folder)
      return (try OnlineStore(engine, recorded: 0, .olderAsWell), error)
    }
  }

  /// Reads everything that is there. What is not as it was written is thrown.
  public func readThrough() throws(OnlineError) {
    for space in Space.allCases { try engine.readThrough(space) }
  }

  /// A store in memory, for tests.
  public static func inMemory() throws(OnlineError) -> OnlineStore {
    try OnlineStore(MemoryStore(), recorded: 0)
  }

  /// The number of the last commit, to be noted elsewhere.
  public var lastCommit: UInt64 { publishedCommit.load(ordering: .acquiring) }

  /// How often the tables changed: while it is the same, the catalog is.
  var tableChanges: Int { publishedChanges.load(ordering: .acquiring) }

  /// The tables, and how often they had changed.
  var tables: (catalog: Catalog, changes: Int) {
    published.withLock { ($0.catalog, publishedChanges.load(ordering: .acquiring)) }
  }

  /// The tables, and the last commit that whoever reads from now on sees.
  var seen: (catalog: Catalog, commit: UInt64) {
    published.withLock { ($0.catalog, $0.commit) }
  }

  /// The tables as they are now.
  var catalog: Catalog { published.withLock { $0.catalog } }

  /// Lets readers see what the book says. For whoever has the turn, after the write.
  func publish(_ book: Book, newTables: Bool) {
    self.book.now = book
    published.withLock {
      if newTables {
        $0.catalog = book.catalog
        publishedChanges.wrappingAdd(1, ordering: .releasing)
      }
      $0.commit = book.commit
      publishedCommit.store(book.commit, ordering: .releasing)
    }
  }

  /// Writes what `change` records, as one commit of its own, synced.
  @discardableResult
  func changeTables(
    _ change: (inout Book, inout WriteBatch) throws(OnlineError) -> Void
  ) throws(OnlineError) -> UInt64 {
    try turns.alone { () throws(OnlineError) in
      var book = self.book.now
      var batch = WriteBatch()
      try change(&book, &batch)
      guard batch.count > 0 else { return book.commit }
      batch.put(.ledger, Ledger.layout, Table.prefix(UInt64(Ledger.layoutVersion)))
      let commit = book.noteCommit(in: &batch)
      try engine.write([batch], .synced)
      let hasRemoved = !self.book.now.tables.keys.allSatisfy { book.tables[$0] != nil }
      publish(book, newTables: true)
      // Readers that come now see the new tables alone. That room could not be given back is no reason
      // to say that the change was not made: the next removal tries again.
      if hasRemoved { try? engine.reclaim(book.removedRanges) }
      return commit
    }
  }

  /// Removes what a load left that never came to its switch.
  private func removeAbandoned() throws(OnlineError) {
    try changeTables { book, batch in
      for table in book.tables.values where table.role == .loading {
        book.remove(table, in: &batch)
      }
    }
  }

  /// Calls `body` with the store at one point in its history, maybe twice.
  ///
  /// A snapshot costs more than a few reads do. What is read while nobody writes is as good, so that is tried
  /// where there are few `questions` and little is lost.
  func reading<Answer>(
    _ questions: Int, _ body: (OnlineView) throws(OnlineError) -> Answer
  ) throws(OnlineError) -> Answer {
    if questions <= Self.fewQuestions, let stillness = engine.stillness {
      let (catalog, commit) = seen
      let answer: Result<Answer, OnlineError>
      do throws(OnlineError) {
        answer = .success(
          try body(OnlineView(catalog: catalog, reader: engine, commit: commit)))
      } catch { answer = .failure(error) }
      if engine.stillness == stillness, catalog === self.catalog { return try answer.get() }
    }
    return try body(try view())
  }

  private static let fewQuestions = 1_000

  /// The tables, and a reader that sees them whole, with the last commit that it surely sees.
  func view() throws(OnlineError) -> OnlineView {
    while true {
      let seen = published.withLock { $0 }
      let reader = try engine.snapshot()
      // Between the two a table may have been removed; then the catalog is another by now.
      if seen.catalog === catalog {
        return OnlineView(catalog: seen.catalog, reader: reader, commit: seen.commit)
      }
    }
  }
}

/// A store at one point in its history.
struct OnlineView: Sendable {
  let catalog: Catalog
  let reader: any KeyValueReader

  /// Everything up to this commit is seen.
  let commit: UInt64
}
