import MartletColumns
import MartletLanguage

/// Lowers checked expressions into one calculation.
struct CalculationBuilder {
  private(set) var calculation = Calculation()
  private var places: [Calculation.Step: Int] = [:]
  private var locals: [String: Int] = [:]
  private var features: [Calculation.Input: Int] = [:]

  /// A builder that knows `locals`, each of which may use those before it.
  ///
  /// They are lowered at once and in their order, so that a long chain of them is no deep recursion;
  /// `finish` leaves out what nothing came to need.
  init(locals: [FeatureSet.Local] = []) {
    for local in locals { self.locals[local.name] = lower(local.value) }
  }

  /// Lets `set.name` stand for the value of step `place`, and not for something to be looked up.
  mutating func define(_ set: String, _ name: String, as place: Int) {
    features[.feature(set: set, name: name)] = place
  }

  /// The number of the step that gives the value of `expression`, as one of `type` where the place
  /// asks for one.
  mutating func lower(_ expression: Expression, as wanted: ColumnType? = nil) -> Int {
    if case .literal(.null) = expression.kind {
      return step(.literal(.null), wanted ?? expression.type)
    }
    let place = place(of: expression)
    guard wanted == .double, calculation.steps[place].type == .int else { return place }
    if case .literal(.int(let number)) = calculation.steps[place].kind {
      return step(.literal(.double(Double(number))), .double)
    }
    return step(.widen(place), .double)
  }

  /// The number of the step that reads `input`.
  mutating func read(_ input: Calculation.Input, _ type: ColumnType) -> Int {
    step(.input(input), type)
  }

  /// The calculation with just the steps that `results` need, and where these are now.
  consuming func finish(_ results: [Int]) -> (calculation: Calculation, results: [Int]) {
    calculation.keeping(results)
  }

  private mutating func place(of expression: Expression) -> Int {
    switch expression.kind {
    case .literal(let value): return step(.literal(value), expression.type)
    case .column(let name): return step(.input(.column(name)), expression.type)
    case .given(let name): return step(.input(.given(name)), expression.type)
    case .feature(let set, let name):
      let input = Calculation.Input.feature(set: set, name: name)
      return features[input] ?? step(.input(input), expression.type)
    case .local(let name):
      guard let place = locals[name] else { preconditionFailure("no `let` is called \(name)") }
      return place
    case .call(.function("now"), _): return step(.input(.question), .time)
    case .call(let operation, let operands):
      let wanted = operation.operandTypes(of: operands, giving: expression.type)
      let places = zip(operands, wanted).map { lower($0, as: $1) }
      return step(.call(operation, places), expression.type)
    }
  }

  private mutating func step(_ kind: Calculation.Kind, _ type: ColumnType) -> Int {
    let step = Calculation.Step(kind: kind, type: type)
    if let place = places[step] { return place }
    calculation.steps.append(step)
    places[step] = calculation.steps.count - 1
    return calculation.steps.count - 1
  }
}
