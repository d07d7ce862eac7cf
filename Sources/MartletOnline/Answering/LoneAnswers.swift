import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// The answers of a set of states to many questions, each about an entity that has one row: numbers are
/// copied from the bytes of the rows, question by question, and turned into columns at the end.
///
///     value of entity 0 ──▶ │ word │ word │ … │
///     value of entity 1 ──▶ │ word │ word │ … │
///                               ▼ a column
struct LoneAnswers {
  private let rule: LoneRule

  /// For each feature, its column among those of a row.
  private let places: [Int]

  /// The numbers of all features, question after question; a null's is 0, and so is a text's.
  private var words: [Int64] = []

  /// For each of them whether it is null, where any is.
  private var nulls: [Bool] = []

  /// For each feature its texts, where it has any.
  private let texts: [LoneTexts?]
  private var statuses: [ValueStatus] = []

  /// Answers of `set`; `nil` where its rows cannot be read this way.
  init?(_ set: SetPlan, rowCount: Int) {
    guard case .states(let states) = set.answer else { return nil }
    let places = states.features.map { set.valueColumns.lowerBound + $0.place }
    guard let rule = LoneRule(set, reading: places) else { return nil }
    self.rule = rule
    self.places = places
    texts = places.map { rule.kinds[$0].isText ? LoneTexts() : nil }
    words.reserveCapacity(rowCount * places.count)
    statuses.reserveCapacity(rowCount)
  }

  /// The next question sees nothing, or only what has expired.
  mutating func append(_ status: ValueStatus) {
    statuses.append(status)
    noteNulls()
    for text in texts { text?.texts.appendEmpty() }
    words.append(contentsOf: repeatElement(0, count: places.count))
    nulls.append(contentsOf: repeatElement(true, count: places.count))
  }

  /// From here on it is noted which values are null.
  private mutating func noteNulls() {
    guard nulls.count < words.count else { return }
    nulls.append(contentsOf: repeatElement(false, count: words.count - nulls.count))
  }

  /// The next question is about the entity of `value`. Says `false` where that has several rows.
  mutating func append(
    _ value: UnsafeRawBufferPointer, at question: AsOf
  ) throws(RowsError) -> Bool {
    let rule = rule
    return try withUnsafeTemporaryAllocation(of: LoneRow.Place.self, capacity: rule.kinds.count) {
      (room) throws(RowsError) in
      guard try LoneRow.find(in: value, rule, room) else { return false }
      let status = rule.status(of: value, room, at: question)
      guard status == .present else {
        append(status)
        return true
      }
      statuses.append(.present)
      for (feature, column) in places.enumerated() {
        let place = room[column]
        if let texts = texts[feature] { try texts.append(place, of: value) }
        if place.isNull {
          noteNulls()
          nulls.append(true)
          words.append(0)
        } else {
          words.append(texts[feature] == nil ? value.word(place) : 0)
          if !nulls.isEmpty { nulls.append(false) }
        }
      }
      return true
    }
  }

  func finish() -> SetAnswers {
    SetAnswers(columns: places.indices.map(column), holds: statuses)
  }

  private func column(_ feature: Int) -> Column {
    let values: Column.Values
    switch rule.kinds[places[feature]] {
    case .int: values = .int(words(feature) { $0 })
    case .time: values = .time(words(feature) { $0 })
    case .double: values = .double(words(feature) { Double(bitPattern: UInt64(bitPattern: $0)) })
    case .bool: values = .bool(words(feature) { $0 != 0 })
    case .string: values = .string(texts[feature]?.finish() ?? Strings())
    case .bytes: values = .bytes(texts[feature]?.finish() ?? Strings())
    }
    return Column(values, validity: validity(feature))
  }

  @inline(__always)
  private func words<Element: BitwiseCopyable>(
    _ feature: Int, _ transform: (Int64) -> Element
  ) -> Buffer<Element> {
    let (rowCount, step) = (statuses.count, places.count)
    var column = BufferBuilder<Element>(capacity: rowCount)
    let words = words.span
    column.append(upTo: rowCount) { room in
      for row in 0..<rowCount {
        room.initializeElement(at: row, to: transform(words[row * step + feature]))
      }
      return rowCount
    }
    return column.finish()
  }

  private func validity(_ feature: Int) -> Bitmap? {
    if nulls.isEmpty { return nil }
    var validity = BitmapBuilder(capacity: statuses.count)
    for row in statuses.indices { validity.append(!nulls[row * places.count + feature]) }
    return validity.finishAsValidity()
  }
}

/// The texts of one feature.
private final class LoneTexts {
  var texts = StringsBuilder()

  func append(_ place: LoneRow.Place, of value: UnsafeRawBufferPointer) throws(RowsError) {
    if place.isNull { return texts.appendEmpty() }
    let text = value.text(place)
    guard texts.hasRoom(for: text.count) else {
      throw RowsError("text, too much for one column,")
    }
    texts.append(text)
  }

  func finish() -> Strings { exchange(&texts, with: StringsBuilder()).finish() }
}

extension LoneRow.Kind {
  fileprivate var isText: Bool { self == .string || self == .bytes }
}
