import MartletColumns

/// The records of a CSV file, some at a time, as RFC 4180 writes them.
///
/// The bytes of some records lie together in a room, and their fields are places there:
///
///     room   │ …used… │ a,"b ""c""",d⏎ e,f,g⏎ │ …read ahead… │
///                     start            ▲        next
///                     places of 2 · 3 fields
struct CSVRecords: ~Copyable {
  /// Why the bytes are no CSV: "a field goes on behind its closing quote".
  struct Damage: Error, Equatable, CustomStringConvertible {
    var words: String
    var description: String { words }
  }

  private let options: CSVOptions
  private let delimiter: UInt8
  private let mostBytes: Int
  private var room: ReadingRoom
  private var places = BufferBuilder<TextPlace>()

  /// The fields of the record that is being cut that stand in quotes with quotes in them.
  private var doubled: [Int] = []

  /// What is wrong with the record behind those that were cut last.
  private var damage: Damage?

  private var hasBegun = false

  /// The records of `stream`, none of them longer than `mostBytes`, read `chunk` bytes at a time.
  init(
    _ stream: any ByteStream, _ options: CSVOptions, mostBytes: Int = 16 << 20, chunk: Int = 1 << 20
  ) {
    room = ReadingRoom(stream, capacity: chunk)
    self.options = options
    delimiter = options.delimiter ?? CSVOptions.delimiters[0]
    self.mostBytes = mostBytes
  }

  /// Calls `body` with the next records, at most `count`, of `width` fields each, where it is known; `false`, and no call,
  /// behind the last.
  ///
  /// What is wrong with a record is thrown when those before it have been handed over.
  mutating func next(
    _ count: Int, width: Int?, _ body: (TextRows) throws -> Void
  ) throws -> Bool {
    let cut = try cut(count, width: width)
    guard cut.count > 0 else { return false }
    let rows = UnsafeRawBufferPointer(
      start: room.base + room.start, count: cut.end - room.start)
    let isUnicode = FieldText.isUnicode(rows)
    let base = UnsafeRawPointer(room.base)
    try places.withUnsafeMutableBufferPointer { places in
      try body(
        TextRows(
          base: base, places: UnsafeBufferPointer(places),
          width: width ?? places.count, count: cut.count,
          byteCount: rows.count, isUnicode: isUnicode))
    }
    room.use(upTo: cut.end)
    return true
  }

  /// Calls `body` with the next record, however many fields it has; `false` behind the last.
  mutating func nextRow(_ body: (TextRows) throws -> Void) throws -> Bool {
    try next(1, width: nil, body)
  }

  /// Steps over the next records, at most `count`; returns how many there were.
  mutating func skip(_ count: Int) throws -> Int {
    let cut = try cut(count, width: nil)
    room.use(upTo: cut.end)
    return cut.count
  }

  /// Finds the fields of as many whole records as are in the room, at least one, at most `count`.
  private mutating func cut(_ count: Int, width: Int?) throws -> (count: Int, end: Int) {
    if let damage { throw damage }
    if !hasBegun {
      hasBegun = true
      try room.readAhead()
      if room.rest.starts(with: [0xEF, 0xBB, 0xBF]) { room.use(upTo: room.start + 3) }
    }
    while true {
      places.removeAll()
      var (records, index) = (0, room.start)
      do throws(Damage) {
        while records < count, let next = try cutRecord(at: index) {
          if let width, places.count != (records + 1) * width {
            let found = places.count - records * width
            throw Damage(words: "it has \(found) fields, the header \(width)")
          }
          records += 1
          index = next
        }
      } catch {
        guard records > 0 else { throw error }
        damage = error
      }
      if records > 0 || room.isAll && room.start == room.end { return (records, index) }
      guard room.end - room.start < mostBytes else {
        throw Damage(words: "a row is longer than \(mostBytes) bytes")
      }
      try room.readAhead()
    }
  }

  /// Finds the fields of the record at `start`, and where the next one begins; `nil` where there is no
  /// more, or it goes on behind what has been read.
  private mutating func cutRecord(at start: Int) throws(Damage) -> Int? {
    let (base, end, isAll) = (UnsafeRawPointer(room.base), room.end, room.isAll)
    guard start < end else { return nil }
    let ends = CSVEnds(delimiter: delimiter, quote: options.quote)
    doubled.removeAll(keepingCapacity: true)
    var index = start
    while true {
      let isQuoted =
        index < end && options.quote == base.load(fromByteOffset: index, as: UInt8.self)
      if isQuoted {
        guard let closing = try closingQuote(base, from: index + 1) else { return nil }
        if closing.isDoubled { doubled.append(places.count) }
        places.append(TextPlace(index + 1, count: closing.offset - index - 1, .quoted))
        index = closing.offset + 1
      } else {
        let first = index
        index = min(ends.first(in: base, from: index, to: end), end)
        places.append(place(base, first, count: index - first))
      }
      // The byte behind a field, and the one behind a carriage return, must have been read.
      guard index < end else { return isAll ? settle(end) : nil }
      var byte = base.load(fromByteOffset: index, as: UInt8.self)
      index += 1
      if byte == delimiter {
        guard index < end || isAll else { return nil }
        continue
      }
      if byte == UInt8(ascii: "\r") {
        guard index < end || isAll else { return nil }
        byte = index < end ? base.load(fromByteOffset: index, as: UInt8.self) : 0
        index += 1
        guard byte == UInt8(ascii: "\n") || isQuoted else {
          throw Damage(words: "a carriage return stands without a line feed")
        }
      }
      guard byte == UInt8(ascii: "\n") else {
        throw Damage(
          words: isQuoted
            ? "a field goes on behind its closing quote"
            : "a quote stands in a field that does not begin with one")
      }
      return settle(index)
    }
  }

  private func place(_ base: UnsafeRawPointer, _ start: Int, count: Int) -> TextPlace {
    if count == options.nullText.count {
      if count == 0 { return .null }
      let text = UnsafeRawBufferPointer(start: base + start, count: count)
      if text.elementsEqual(options.nullText) { return .null }
    }
    return TextPlace(start, count: count, count == 0 ? .null : .plain)
  }

  /// Where the quote stands that ends a field: one that is not doubled. `nil` where that is not known.
  private func closingQuote(
    _ base: UnsafeRawPointer, from first: Int
  ) throws(Damage) -> (offset: Int, isDoubled: Bool)? {
    guard let quote = options.quote else { return nil }
    let quotes = CSVEnds(quote)
    var (index, isDoubled) = (first, false)
    while true {
      index = quotes.first(in: base, from: index, to: room.end)
      let next = index + 1
      guard next < room.end else {
        guard room.isAll else { return nil }
        guard index < room.end else { throw Damage(words: "a quote is not closed") }
        return (index, isDoubled)
      }
      guard base.load(fromByteOffset: next, as: UInt8.self) == quote else {
        return (index, isDoubled)
      }
      (index, isDoubled) = (next + 1, true)
    }
  }

  /// Makes one quote of two in the fields of a whole record, in place: what is written never overtakes
  /// what is read.
  private mutating func settle(_ end: Int) -> Int {
    for number in doubled {
      let place = places[number]
      let bytes = UnsafeMutableRawBufferPointer(
        start: room.base + Int(place.start), count: place.count)
      var (written, index) = (0, 0)
      while index < bytes.count {
        bytes[written] = bytes[index]
        written += 1
        index += bytes[index] == options.quote ? 2 : 1
      }
      places[number] = TextPlace(Int(place.start), count: written, .quoted)
    }
    return end
  }
}
