import MartletEngine
import MartletPlan

/// Reads what lies behind an entity's key: its chapters, and the ids that they hold.
struct EntityReader {
  let reader: any KeyValueReader

  /// The entity's key, its table before it.
  let key: [UInt8]

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

  /// The event time of the row in some chapter whose id has this hash.
  func time(ofId hash: UInt64) throws(OnlineError) -> Int64? {
    guard let value = try reader.value(.rows, EntityParts.id(hash, of: key)) else { return nil }
    return Int64(bitPattern: try Ledger.number(value.reversed()))
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
