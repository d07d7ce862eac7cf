public import MartletColumns
public import MartletPlan

/// What a service answers to some questions: a column for each of its outputs.
public struct ServiceAnswers: Sendable {
  /// The outputs, in the service's order.
  public let columns: [Column]

  /// For each output, the status of each answer.
  public let statuses: [AnswerStatuses]

  /// Values that could not be worked out.
  public let warnings: CalculationWarnings
}

/// Takes a service's stages in their order: the same for training and for serving, which differ in
/// how a set is looked up.
public struct ServiceRun: Sendable {
  private let plan: ServicePlan
  private let zones: [String: ZoneRules]

  /// A run of `plan`.
  public init(_ plan: ServicePlan, zones: [String: ZoneRules] = [:]) {
    self.plan = plan
    self.zones = zones
  }

  /// The answers to the questions of `caller`'s rows, each as of its row of `times`.
  ///
  /// - Parameters:
  ///   - caller: The column of a key or of a given value, by its name.
  ///   - lookup: Answers questions about one set.
  public func answers<Failure: Error>(
    at times: Column, caller: (Field) throws(Failure) -> Column,
    lookup: (ServicePlan.Lookup, _ keys: [Column]) throws(Failure) -> (SetAnswers, [Field])
  ) throws(Failure) -> ServiceAnswers {
    var columns: [Column] = []
    var statuses: [AnswerStatuses] = []
    var warnings = CalculationWarnings()
    for stage in plan.stages {
      switch stage {
      case .lookup(let wanted):
        let fields = plan.keys
        var keys: [Column] = []
        for key in wanted.keys {
          switch key {
          case .value(let number): keys.append(columns[number])
          case .caller(let name):
            guard let field = fields.first(where: { $0.name == name }) else {
              preconditionFailure("no key is called \(name)")
            }
            keys.append(try caller(field))
          }
        }
        let (answers, features) = try lookup(wanted, keys)
        for feature in wanted.features {
          guard let place = features.firstIndex(where: { $0.name == feature.name }) else {
            preconditionFailure("\(wanted.set) has no \(feature.name)")
          }
          columns.append(answers.columns[place])
          statuses.append(answers.statuses(of: place))
        }
      case .computation(let computation):
        let (results, noted) = try compute(computation, columns, times, caller)
        warnings.merge(noted)
        for column in results {
          columns.append(column)
          statuses.append(AnswerStatuses(computed: column))
        }
      }
    }
    return ServiceAnswers(
      columns: plan.outputs.map { columns[$0.value] },
      statuses: plan.outputs.map { statuses[$0.value] }, warnings: warnings)
  }

  private func compute<Failure: Error>(
    _ computation: ServicePlan.Computation, _ values: [Column], _ times: Column,
    _ caller: (Field) throws(Failure) -> Column
  ) throws(Failure) -> ([Column], CalculationWarnings) {
    var given: [String: Column] = [:]
    for (input, type) in computation.calculation.inputs {
      guard case .given(let name) = input else { continue }
      given[name] = try caller(Field(name, type))
    }
    let calculator = Calculator(computation.calculation, zones: zones)
    return calculator.values(of: computation.results, rowCount: times.count) { input, _ in
      switch input {
      case .question: return times
      case .given(let name):
        guard let column = given[name] else { preconditionFailure("nobody gave \(name)") }
        return column
      case .feature, .column:
        guard let place = computation.inputs[input] else { preconditionFailure("\(input)") }
        return values[place]
      }
    }
  }
}
