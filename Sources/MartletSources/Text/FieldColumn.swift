import MartletColumns
import MartletDiagnostics

/// A declared column under construction from the texts of a file.
final class FieldColumn {
  /// In whose way values are written.
  enum Dialect {
    /// Everything is text; lists are JSON in a field.
    case csv
    /// Numbers, flags and lists are JSON's own; all else stands in quotes.
    case json
  }

  private let type: ColumnType
  private let zone: ZoneRules
  private let dialect: Dialect
  private let kinds: UInt32

  // One of these takes the values, by the type: `words` numbers and times by their bits.
  private var words = BufferBuilder<Int64>()
  private var flags = BufferBuilder<Bool>()
  private var texts = StringsBuilder()
  private let lists: ColumnBuilder?
  private var validity = BitmapBuilder()

  /// An empty column of `type`; times that say no offset are read by the clocks of `zone`.
  init(_ type: ColumnType, _ dialect: Dialect, zone: ZoneRules) {
    self.type = type
    self.zone = zone
    self.dialect = dialect
    kinds = Self.kinds(of: type, dialect).reduce(0) { $0 | 1 << $1.rawValue }
    lists =
      switch type {
      case .list, .vector: ColumnBuilder(type)
      default: nil
      }
  }

  /// Whether what is written as `kind` may be a value of `type`.
  static func canRead(_ kind: TextPlace.Kind, as type: ColumnType, _ dialect: Dialect) -> Bool {
    kinds(of: type, dialect).contains(kind)
  }

  /// What may stand where a value of `type` is expected.
  private static func kinds(of type: ColumnType, _ dialect: Dialect) -> [TextPlace.Kind] {
    switch (dialect, type) {
    case (.csv, _): [.plain, .quoted]
    case (.json, .bool): [.flag]
    case (.json, .int): [.number]
    // JSON has no number for what is not finite: its name stands in quotes.
    case (.json, .double): [.number, .quoted]
    case (.json, .string), (.json, .time), (.json, .bytes): [.quoted]
    case (.json, .list), (.json, .vector): [.array]
    }
  }

  /// Appends what the texts of a column of `rows` say; returns the first row whose text is no value of
  /// this type, behind which nothing is appended.
  func append(_ rows: TextRows, column: Int) -> Int? {
    switch type {
    case .int:
      return append(rows, column, to: &words, null: 0) { text, _ in DecimalText.int(text) }
    case .double:
      return append(rows, column, to: &words, null: 0) { text, kind in
        let number =
          kind == .quoted && dialect == .json ? FieldText.special(text) : FieldText.double(text)
        return number.map { Int64(bitPattern: $0.bitPattern) }
      }
    case .time: return append(rows, column, to: &words, null: 0) { text, _ in time(text) }
    case .bool:
      return append(rows, column, to: &flags, null: false) { text, _ in FieldText.bool(text) }
    case .string:
      return appendTexts(rows, column) { text in
        guard rows.isUnicode || FieldText.isUnicode(text), texts.hasRoom(for: text.count) else {
          return false
        }
        texts.append(text)
        return true
      }
    case .bytes:
      return appendTexts(rows, column) { text in
        guard let bytes = FieldText.bytes(text), texts.hasRoom(for: bytes.count) else {
          return false
        }
        bytes.withUnsafeBytes { texts.append($0) }
        return true
      }
    case .list, .vector:
      return appendLists(rows, column)
    }
  }

  @inline(__always)
  private func append<Element>(
    _ rows: TextRows, _ column: Int, to builder: inout BufferBuilder<Element>, null: Element,
    _ read: (UnsafeRawBufferPointer, TextPlace.Kind) -> Element?
  ) -> Int? {
    var refused: Int?
    let (kinds, width) = (kinds, rows.width)
    var validity = exchange(&validity, with: BitmapBuilder())
    builder.append(upTo: rows.count) { room in
      var bits: UInt64 = 0
      for row in 0..<rows.count {
        let place = rows.places[row &* width &+ column]
        if place.isNull {
          room[row] = null
        } else {
          guard kinds &>> place.kind.rawValue & 1 == 1,
            let value = read(rows.bytes(place), place.kind)
          else {
            refused = row
            return row
          }
          room[row] = value
          bits |= 1 &<< UInt64(row & 63)
        }
        if row & 63 == 63 {
          validity.append(word: bits, count: 64)
          bits = 0
        }
      }
      validity.append(word: bits, count: rows.count & 63)
      return rows.count
    }
    _ = exchange(&self.validity, with: validity)
    return refused
  }

  @inline(__always)
  private func appendTexts(
    _ rows: TextRows, _ column: Int, _ append: (UnsafeRawBufferPointer) -> Bool
  ) -> Int? {
    for row in 0..<rows.count {
      let place = rows.places[row * rows.width + column]
      if place.isNull {
        texts.appendEmpty()
      } else {
        guard kinds >> place.kind.rawValue & 1 == 1, append(rows.bytes(place)) else { return row }
      }
      validity.append(!place.isNull)
    }
    return nil
  }

  private func appendLists(_ rows: TextRows, _ column: Int) -> Int? {
    guard let lists else { return 0 }
    for row in 0..<rows.count {
      let place = rows.places[row * rows.width + column]
      if place.isNull {
        lists.appendNull()
        continue
      }
      guard kinds >> place.kind.rawValue & 1 == 1,
        let value = JSONValue.value(of: type, in: rows.bytes(place), zone: zone),
        lists.append(value)
      else { return row }
    }
    return nil
  }

  private func time(_ text: UnsafeRawBufferPointer) -> Int64? { FieldText.time(text, zone: zone) }

  /// The column, and an empty one left behind.
  func finish() -> Column {
    if let lists { return lists.finish() }
    let words = exchange(&words, with: BufferBuilder()).finish()
    let validity = exchange(&validity, with: BitmapBuilder()).finishAsValidity()
    let values: Column.Values
    switch type {
    case .bool: values = .bool(exchange(&flags, with: BufferBuilder()).finish())
    case .int: values = .int(words)
    case .time: values = .time(words)
    case .double: values = .double(words.reinterpreted(as: Double.self))
    case .string: values = .string(exchange(&texts, with: StringsBuilder()).finish())
    case .bytes: values = .bytes(exchange(&texts, with: StringsBuilder()).finish())
    case .list, .vector: preconditionFailure("a column of texts is no \(type)")
    }
    return Column(values, validity: validity)
  }
}
