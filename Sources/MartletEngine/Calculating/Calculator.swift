public import MartletColumns
import MartletLanguage
public import MartletPlan

/// Works out the steps of a calculation over the rows of a batch.
///
/// The branch on operation and type is taken once a step and batch; what runs over the rows is a
/// loop of one type. A value that is the same for every row is worked out once.
public struct Calculator: Sendable {
  /// What is worked out.
  public let calculation: Calculation

  private let zones: [String: ZoneRules]

  /// A calculator of `calculation`, which knows the rules of the time zones that it names.
  public init(_ calculation: Calculation, zones: [String: ZoneRules] = [:]) {
    self.calculation = calculation
    self.zones = zones
  }

  /// The values of steps `wanted` for each of `rowCount` rows, and what could not be worked out.
  ///
  /// - Parameter input: The values that come from outside, a column of `rowCount` rows each.
  public func values(
    of wanted: [Int], rowCount: Int, input: (Calculation.Input, ColumnType) -> Column
  ) -> (columns: [Column], warnings: CalculationWarnings) {
    var work = CalculationWork(rowCount: rowCount, zones: zones)
    var operands: [Operand] = []
    operands.reserveCapacity(calculation.steps.count)
    for step in calculation.steps {
      switch step.kind {
      case .literal(let value):
        operands.append(.constant(Column(of: value, step.type)))
      case .input(let source):
        let column = input(source, step.type)
        precondition(column.count == rowCount && column.type == step.type, "\(source)")
        operands.append(.column(column))
      case .widen(let place):
        operands.append(work.call([operands[place]]) { $0.widened($1) })
      case .call(let operation, let places):
        operands.append(
          work.call(places.map { operands[$0] }) { work, arguments in
            work.result(of: operation, arguments, step.type)
          })
      }
    }
    return (wanted.map { operands[$0].spread(over: rowCount) }, work.warnings)
  }
}

/// The work on one batch.
struct CalculationWork {
  /// How many rows the operation at hand is about: those of the batch, or one.
  private(set) var rowCount: Int
  let zones: [String: ZoneRules]
  private(set) var warnings = CalculationWarnings()

  init(rowCount: Int, zones: [String: ZoneRules]) {
    self.rowCount = rowCount
    self.zones = zones
  }

  /// What `body` makes of `arguments`: once where they are the same for every row.
  fileprivate mutating func call(
    _ arguments: [Operand], _ body: (inout CalculationWork, [Operand]) -> Column
  ) -> Operand {
    guard arguments.allSatisfy(\.isConstant) else { return .column(body(&self, arguments)) }
    let rows = rowCount
    let before = warnings
    rowCount = 1
    let column = body(&self, arguments)
    // A value that fails for all rows fails in each of them.
    let failed = warnings
    warnings = before
    for (reason, count) in failed.counts where count > before.counts[reason] ?? 0 {
      warnings.count(reason, rows)
    }
    rowCount = rows
    return .constant(column)
  }

  /// A column of `values` in the rows where no argument is null.
  func strict(_ arguments: [Operand], _ values: Column.Values) -> Column {
    let column = Column(values)
    return arguments.complete(rowCount).map { column.keeping($0) } ?? column
  }

  /// The same, less the rows in which nothing came of it; these are counted.
  mutating func strict<R>(
    _ arguments: [Operand], _ attempt: Attempt<R>, or reason: CalculationWarnings.Reason,
    _ values: (Buffer<R>) -> Column.Values
  ) -> Column {
    let column = strict(arguments, values(attempt.values))
    guard let succeeded = attempt.succeeded else { return column }
    let kept = column.keeping(succeeded)
    warnings.count(reason, kept.countNulls() - column.countNulls())
    return kept
  }

  /// What `body` makes of the texts of a dictionary, a row each.
  mutating func onDictionary(
    _ texts: Strings, _ body: (inout CalculationWork) -> Column
  ) -> Column {
    let rows = rowCount
    rowCount = texts.count
    defer { rowCount = rows }
    return body(&self)
  }

  /// Counts a text that became null because it was too long.
  mutating func noteTooLong() { warnings.count(.textTooLong, 1) }

  fileprivate mutating func widened(_ arguments: [Operand]) -> Column {
    strict(arguments, .double(mapped(arguments[0].words, rowCount) { Double($0) }))
  }

  fileprivate mutating func result(
    of operation: Operation, _ arguments: [Operand], _ type: ColumnType
  ) -> Column {
    switch operation {
    case .and, .or: logic(operation, arguments)
    case .not: strict(arguments, .bool(mapped(arguments[0].flags, rowCount) { !$0 }))
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual:
      comparison(operation, arguments)
    case .add, .subtract, .multiply, .divide, .remainder, .negate:
      arithmetic(operation, arguments, type)
    case .addLength, .subtractLength: shifted(operation, arguments)
    case .concatenate: joined(arguments)
    case .isNull: isNull(arguments[0])
    case .isIn: isIn(arguments)
    case .isBetween: isBetween(arguments)
    case .choice: choice(arguments)
    case .list: list(arguments)
    case .function(let name): function(name, arguments, type)
    }
  }

  private mutating func function(
    _ name: String, _ arguments: [Operand], _ type: ColumnType
  ) -> Column {
    switch name {
    case "coalesce": coalesce(arguments)
    case "nullif": nullif(arguments)
    case "least", "greatest": extreme(name, arguments)
    case "int", "double", "string", "bool", "time": cast(arguments, to: type)
    case "abs", "sign", "floor", "ceil", "round", "sqrt", "ln", "log10", "exp", "pow", "div":
      number(name, arguments, type)
    case "lower", "upper", "trim", "substring", "replace", "starts_with", "ends_with", "split":
      text(name, arguments)
    case "length", "contains", "element", "dot", "cosine": ofMany(name, arguments)
    case "year", "month", "day", "hour", "minute", "weekday", "midnight", "days_between",
      "seconds_between":
      time(name, arguments)
    case "hash_bucket": hashBucket(arguments)
    case "distance_km": distance(arguments)
    default: preconditionFailure("no function is called \(name)")
    }
  }
}

extension Operand {
  /// A column of `rowCount` rows.
  fileprivate func spread(over rowCount: Int) -> Column {
    switch self {
    case .column(let column): column
    case .constant(let column): column.repeated(rowCount)
    }
  }
}

extension Column {
  /// A column of one row.
  init(of value: Value, _ type: ColumnType) {
    let builder = ColumnBuilder(type)
    precondition(builder.append(value), "\(value) is no \(type)")
    self = builder.finish()
  }

  /// The first row so many times.
  func repeated(_ count: Int) -> Column {
    let rows = Buffer<Int32>(repeating: 0, count: count)
    return gathered(at: rows.span)
  }
}
