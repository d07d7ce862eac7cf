import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// The answers of a set of events to the questions of one part.
final class WindowAnswers {
  private let plan: WindowPlan
  private let rows: ClusteredRows
  private let part: QuestionPart

  /// The values that measures are over, coded when a pass needs them.
  private var coded: [Int: CodedValues] = [:]

  /// The frames over rows that count, by what decides about it.
  private var counted: [Counting: Frames] = [:]

  init(_ plan: WindowPlan, _ rows: ClusteredRows, _ part: QuestionPart) {
    self.plan = plan
    self.rows = rows
    self.part = part
  }

  /// The features' columns and the statuses of their set.
  func answers() -> PartAnswers {
    var frames = Frames(rows.times, windows: plan.windows)
    let moments = part.moments
    frames.append(moments.span, part.spans(among: rows.entities))
    var columns = [Column?](repeating: nil, count: plan.features.count)
    for group in plan.groups {
      let framed = self.frames(of: plan.measures[group.measures[0]], frames)
      if let found = rowAnswers(of: group, in: framed) {
        for (feature, column) in found { columns[feature] = column }
      } else {
        slide(group, in: frames, into: &columns)
      }
    }
    let answered = columns.map { column in
      guard let column else { preconditionFailure("a feature that no measure answers") }
      return column
    }
    let holds: [ValueStatus] = frames.seesRows.map { $0 ? .present : .missing }
    return PartAnswers(RowRecords(answered, count: holds.count), holds: holds)
  }

  /// Answers a group by a pass in which states slide, whatever the aggregate.
  private func slide(_ group: MeasureGroup, in frames: Frames, into columns: inout [Column?]) {
    let measure = plan.measures[group.measures[0]]
    let value = measure.value.map(values)
    let places = group.features.flatMap { $0.flatMap { $0 } }
    var answers: [Int: FeatureAnswers] = [:]
    for feature in places { answers[feature] = FeatureAnswers(measure, rowCount: part.count) }
    let pass = MeasurePass(
      measures: group.measures.map { plan.measures[$0] },
      answers: group.features.map { $0.map { $0.compactMap { answers[$0] } } },
      asked: part.moments, times: rows.times.events, frames: frames.keeping(group.windows),
      value: value, counting: counting(measure))
    pass.run()
    for (feature, found) in answers {
      columns[feature] = found.column(
        plan.measures[plan.features[feature].place.measure], value, rowCount: part.count)
    }
  }

  private func values(_ number: Int) -> CodedValues {
    if let known = coded[number] { return known }
    let made = CodedValues(rows.values[number])
    coded[number] = made
    return made
  }

  // MARK: What counts

  /// What decides whether a row counts for a measure.
  private struct Counting: Hashable {
    var filter: Int?

    /// The value, where it may be null.
    var value: Int?
  }

  private func frames(of measure: WindowPlan.Measure, _ all: Frames) -> Frames {
    guard let counting = counting(measure) else { return all }
    let value = measure.value.flatMap { rows.values[$0].validity == nil ? nil : $0 }
    let name = Counting(filter: measure.filter, value: value)
    if let known = counted[name] { return known }
    let made = all.counting(counting)
    counted[name] = made
    return made
  }

  /// The rows that count for `measure`: those that its `where` keeps and whose value is not null.
  private func counting(_ measure: WindowPlan.Measure) -> Bitmap? {
    let filter = measure.filter.map { rows.values[$0].trueRows }
    let validity = measure.value.flatMap { rows.values[$0].validity }
    switch (filter, validity) {
    case (nil, nil): return nil
    case (let only?, nil), (nil, let only?): return only
    case (let one?, let other?): return one.intersection(other)
    }
  }

  // MARK: Answers without states

  /// The answers of a group that needs no states: what it asks is a count, a difference of two sums, or
  /// one of the rows. `nil` for the others, and where rows are late.
  private func rowAnswers(of group: MeasureGroup, in frames: Frames) -> [(Int, Column)]? {
    let measure = plan.measures[group.measures[0]]
    switch (measure.function, measure.parameter) {
    case (.count, _): return counts(of: group, in: frames)
    case (.sum, _), (.avg, _): return sums(of: group, in: frames)
    case (.min, nil), (.max, nil):
      guard let value = measure.value, let words = rows.values[value].rankWords,
        let found = frames.extremeRows(measure.end, of: words, through: group.windows)
      else { return nil }
      return columns(of: group, at: found, value)
    case (.last, nil):
      guard let value = measure.value else { return nil }
      let ranking = RowRanking([rows.values[value]])
      let found = frames.newestRows(
        through: group.windows, ranksBelow: { ranking.ranksBelow($0, $1) })
      return found.map { columns(of: group, at: $0, value) }
    default: return nil
    }
  }

  private func counts(of group: MeasureGroup, in frames: Frames) -> [(Int, Column)]? {
    var found: [(Int, Column)] = []
    for (place, window) in group.windows.enumerated() {
      guard let counts = frames.rowCounts(through: window) else { return nil }
      for feature in group.features[place].flatMap({ $0 }) {
        found.append((feature, Column(.int(counts))))
      }
    }
    return found
  }

  private func sums(of group: MeasureGroup, in frames: Frames) -> [(Int, Column)]? {
    guard let value = plan.measures[group.measures[0]].value,
      case .double(let doubles) = rows.values[value].values
    else { return nil }
    var wanted: [WantedSum] = []
    var features: [[Int]] = []
    for (place, window) in group.windows.enumerated() {
      for (number, measure) in group.measures.enumerated()
      where !group.features[place][number].isEmpty {
        let isSum = plan.measures[measure].function == .sum
        wanted.append(WantedSum(window: window, question: isSum ? .sum : .average))
        features.append(group.features[place][number])
      }
    }
    guard let columns = DoubleSum.columns(of: wanted, over: doubles.span, in: frames) else {
      return nil
    }
    return zip(features, columns).flatMap { features, column in features.map { ($0, column) } }
  }

  /// The values of `rows`, which stand for each window of `group`.
  private func columns(
    of group: MeasureGroup, at found: [Buffer<Int32>], _ value: Int
  ) -> [(Int, Column)] {
    zip(group.features, found).flatMap { features, chosen in
      let column = rows.values[value].gathered(at: ChosenRows(chosen)).normalized
      return features.flatMap { $0 }.map { ($0, column) }
    }
  }
}

extension Column {
  /// A number for each value that ranks as the value does; `nil` of types whose values are no numbers.
  fileprivate var rankWords: Buffer<Int64>? {
    switch values {
    case .int(let numbers), .time(let numbers): return numbers
    case .double(let numbers):
      var words = BufferBuilder<Int64>()
      words.append(upTo: numbers.count) { room in
        numbers.withUnsafeBufferPointer { numbers in
          for row in numbers.indices {
            // The bits of negative doubles rise as these fall; every NaN is the highest.
            let number = numbers[row]
            let bits = Int64(bitPattern: (number.isNaN ? Double.nan : number).bitPattern)
            room[row] = bits ^ (bits &>> 63 & .max)
          }
        }
        return numbers.count
      }
      return words.finish()
    default: return nil
    }
  }

  /// The same values, every NaN the one NaN.
  fileprivate var normalized: Column {
    guard case .double(let numbers) = values else { return self }
    var hasNaN = false
    numbers.withUnsafeBufferPointer { for number in $0 { hasNaN = hasNaN || number.isNaN } }
    guard hasNaN else { return self }
    let plain = (0..<numbers.count).map { numbers[$0].isNaN ? Double.nan : numbers[$0] }
    return Column(.double(Buffer(plain)), validity: validity)
  }
}
