import MartletEngine
import MartletPlan

/// Reads what lies behind an entity's key: its chapters, and the ids that they hold.
struct EntityReader {
  let reader: any KeyValueReader

  /// The entity's key, its table before it.
  let key: [UInt8]

  /// Calls `body` with the value of chapter `number`.
  func withChapter(
    _ number: UInt32, _ body: (UnsafeRawBufferPointer) throws(RowsError) -> Void
  ) throws(RowsError) {
    var failure: RowsError?
    // Why a chapter cannot be read makes no difference to whoever asks: an answer there is not.
    do throws(OnlineError) {
      try withBytes(of: EntityParts.chapter(number, of: key)) { (key) throws(OnlineError) in
        try reader.read(.rows, key) { (value) throws(OnlineError) in
          guard let value else {
            failure = RowsError("chapter")
            return
          }
          do throws(RowsError) { try body(value) } catch { failure = error }
        }
      }
    } catch { throw RowsError("chapter") }
    if let failure { throw failure }
  }

  /// The value of chapter `number`, copied.
  func chapter(_ number: UInt32) throws(OnlineError) -> OwnedBytes {
    var found: OwnedBytes?
    try withBytes(of: EntityParts.chapter(number, of: key)) { (key) throws(OnlineError) in
      try reader.read(.rows, key) { found = $0.map { OwnedBytes(copying: $0) } }
    }
    guard let found else {
      throw OnlineError("reading an entity's rows", .damaged("chapter \(number) is not there"))
    }
    return found
  }

  /// The event times of the rows in chapters whose ids have some of these hashes.
  func times(ofIds hashes: [UInt64]) throws(OnlineError) -> [Int64] {
    var keys = KeyList()
    keys.reserve(hashes.count, byteCount: key.count + 9)
    for hash in hashes { keys.append { EntityParts.appendId(hash, of: key, to: &$0) } }
    var times: [Int64] = []
    try reader.read(.rows, keys) { (_, value) throws(OnlineError) in
      guard let value else { return }
      times.append(Int64(bitPattern: try Ledger.number(value.reversed())))
    }
    return times
  }

  /// Gathers every row of the entity, whose own value is `value`, and says how many there were.
  @discardableResult
  func gather(
    _ value: UnsafeRawBufferPointer, of set: SetPlan, into rows: RowBlockReader
  ) throws(OnlineError) -> Int {
    var count = 0
    do throws(RowsError) {
      count += try rows.read(value)
      guard let index = try RowIndex(of: value, layout: rows.layout, names: 0), index.holdsChapters
      else { return count }
      for number in 0..<index.pageCount {
        let chapter = try chapterOrDamage(try index.page(number).chapter)
        count += try rows.read(chapter.bytes)
      }
    } catch {
      throw OnlineError(
        "reading `\(set.name)` of an entity", .damaged("the \(error.part) of its rows"))
    }
    return count
  }

  /// The chapter, where the caller can say no more than that it cannot be read.
  private func chapterOrDamage(_ number: UInt32) throws(RowsError) -> OwnedBytes {
    do throws(OnlineError) { return try chapter(number) } catch { throw RowsError("chapter") }
  }
}
