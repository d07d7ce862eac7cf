import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

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

extension RowBlock {
  /// Appends an index of `entries` to `bytes`, with the hashes of ids that the rows behind it have.
  static func writeIndex(
    _ kind: Kind, of entries: [RowSummary], names: UInt64, ids: [UInt64], layout: UInt32,
    to bytes: inout ByteWriter
  ) {
    let start = begin(kind, layout: layout, in: &bytes)
    let body = bytes.count
    bytes.write(names)
    bytes.write(UInt64(ids.count))
    var states = RowIndex.headSize + entries.count * RowIndex.pageSize + ids.count * 8
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
    for id in ids { bytes.write(id) }
    for entry in entries {
      bytes.write(UInt32(entry.states.count))
      entry.states.withUnsafeBytes { bytes.write($0) }
    }
    precondition(bytes.count - body == states, "states are elsewhere")
    end(start, rowCount: entries.count, in: &bytes)
  }
}
