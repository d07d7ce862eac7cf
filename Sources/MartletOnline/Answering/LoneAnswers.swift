import MartletAggregates
import MartletColumns
import MartletEngine
import MartletPlan

/// The answers of a set of states to many questions, each about an entity that has one row: columns are
/// filled straight from the bytes of the rows, question by question.
struct LoneAnswers {
  private let rule: LoneRule
  private let fields: [Field]

  /// For each feature, its column among those of a row.
  private let places: [Int]
  private let columns: [LoneColumn]
  private var statuses: [ValueStatus] = []

  /// Answers of `set`; `nil` where its rows cannot be read this way.
  init?(_ set: SetPlan, rowCount: Int) {
    guard case .states(let states) = set.answer, let rule = LoneRule(set) else { return nil }
    self.rule = rule
    fields = set.features
    places = states.features.map { set.valueColumns.lowerBound + $0.place }
    columns = places.map { LoneColumn(rule.kinds[$0], capacity: rowCount) }
    statuses.reserveCapacity(rowCount)
  }

  /// The next question sees nothing, or only what has expired.
  mutating func append(_ status: ValueStatus) {
    statuses.append(status)
    for column in columns { column.appendNull() }
  }

  /// The next question is about the entity of `value`. Says `false` where that has several rows.
  mutating func append(
    _ value: UnsafeRawBufferPointer, at question: AsOf
  ) throws(RowsError) -> Bool {
    let rule = rule
    return try withUnsafeTemporaryAllocation(of: LoneRow.Place.self, capacity: rule.kinds.count) {
      (room) throws(RowsError) in
      guard try LoneRow.find(in: value, rule.kinds, layout: rule.layout, room) else { return false }
      let status = rule.status(of: value, room, at: question)
      guard status == .present else {
        append(status)
        return true
      }
      statuses.append(.present)
      for (column, place) in zip(columns, places) { try column.append(room[place], of: value) }
      return true
    }
  }

  func finish() -> SetAnswers {
    SetAnswers(columns: columns.map { $0.finish() }, holds: statuses)
  }
}

/// One column while it is filled.
private final class LoneColumn {
  private let kind: LoneRow.Kind
  private var words: BufferBuilder<Int64>
  private var texts = StringsBuilder()
  private var validity: BitmapBuilder

  init(_ kind: LoneRow.Kind, capacity: Int) {
    self.kind = kind
    words = BufferBuilder(capacity: capacity)
    validity = BitmapBuilder(capacity: capacity)
  }

  func appendNull() {
    validity.append(false)
    switch kind {
    case .string, .bytes: texts.appendEmpty()
    case .int, .time, .double, .bool: words.append(0)
    }
  }

  func append(
    _ place: LoneRow.Place, of value: UnsafeRawBufferPointer
  ) throws(RowsError) {
    if place.isNull { return appendNull() }
    validity.append(true)
    switch kind {
    case .string, .bytes:
      let text = value.text(place)
      guard texts.hasRoom(for: text.count) else {
        throw RowsError("text, too much for one column,")
      }
      texts.append(text)
    case .int, .time, .double, .bool: words.append(value.word(place))
    }
  }

  func finish() -> Column {
    let validity = exchange(&validity, with: BitmapBuilder()).finishAsValidity()
    let words = exchange(&words, with: BufferBuilder()).finish()
    let values: Column.Values
    switch kind {
    case .int: values = .int(words)
    case .time: values = .time(words)
    case .double: values = .double(words.reinterpreted(as: Double.self))
    case .bool:
      var flags = BufferBuilder<Bool>(capacity: words.count)
      for row in 0..<words.count { flags.append(words[row] != 0) }
      values = .bool(flags.finish())
    case .string: values = .string(exchange(&texts, with: StringsBuilder()).finish())
    case .bytes: values = .bytes(exchange(&texts, with: StringsBuilder()).finish())
    }
    return Column(values, validity: validity)
  }
}
