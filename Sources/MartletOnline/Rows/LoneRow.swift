import MartletColumns

/// Where the columns of a value lie that holds a single row: found without copying anything.
///
/// Nearly every entity of a set of states is such a value, and what is read one by one is read here.
struct LoneRow {
  /// The types that are read this way.
  enum Kind: Sendable {
    case int, time, double, bool, string, bytes

    init?(_ type: ColumnType) {
      switch type {
      case .int: self = .int
      case .time: self = .time
      case .double: self = .double
      case .bool: self = .bool
      case .string: self = .string
      case .bytes: self = .bytes
      case .list, .vector: return nil
      }
    }
  }

  /// Where a value lies in the bytes; `count` is negative of a null.
  struct Place {
    var offset: Int32
    var count: Int32

    var isNull: Bool { count < 0 }
  }

  /// Fills `places` with those of the columns that `rule` wants, and maybe of others; says `false` where `value` is not a single
  /// block of a single row, which is for others to read.
  static func find(
    in value: UnsafeRawBufferPointer, _ rule: LoneRule, isChecked: Bool = false,
    _ places: UnsafeMutableBufferPointer<Place>
  ) throws(RowsError) -> Bool {
    var reader = ByteReader(value)
    let header = try RowBlock.Header(&reader, isChecked: isChecked)
    guard header.layout == rule.layout else { throw RowsError("layout") }
    guard header.kind == .rows, header.rowCount == 1, reader.remaining == header.byteCount else {
      return false
    }
    if header.byteCount == rule.wholeByteCount {
      // No text, and no null, which would take a byte more: every column lies where it always does.
      let start = value.count - reader.remaining
      for column in rule.wanted {
        let offset = start + rule.wholeOffsets[column]
        guard value[offset] == 0 else { throw RowsError("presence") }
        let count: Int32 = rule.kinds[column] == .bool ? 1 : 8
        places[column] = Place(offset: Int32(truncatingIfNeeded: offset + 1), count: count)
      }
      return true
    }
    try find(&reader, in: value, rule.kinds, places)
    return true
  }

  private static func find(
    _ reader: inout ByteReader, in value: UnsafeRawBufferPointer, _ kinds: [Kind],
    _ places: UnsafeMutableBufferPointer<Place>
  ) throws(RowsError) {
    for (index, kind) in kinds.enumerated() {
      var isNull = false
      switch try reader.readByte("presence") {
      case 0: break
      case 1: isNull = try reader.readByte("presence") & 1 == 0
      default: throw RowsError("presence")
      }
      var count: Int
      switch kind {
      case .int, .time, .double: count = 8
      case .bool: count = 1
      case .string, .bytes: count = Int(try reader.readHalf("ends"))
      }
      let offset = value.count - reader.remaining
      _ = try reader.take(count, "value")
      if isNull { count = -1 }
      places[index] = Place(
        offset: Int32(truncatingIfNeeded: offset), count: Int32(truncatingIfNeeded: count))
    }
    guard reader.remaining == 0 else { throw RowsError("end") }
  }
}

extension UnsafeRawBufferPointer {
  /// The number at `place`.
  @inline(__always)
  func word(_ place: LoneRow.Place) -> Int64 {
    if place.count == 1 { return Int64(self[Int(place.offset)]) }
    return Int64(littleEndian: loadUnaligned(fromByteOffset: Int(place.offset), as: Int64.self))
  }

  /// The text at `place`.
  func text(_ place: LoneRow.Place) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: self[Int(place.offset)..<Int(place.offset) + Int(place.count)])
  }
}
