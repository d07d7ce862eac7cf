public import MartletColumns
import MartletDiagnostics

// Questions and answers in columns: nothing is written down or read in between.

extension InProcess {
  /// An answer in columns.
  public struct ColumnAnswer: Sendable {
    /// The version of the definitions that answered.
    public let version: String

    /// The moment of the answer.
    public let at: Instant

    /// The features, in the service's order.
    public let fields: [Field]

    /// Their values and statuses.
    public let answer: FeatureAnswer
  }

  /// Answers `service` about entities whose keys are in `columns`, with what it is given.
  ///
  /// Whole numbers are taken where the service is given a `double`, as they are in JSON.
  ///
  /// - Parameters:
  ///   - rowCount: How many entities there are; every column has a value for each.
  ///   - moment: The moment of the answer; `nil` for now.
  /// - Throws: The problem that HTTP would answer with.
  public func get(
    _ service: String, _ columns: [BodyText.Named], rowCount: Int, at moment: Instant?
  ) throws(Answer) -> ColumnAnswer {
    do throws(Problem) {
      guard let edition = store.edition else { throw .notReady }
      let service = try edition.knownService(service)
      guard rowCount <= rowLimit else { throw .tooManyRows(rowCount, limit: rowLimit) }
      let asked = AskedColumns(columns, rowCount: rowCount)
      try asked.refuseUnknown(service)
      let question = FeatureQuestion(
        service, keys: try asked.columns(of: service.keys, "entity"),
        given: try asked.columns(of: service.given, "given"), rowCount: rowCount,
        at: moment ?? Instant(microseconds: Clock.microseconds))
      for (field, column) in zip(service.keys, question.keys) where column.countNulls() > 0 {
        throw .wrong("null-key", "a key cannot be null: there is no such entity", at: field.name)
      }
      return ColumnAnswer(
        version: edition.version, at: question.at, fields: service.outputs.map(\.field),
        answer: try edition.answered(question))
    } catch {
      throw Answer(error)
    }
  }
}

/// Columns by their names, as they were handed in.
private struct AskedColumns {
  let columns: [BodyText.Named]
  let rowCount: Int

  init(_ columns: [BodyText.Named], rowCount: Int) {
    self.columns = columns
    self.rowCount = rowCount
  }

  /// The columns of `fields`, in their order.
  func columns(of fields: [Field], _ code: String) throws(Problem) -> [Column] {
    var found: [Column] = []
    for field in fields {
      let named = columns.filter { $0.name == field.name }
      guard let column = named.first?.column else {
        throw .wrong(
          "missing-\(code)", "the service needs `\(field.name)`, a column of \(field.type)",
          at: field.name)
      }
      guard named.count == 1 else {
        throw .wrong("duplicate-name", "`\(field.name)` comes twice", at: field.name)
      }
      guard column.count == rowCount else {
        throw .wrong(
          "unequal-lengths", "`\(field.name)` has \(column.count) values, and not \(rowCount)",
          at: field.name)
      }
      guard let fitting = column.fitting(field.type) else {
        throw .wrong(
          "wrong-type", "a column of \(field.type) is wanted, not of \(column.type)", at: field.name
        )
      }
      found.append(fitting)
    }
    return found
  }

  func refuseUnknown(_ service: ServedService) throws(Problem) {
    let names = (service.keys + service.given).map(\.name)
    for column in columns where !names.contains(column.name) {
      let near = nearName(to: column.name, among: names).map { "; is `\($0)` meant?" } ?? ""
      throw .wrong(
        "unknown-member", "the service takes no `\(column.name)`\(near)", at: column.name)
    }
  }
}

extension Column {
  /// The column as one of `type`; `nil` where it is another. Whole numbers are doubles, as in JSON.
  fileprivate func fitting(_ type: ColumnType) -> Column? {
    if self.type == type { return self }
    guard type == .double, case .int(let numbers) = values else { return nil }
    var doubles = BufferBuilder<Double>(capacity: count)
    for row in 0..<count { doubles.append(Double(numbers[row])) }
    return Column(.double(doubles.finish()), validity: validity)
  }
}
