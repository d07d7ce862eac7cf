import MartletColumns

/// A declared column under construction from the texts of a file.
final class FieldColumn {
  private let type: ColumnType
  private let zone: ZoneRules

  // One of these takes the values, by the type: `words` numbers and times by their bits.
  private var words = BufferBuilder<Int64>()
  private var flags = BufferBuilder<Bool>()
  private var texts = StringsBuilder()
  private var validity = BitmapBuilder()

  /// An empty column of `type`; times that say no offset are read by the clocks of `zone`.
  init(_ type: ColumnType, zone: ZoneRules) {
    self.type = type
    self.zone = zone
  }

  /// Whether texts are read as values of `type`.
  static func canHold(_ type: ColumnType) -> Bool {
    switch type {
    case .bool, .int, .double, .string, .time, .bytes: true
    case .list, .vector: false
    }
  }

  /// Appends a null.
  func appendNull() {
    switch type {
    case .bool: flags.append(false)
    case .string, .bytes: texts.appendEmpty()
    default: words.append(0)
    }
    validity.append(false)
  }

  /// Appends what `text` says, or nothing where it says no value of this type.
  func append(_ text: UnsafeRawBufferPointer) -> Bool {
    switch type {
    case .int:
      guard let number = FieldText.int(text) else { return false }
      words.append(number)
    case .double:
      guard let number = FieldText.double(text) else { return false }
      words.append(Int64(bitPattern: number.bitPattern))
    case .time:
      guard let microseconds = time(text) else { return false }
      words.append(microseconds)
    case .bool:
      guard let flag = FieldText.bool(text) else { return false }
      flags.append(flag)
    case .string:
      guard FieldText.isUnicode(text), texts.hasRoom(for: text.count) else { return false }
      texts.append(text)
    case .bytes:
      guard let bytes = FieldText.bytes(text), texts.hasRoom(for: bytes.count) else { return false }
      bytes.withUnsafeBytes { texts.append($0) }
    case .list, .vector:
      return false
    }
    validity.append(true)
    return true
  }

  private func time(_ text: UnsafeRawBufferPointer) -> Int64? {
    do throws(TimeTextError) {
      let bytes = text.bindMemory(to: UInt8.self)
      let written = try WrittenTime(bytes.span)
      guard written.offset == nil else {
        return try Instant(written, elsewhere: TimeLength(microseconds: 0)).microseconds
      }
      return zone.instant(ofWall: Int128(written.wallMicroseconds))
    } catch {
      return nil
    }
  }

  /// The column, and an empty one left behind.
  func finish() -> Column {
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
