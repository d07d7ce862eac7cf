import MartletColumns
import MartletLanguage
import MartletPlan

/// Some rows of one entity, as a value of the key-value store holds them.
///
///     version │ kind │ ids │ 0 │ layout   │ rows │ bytes │ checksum │ column │ column │ …
///        1       1      1    1      4         4      4        8
///
/// A value is one block or several, one after the other: whoever appends a block adds its rows. The
/// columns are those of a kept row without the keys, which are the key's; rows ascend by event time.
/// Everything is written the lowest byte first. `bytes` counts those behind the checksum, which is
/// taken over all that stands before and behind it.
///
/// `ids` is 1 where no id is in the block twice.
///
/// A value with many rows begins with an index of the blocks behind it, and a table of their ids.
///
/// A column is a byte that says whether a bitmap of its values' presence follows, the bitmap, and:
///
///     bool           a byte each
///     int, time      eight bytes each
///     double         eight bytes each
///     string, bytes  where each ends, four bytes each, then the bytes
///     list           where each ends, four bytes each, then the elements as a column
///     vector         four bytes a number
struct RowBlock {
  /// What a block holds. 1 and 2 were indexes without tiles, 3 and 4 such without rests.
  enum Kind: UInt8, Sendable {
    case rows = 0

    /// What the blocks behind it hold, and what their rows add up to: `RowIndex`.
    case index = 6

    /// The same of the chapters that lie under keys of their own.
    case contents = 7

    /// The states that an index or a table of contents tells of.
    case states = 8

    /// The ids of the rows behind it, as hashes.
    case ids = 5
  }

  /// Whether an id may be in one block twice.
  enum Repeats: UInt8, Sendable {
    case possible = 0
    case none = 1
  }

  /// What every block begins with.
  struct Header {
    var kind: Kind
    var repeats: Repeats
    var layout: UInt32

    /// The rows, or the pages of an index.
    var rowCount: Int
    var byteCount: Int
    var checksum: UInt64
  }

  static let version: UInt8 = 1

  /// Begins a block at the end of `bytes`; `end` completes it. Returns where it begins.
  static func begin(
    _ kind: Kind, _ repeats: Repeats = .possible, layout: UInt32, in bytes: inout ByteWriter
  ) -> Int {
    let start = bytes.count
    bytes.write(version)
    bytes.write(kind.rawValue)
    bytes.write(repeats.rawValue)
    bytes.write(UInt8(0))
    bytes.write(layout)
    bytes.write(UInt64(0))
    bytes.write(UInt64(0))
    return start
  }

  /// Completes the block that began at `start` and reaches to the end of `bytes`.
  static func end(_ start: Int, rowCount: Int, in bytes: inout ByteWriter) {
    let byteCount = bytes.count - start - headerSizeInBytes
    precondition(byteCount <= most, "a block of \(byteCount) bytes")
    // The rows and the bytes are neighbours, so they are written as one number.
    bytes.overwrite(UInt64(rowCount) | UInt64(byteCount) &<< 32, at: start + 8)
    let block = UnsafeRawBufferPointer(rebasing: bytes.bytes[start...])
    let checksum = checksum(
      header: UnsafeRawBufferPointer(rebasing: block[..<headerSizeInBytes]),
      body: UnsafeRawBufferPointer(rebasing: block[headerSizeInBytes...]))
    bytes.overwrite(checksum, at: start + checksumOffset)
  }
  static let headerSizeInBytes = 24
  static let checksumOffset = 16

  /// The most rows and bytes of one block.
  static let most = Int(Int32.max)

  /// The checksum of a block, whose own place in `header` is left out.
  static func checksum(
    header: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer
  ) -> UInt64 {
    let head = UnsafeRawBufferPointer(rebasing: header[..<checksumOffset])
    return XXHash64.hash(head) &* 0x9E37_79B9_7F4A_7C15 ^ XXHash64.hash(body)
  }
}

extension RowBlock {
  /// Whether every block of `value` is as it was written.
  static func areSound(_ value: UnsafeRawBufferPointer) -> Bool {
    var reader = ByteReader(value)
    do throws(RowsError) {
      while reader.remaining > 0 {
        _ = try reader.take(try Header(&reader).byteCount, "body")
      }
      return true
    } catch { return false }
  }
}

extension RowBlock.Header {
  /// Reads a header and checks the body that follows, which is left to be read.
  ///
  /// - Parameter isChecked: Whether the body was checked since it was read from the disk.
  init(_ reader: inout ByteReader, isChecked: Bool = false) throws(RowsError) {
    let bytes = try reader.take(RowBlock.headerSizeInBytes, "header")
    var fields = ByteReader(bytes)
    guard try fields.readByte("version") == RowBlock.version else { throw RowsError("version") }
    guard let kind = RowBlock.Kind(rawValue: try fields.readByte("kind")) else {
      throw RowsError("kind")
    }
    self.kind = kind
    guard let repeats = RowBlock.Repeats(rawValue: try fields.readByte("ids")) else {
      throw RowsError("ids")
    }
    self.repeats = repeats
    _ = try fields.readByte("reserved")
    layout = try fields.readHalf("layout")
    rowCount = Int(try fields.readHalf("row count"))
    byteCount = Int(try fields.readHalf("byte count"))
    checksum = try fields.readWord("checksum")
    var ahead = reader
    let body = try ahead.take(byteCount, "body")
    guard isChecked || RowBlock.checksum(header: bytes, body: body) == checksum else {
      throw RowsError("checksum")
    }
  }
}

/// How the rows of one set are written: the types of their columns, and what tells them from the rows
/// of another layout.
struct RowFormat: Hashable, Sendable {
  /// The columns' types, keys left out.
  let types: [ColumnType]

  /// A part of the layout's identity.
  let layout: UInt32

  /// The format of rows that `set` keeps.
  init(_ set: SetPlan) {
    types = set.schema.fields.dropFirst(set.keys.count).map(\.type)
    layout = set.layout.bytes.prefix(4).reduce(0) { $0 &<< 8 | UInt32($1) }
  }

  init(types: [ColumnType], layout: UInt32) {
    self.types = types
    self.layout = layout
  }
}
