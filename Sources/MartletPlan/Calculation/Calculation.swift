public import MartletColumns
public import MartletLanguage

/// Values worked out step by step, each from those before it: expressions as whoever runs them
/// wants them.
///
///     0  column amount: double
///     1  0.92: double
///     2  multiply 0, 1: double
///     3  column status: string
///     4  "settled": string
///     5  equal 3, 4: bool
///
/// Names of `let`s are gone: a value that is used twice is one step. So are silent conversions: where
/// an int meets a double, a step makes it one.
///
/// Invariants:
/// - A step's operands are steps before it.
/// - No two steps are alike.
/// - Operands have the types that the operation takes; a null that is written out has the type of
///   its place.
public struct Calculation: Hashable, Sendable {
  /// The steps, in an order in which they can be taken.
  public internal(set) var steps: [Step] = []

  /// A calculation of nothing.
  public init() {}

  /// One value for each row.
  public struct Step: Hashable, Sendable {
    /// How it comes about.
    public let kind: Kind

    /// What it is.
    public let type: ColumnType
  }

  /// How a step's value comes about.
  public enum Kind: Hashable, Sendable {
    /// The same for every row.
    case literal(Value)

    /// From outside.
    case input(Input)

    /// From the steps of these numbers.
    case call(Operation, [Int])

    /// The double nearest to the int of a step.
    case widen(Int)
  }

  /// What comes from outside.
  public enum Input: Hashable, Sendable {
    /// A column of the source's row.
    case column(String)

    /// A value of the caller's.
    case given(String)

    /// A feature that is looked up.
    case feature(set: String, name: String)

    /// The moment of the question.
    case question
  }
}

extension Calculation {
  /// What must come from outside, with its types, in the order of first use.
  public var inputs: [(input: Input, type: ColumnType)] {
    steps.compactMap { step in
      guard case .input(let input) = step.kind else { return nil }
      return (input, step.type)
    }
  }

  /// The source's columns that it reads, in the order of first use.
  public var columns: [String] {
    inputs.compactMap { entry in
      guard case .column(let name) = entry.input else { return nil }
      return name
    }
  }
}

extension Calculation {
  /// The calculation with just the steps that `results` need, and where these are now.
  func keeping(_ results: [Int]) -> (calculation: Calculation, results: [Int]) {
    var isNeeded = [Bool](repeating: false, count: steps.count)
    for place in results { isNeeded[place] = true }
    for place in steps.indices.reversed() where isNeeded[place] {
      for operand in steps[place].operands { isNeeded[operand] = true }
    }
    var kept = Calculation()
    var places = [Int](repeating: -1, count: steps.count)
    for place in steps.indices where isNeeded[place] {
      places[place] = kept.steps.count
      kept.steps.append(steps[place].moved { places[$0] })
    }
    return (kept, results.map { places[$0] })
  }
}

extension Calculation.Step {
  /// The steps that it needs.
  public var operands: [Int] {
    switch kind {
    case .literal, .input: []
    case .call(_, let operands): operands
    case .widen(let operand): [operand]
    }
  }

  /// The step, with its operands renumbered.
  func moved(_ place: (Int) -> Int) -> Calculation.Step {
    switch kind {
    case .literal, .input: self
    case .call(let operation, let operands):
      Calculation.Step(kind: .call(operation, operands.map(place)), type: type)
    case .widen(let operand): Calculation.Step(kind: .widen(place(operand)), type: type)
    }
  }
}

extension Calculation {
  /// The names of the time zones whose rules it needs, without repetition; UTC needs none.
  public var zones: [String] {
    var zones: [String] = []
    for case .call(.function(let name), let operands) in steps.map(\.kind) {
      guard Function.takesZone(name), operands.count > 1,
        case .literal(.string(let zone)) = steps[operands[1]].kind, zone != "UTC",
        !zones.contains(zone)
      else { continue }
      zones.append(zone)
    }
    return zones
  }
}
