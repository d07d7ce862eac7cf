import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan

/// Where the values of one feature go, by what they are.
enum FeatureAnswers: Sendable {
  case words(AnswerColumn)
  case lists(AnswerLists<Int64>)
  case counts(AnswerLists<CountedKey<Int64>>)

  init(_ measure: WindowPlan.Measure, rowCount: Int) {
    switch (measure.function, measure.parameter) {
    case (.histogram, _): self = .counts(AnswerLists(rowCount: rowCount))
    case (.first, .count), (.last, .count), (.topK, _):
      self = .lists(AnswerLists(rowCount: rowCount))
    default:
      self = .words(
        AnswerColumn(
          rowCount: rowCount, unwritten: measure.function.countsEmpty ? .zero : .null))
    }
  }

  /// The column of what was written, of a measure over `values`.
  func column(
    _ measure: WindowPlan.Measure, _ values: CodedValues?, rowCount: Int
  ) -> Column {
    switch self {
    case .words(let words):
      switch measure.function {
      case .min, .max, .first, .last: return values?.column(of: words) ?? words.finish(as: .int)
      default: return words.finish(as: measure.type)
      }
    case .lists(let lists):
      return values?.column(of: lists) ?? .nulls(of: measure.type, count: rowCount)
    case .counts(let counts):
      let texts = ColumnBuilder(.string)
      for row in 0..<rowCount {
        let text = counts[row].map { $0.json(values) }
        if !texts.append(text.map { .string($0) } ?? .null) { texts.appendNull() }
      }
      return texts.finish()
    }
  }
}

extension [CountedKey<Int64>] {
  /// `{"card":12,"cash":3}`, by key.
  fileprivate func json(_ values: CodedValues?) -> String {
    JSON.object(
      map { entry in
        let row = Int(values?.answer(entry.key) ?? 0)
        guard case .string(let key)? = values?.column[row] else {
          return JSON.Member("", .int(entry.count))
        }
        return JSON.Member(key, .int(entry.count))
      }
    ).text
  }
}
