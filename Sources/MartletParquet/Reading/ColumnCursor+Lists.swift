import MartletColumns

extension ColumnCursor {
  func readLists(_ rowCount: Int) throws(ParquetError) -> Column {
    var sink = newSink()
    var lists = ListLevels(column.shape)
    let most = min(Int(Int32.max), max(1 << 24, pages.chunkRange.count * 64))
    // A row goes on until the next one begins, maybe on the next page, or the chunk ends.
    while true {
      if pages.left == 0 {
        if pages.isAtEnd { break }
        try pages.begin()
        continue
      }
      let (step, isComplete) = try entries(untilRow: rowCount, from: lists.rowCount)
      if step > 0 {
        guard lists.count <= most - step else {
          throw ParquetError(.tooLarge("a batch's lists have over \(most) elements"))
        }
        try readEntries(step, &lists, &sink)
      }
      if isComplete { break }
    }
    guard lists.rowCount == rowCount else {
      throw .damaged("there are \(lists.rowCount) rows where \(rowCount) are left")
    }
    flooredValueCount += sink.flooredCount
    let elementType = rule.columnType
    return lists.assembled(over: sink.finish(as: elementType))
  }

  func readPacked(_ rowCount: Int) throws(ParquetError) -> Column {
    guard let stored else { throw .unsupported("packed rows") }
    var rows = PackedRows(stored, mostBytes: mostBytes)
    while true {
      if pages.left == 0 {
        if pages.isAtEnd { break }
        try pages.begin()
        continue
      }
      let (step, isComplete) = try entries(untilRow: rowCount, from: rows.rowCount)
      if step > 0 {
        let repetition = try levels(step, from: &pages.repetitions)
        let definition = try levels(step, from: &pages.definitions)
        var sink = newSink()
        try pages.append(definition.count { $0 == column.shape.definition }, nil, to: &sink)
        try rows.append(repetition, definition, sink.finish(as: rule.columnType).values)
        pages.left -= step
      }
      if isComplete { break }
    }
    guard rows.rowCount == rowCount else {
      throw .damaged("there are \(rows.rowCount) rows where \(rowCount) are left")
    }
    return rows.finish()
  }

  private static let blockCount = 1_024

  /// How many entries of the page come before row `end` begins, of a block at most.
  private func entries(
    untilRow end: Int, from row: Int
  ) throws(ParquetError) -> (Int, isComplete: Bool) {
    if !pages.isNested {
      // Without a list every entry is a row.
      let count = min(pages.left, ColumnCursor.blockCount, end - row)
      return (count, row + count == end)
    }
    let count = min(pages.left, ColumnCursor.blockCount)
    guard var ahead = pages.repetitions else { throw .damaged("there are no levels") }
    return try withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) {
      (levels) throws(ParquetError) in
      guard let start = levels.baseAddress else { return (0, false) }
      try ahead.read(count, into: start)
      var row = row
      for index in 0..<count where start[index] == 0 {
        if row == end { return (index, true) }
        row += 1
      }
      return (count, false)
    }
  }

  private func readEntries(
    _ count: Int, _ lists: inout ListLevels, _ sink: inout ValueSink
  ) throws(ParquetError) {
    let repetition = try levels(count, from: &pages.repetitions)
    let definition = try levels(count, from: &pages.definitions)
    let presence = try lists.append(repetition, definition)
    try pages.append(presence.count, presence, to: &sink)
    pages.left -= count
  }

  private func levels(
    _ count: Int, from reader: inout LevelReader?
  ) throws(ParquetError) -> [Int32] {
    var levels = [Int32](repeating: 0, count: count)
    guard reader != nil else { return levels }
    var failure: ParquetError?
    levels.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      do throws(ParquetError) { try reader?.read(count, into: start) } catch { failure = error }
    }
    if let failure { throw failure }
    return levels
  }
}
