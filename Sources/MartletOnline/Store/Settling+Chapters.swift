import MartletColumns
import MartletEngine
import MartletPlan

extension Settling {
  /// Rewrites the chapters that appended rows belong to, and the table of contents.
  ///
  ///     contents    a  b  c  d  e        appended: rows of b, d and e
  ///     rewritten      b     d  e        b by itself, d and e together
  ///
  /// A row whose id stands in some chapter is compared with that one, so that chapter is rewritten too.
  func rewrite(
    _ value: OwnedBytes, _ index: RowIndex, _ entity: EntityReader, in batch: inout WriteBatch
  ) throws(RowsError) {
    let appended = RowPlaces(RowFormat(set))
    try appended.append(value.bytes)
    let old = try (0..<index.pageCount).map { (number) throws(RowsError) in
      try index.page(number)
    }
    let given = oldest.map { oldest in old.prefix { $0.last < oldest }.count } ?? 0
    let touched = index.hasStates ? try touched(old, appended, entity) : Set(old.indices)

    let all = RowBlockReader(RowFormat(set))
    try all.read(value.bytes)
    var runs: [Int] = []
    var kept: [Int: RowSummary] = [:]
    for (number, chapter) in old.enumerated() {
      if touched.contains(number) {
        let held = try bytes(of: chapter, entity)
        try withExtendedLifetime(held) { () throws(RowsError) in _ = try all.read(held.bytes) }
        if number == 0 || !touched.contains(number - 1) { runs.append(number) }
      } else if number >= given {
        kept[number] = try index.summary(of: chapter)
        continue
      } else {
        try forget(chapter, entity, in: &batch)
      }
      batch.remove(.rows, EntityParts.chapter(chapter.chapter, of: entity.key))
    }

    let columns = settled(all.finish())
    let pages = RowPages(set, columns, sizing)
    guard case .time(let times) = columns[0].values else { throw RowsError("times") }
    var next = (old.map(\.chapter).max() ?? 0) &+ 1
    var ids = RowIds()
    var entries: [RowSummary] = []
    var (row, number) = (0, 0)
    while number < old.count {
      if let summary = kept[number] {
        entries.append(summary)
      } else if runs.first == number {
        runs.removeFirst()
        var end = row
        while end < times.count, runs.isEmpty || times[end] < old[runs[0]].first { end += 1 }
        if row < end {
          let chapters = pages.chapters(row..<end, from: next, ids: &ids) { number, chapter in
            batch.add(.put, .rows, EntityParts.chapter(number, of: entity.key), chapter)
          }
          entries += chapters
          next = next &+ UInt32(clamping: chapters.count)
        }
        row = end
      }
      number += 1
    }
    if entries.isEmpty {
      batch.remove(.rows, entity.key)
    } else {
      var bytes = ByteWriter()
      pages.writeContents(of: entries, to: &bytes)
      batch.add(.put, .rows, entity.key, bytes.bytes)
    }
    for id in ids.ascending {
      var time = ByteWriter()
      time.write(UInt64(bitPattern: id.time))
      batch.add(.put, .rows, EntityParts.id(id.hash, of: entity.key), time.bytes)
    }
  }

  /// The chapters that the appended rows belong to, and those that have rows of their ids.
  private func touched(
    _ chapters: [RowIndex.Page], _ appended: RowPlaces, _ entity: EntityReader
  ) throws(RowsError) -> Set<Int> {
    let identity = RowIdentity(set)
    var touched: Set<Int> = []
    var hashes: [UInt64] = []
    for block in 0..<appended.count {
      for row in 0..<appended.rowCount(block) {
        let time = appended.column(0, of: block).word(row)
        touched.insert(max(0, (chapters.firstIndex { $0.first > time } ?? chapters.count) - 1))
      }
      identity.forEach(of: block, in: appended) { hashes.append($1) }
    }
    for time in try times(ofIds: hashes, entity) {
      for number in chapters.indices
      where chapters[number].first <= time && time <= chapters[number].last {
        touched.insert(number)
      }
    }
    return touched
  }

  /// Records that the ids of a chapter that is given up are forgotten with it.
  private func forget(
    _ chapter: RowIndex.Page, _ entity: EntityReader, in batch: inout WriteBatch
  ) throws(RowsError) {
    let rows = RowPlaces(RowFormat(set))
    let held = try bytes(of: chapter, entity)
    try withExtendedLifetime(held) { () throws(RowsError) in
      try rows.append(held.bytes)
      for block in 0..<rows.count {
        RowIdentity(set).forEach(of: block, in: rows) { _, hash in
          batch.remove(.rows, EntityParts.id(hash, of: entity.key))
        }
      }
    }
  }

  private func bytes(
    of chapter: RowIndex.Page, _ entity: EntityReader
  ) throws(RowsError) -> OwnedBytes {
    do throws(OnlineError) { return try entity.chapter(chapter.chapter) } catch {
      throw RowsError("chapter")
    }
  }

  private func times(
    ofIds hashes: [UInt64], _ entity: EntityReader
  ) throws(RowsError) -> [Int64] {
    do throws(OnlineError) { return try entity.times(ofIds: hashes) } catch {
      throw RowsError("ids")
    }
  }
}
