/// What a run of an entity's rows comes to: an entry of an index or of a table of contents.
struct RowSummary {
  var first: Int64
  var last: Int64

  /// The last question that does not see all of the rows.
  var lastMissing: Int64
  var rowCount: Int

  /// Where the rows are: the offset and size of a page, or the number of a chapter and nothing.
  var offset: UInt32
  var size: UInt32
  var states: [UInt8]
}

/// What several neighbouring entries come to.
struct TileSummary {
  var lastMissing: Int64
  var states: [UInt8]
}

extension RowBlock {
  /// Appends an index of `entries` to `bytes`.
  ///
  /// - Parameters:
  ///   - tiles: The tiles of each size, of which the smallest joins `entriesOfTile` entries, and each
  ///     after it as many of the size before.
  ///   - idCount: How many ids the table behind the index has.
  static func writeIndex(
    _ kind: Kind, of entries: [RowSummary], tiles: [[TileSummary]], entriesOfTile: Int,
    names: UInt64, idCount: Int, layout: UInt32, to bytes: inout ByteWriter
  ) {
    let start = begin(kind, layout: layout, in: &bytes)
    let body = bytes.count
    let all = tiles.joined()
    bytes.write(names)
    bytes.write(UInt64(idCount))
    bytes.write(UInt32(clamping: entriesOfTile))
    bytes.write(UInt32(0))
    var states =
      RowIndex.headSize + entries.count * RowIndex.pageSize + all.count * RowIndex.tileSize
    for entry in entries {
      bytes.write(UInt64(bitPattern: entry.first))
      bytes.write(UInt64(bitPattern: entry.last))
      bytes.write(UInt64(bitPattern: entry.lastMissing))
      bytes.write(UInt32(clamping: entry.rowCount))
      bytes.write(entry.offset)
      bytes.write(entry.size)
      bytes.write(UInt32(clamping: states))
      states += 4 + entry.states.count
    }
    for tile in all {
      bytes.write(UInt64(bitPattern: tile.lastMissing))
      bytes.write(UInt32(clamping: states))
      states += 4 + tile.states.count
    }
    for content in entries.map(\.states) + all.map(\.states) {
      bytes.write(UInt32(content.count))
      content.withUnsafeBytes { bytes.write($0) }
    }
    precondition(bytes.count - body == states, "states are elsewhere")
    end(start, rowCount: entries.count, in: &bytes)
  }

  /// Appends a table of the hashes of ids, ascending.
  static func writeIds(_ ids: [UInt64], layout: UInt32, to bytes: inout ByteWriter) {
    let start = begin(.ids, layout: layout, in: &bytes)
    for id in ids { bytes.write(id) }
    end(start, rowCount: ids.count, in: &bytes)
  }
}
