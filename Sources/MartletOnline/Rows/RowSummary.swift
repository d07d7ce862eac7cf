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
  var states: WrittenStates
}

/// What several neighbouring entries come to.
struct TileSummary {
  var lastMissing: Int64
  var states: WrittenStates
}

/// What is written of the entries of an index, or of a table of contents.
struct IndexSummary {
  var entries: [RowSummary]

  /// Of each entry and all behind it, the small states.
  var rests: [[UInt8]]

  /// The tiles of each size, of which the smallest joins `entriesOfTile` entries, and each after it as
  /// many of the size before.
  var tiles: [[TileSummary]]
  var entriesOfTile: Int

  /// What the states are of.
  var names: UInt64
}

extension RowBlock {
  /// Appends an index to `bytes`, and its states.
  ///
  /// - Parameter idCount: How many ids the table behind the states has.
  static func writeIndex(
    _ kind: Kind, of summary: IndexSummary, idCount: Int, layout: UInt32, to bytes: inout ByteWriter
  ) {
    let tiles = summary.tiles.joined()
    var states = ByteWriter(capacity: 1_024)
    let places = summary.entries.map { states.write(record: $0.states) }
    let rests = summary.rests.map { states.write(record: WrittenStates(small: $0)) }
    let tilePlaces = tiles.map { states.write(record: $0.states) }

    let start = begin(kind, layout: layout, in: &bytes)
    bytes.write(summary.names)
    let lastMissing = summary.entries.reduce(Int64.min) { max($0, $1.lastMissing) }
    bytes.write(UInt64(bitPattern: lastMissing))
    bytes.write(UInt64(idCount))
    bytes.write(UInt32(clamping: summary.entriesOfTile))
    bytes.write(UInt32(clamping: states.count))
    for (index, entry) in summary.entries.enumerated() {
      bytes.write(UInt64(bitPattern: entry.first))
      bytes.write(UInt64(bitPattern: entry.last))
      bytes.write(UInt64(bitPattern: entry.lastMissing))
      bytes.write(UInt32(clamping: entry.rowCount))
      bytes.write(entry.offset)
      bytes.write(entry.size)
      bytes.write(places[index])
      bytes.write(rests[index])
    }
    for (tile, place) in zip(tiles, tilePlaces) {
      bytes.write(UInt64(bitPattern: tile.lastMissing))
      bytes.write(place)
    }
    end(start, rowCount: summary.entries.count, in: &bytes)

    let statesStart = begin(.states, layout: layout, in: &bytes)
    bytes.write(states.bytes)
    end(statesStart, rowCount: 0, in: &bytes)
  }

  /// Appends a table of the hashes of ids, ascending.
  static func writeIds(_ ids: [UInt64], layout: UInt32, to bytes: inout ByteWriter) {
    let start = begin(.ids, layout: layout, in: &bytes)
    for id in ids { bytes.write(id) }
    end(start, rowCount: ids.count, in: &bytes)
  }
}

extension ByteWriter {
  /// Appends states with their sizes and a checksum, and returns where they begin.
  mutating func write(record states: WrittenStates) -> UInt32 {
    let place = UInt32(clamping: count)
    write(UInt32(clamping: states.small.count))
    write(UInt32(clamping: states.large.count))
    let checksumPlace = count
    write(UInt32(0))
    states.small.withUnsafeBytes { write($0) }
    states.large.withUnsafeBytes { write($0) }
    let content = UnsafeRawBufferPointer(rebasing: bytes[(checksumPlace + 4)...])
    overwrite(StateRecord.checksum(of: content), at: checksumPlace)
    return place
  }
}
