public import MartletColumns
public import MartletLanguage

/// What is asked of every row of a source before any feature set sees it.
public struct SourcePlan: Hashable, Sendable {
  /// The source's name.
  public let name: String

  /// The columns, as they are declared.
  public let schema: Schema

  /// How the expectations are worked out.
  public let calculation: Calculation

  /// What is expected of a row, in the order of the definition.
  public let expectations: [Expectation]

  /// A condition that rows are expected to meet.
  public struct Expectation: Hashable, Sendable {
    /// The bool that says whether a row does.
    public let step: Int

    /// What becomes of a row that does not.
    public let reaction: Statement.Reaction

    /// The condition as it was written.
    public let written: String
  }

  /// The plan of `source`; `nil` where two columns share a name.
  public init?(_ source: Source) {
    guard let schema = Schema(source.columns) else { return nil }
    self.schema = schema
    name = source.name
    var builder = CalculationBuilder()
    let steps = source.expectations.map { builder.lower($0.condition, as: .bool) }
    let (calculation, places) = builder.finish(steps)
    self.calculation = calculation
    expectations = zip(source.expectations, places).map { expectation, place in
      Expectation(step: place, reaction: expectation.reaction, written: expectation.written)
    }
  }
}
