import MartletColumns
import MartletDiagnostics

extension Checker {
  mutating func call(
    _ call: CallSyntax, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    let name = call.function.text
    if AggregateFunction(rawValue: name) != nil {
      report(.aggregateHere(range, name, scope.place))
      return nil
    }
    if let filter = call.filter { report(.filterOnFunction(filter.range, name)) }
    switch name {
    case "coalesce": return coalesce(call, range, &scope)
    case "nullif": return nullif(call, range, &scope)
    case "least", "greatest": return extreme(call, range, &scope)
    case "now": return now(call, range, scope)
    case "int", "double", "string", "bool", "time": return cast(call, range, &scope)
    default: break
    }
    guard let function = Function.table[name] else {
      let instead = ForeignNames.functions[name.lowercased()]
      report(
        .unknownFunction(
          call.function, near: instead == nil ? near(name, Function.names) : nil, instead: instead))
      return nil
    }
    return apply(function, call, range, &scope)
  }

  // MARK: Functions of the table

  private mutating func apply(
    _ function: Function, _ call: CallSyntax, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    var arguments: [Expression] = []
    for argument in call.arguments {
      if let value = expression(argument, &scope) { arguments.append(value) }
    }
    guard arguments.count == call.arguments.count else { return nil }
    let fitting = function.signatures.filter {
      ($0.parameters.count - $0.optionalCount...$0.parameters.count).contains(arguments.count)
    }
    guard !fitting.isEmpty else {
      report(.wrongCount(range, function.name, function.signatures.map(\.spoken)))
      return nil
    }
    var mismatch: Int?
    for signature in fitting {
      let wrong = arguments.indices.first {
        !signature.parameters[$0].takes(arguments[$0], after: arguments.first)
      }
      guard let wrong else {
        for (argument, parameter) in zip(call.arguments, signature.parameters) {
          if case .zone = parameter, case .string(let zone) = argument.unwrapped {
            reportUnknownZone(zone, argument.range)
          }
        }
        return make(function, signature, arguments, range)
      }
      mismatch = max(mismatch ?? 0, wrong)
    }
    let place = mismatch ?? 0
    let parameter = fitting[0].parameters[place]
    report(
      .wrongArgument(
        call.arguments[place].range, arguments[place].type, of: function.name, parameter))
    return nil
  }

  private mutating func make(
    _ function: Function, _ signature: Function.Signature, _ arguments: [Expression],
    _ range: TextRange
  ) -> Expression? {
    if case .vector(let one) = arguments[0].type, arguments.count > 1,
      case .vector(let other) = arguments[1].type, one != other
    {
      report(.widthsDiffer(range, one, other))
      return nil
    }
    let type: ColumnType
    switch signature.result {
    case .type(let result): type = result
    case .list(let element): type = .list(element)
    case .element:
      guard case .list(let element) = arguments[0].type else { return nil }
      type = element
    }
    let operands = zip(arguments, signature.parameters).map { value, parameter in
      if case .type(let wanted) = parameter { value.cast(to: wanted) } else { value }
    }
    return .call(
      .function(function.name), operands, type,
      canBeNull: function.mayFail || arguments.contains(where: \.canBeNull))
  }

  // MARK: Functions with rules of their own

  private mutating func coalesce(
    _ call: CallSyntax, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    guard call.arguments.count > 1 else {
      report(.wrongCount(range, "coalesce", ["(value, otherwise, …)"]))
      return nil
    }
    guard let values = alike(call.arguments, &scope) else { return nil }
    if let idle = values.dropLast().firstIndex(where: { !$0.canBeNull }) {
      report(
        .idleDefault(
          call.arguments[idle + 1].range, call.arguments[idle].range,
          files.text(in: call.arguments[idle].range)))
    }
    return .call(
      .function("coalesce"), values, values[0].type, canBeNull: values.allSatisfy(\.canBeNull))
  }

  private mutating func nullif(
    _ call: CallSyntax, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    guard call.arguments.count == 2 else {
      report(.wrongCount(range, "nullif", ["(value, what is to be null)"]))
      return nil
    }
    guard let values = alike(call.arguments, &scope) else { return nil }
    return .call(.function("nullif"), values, values[0].type, canBeNull: true)
  }

  private mutating func extreme(
    _ call: CallSyntax, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    guard call.arguments.count > 1 else {
      report(.wrongCount(range, call.function.text, ["(value, value, …)"]))
      return nil
    }
    guard let values = alike(call.arguments, &scope) else { return nil }
    guard values[0].type.hasOrder else {
      report(.notOrdered(range, values[0].type, call.arguments[0].range))
      return nil
    }
    let type: ColumnType = values.contains { $0.type == .double } ? .double : values[0].type
    return .call(
      .function(call.function.text), values, type, canBeNull: values.contains(where: \.canBeNull))
  }

  private mutating func now(
    _ call: CallSyntax, _ range: TextRange, _ scope: Scope
  ) -> Expression? {
    guard call.arguments.isEmpty else {
      report(.wrongCount(range, "now", ["()"]))
      return nil
    }
    guard scope.place == .question else {
      report(.nowInRow(range))
      return nil
    }
    return .call(.function("now"), [], .time, canBeNull: false)
  }

  /// `type(value)`, and `type(value, otherwise)` where not every value has a counterpart.
  private mutating func cast(
    _ call: CallSyntax, _ range: TextRange, _ scope: inout Scope
  ) -> Expression? {
    let name = call.function.text
    guard 1...2 ~= call.arguments.count else {
      report(.wrongCount(range, name, ["(value)", "(value, otherwise)"]))
      return nil
    }
    guard let value = expression(call.arguments[0], &scope), let target = Checker.casts[name] else {
      return nil
    }
    let written = files.text(in: call.arguments[0].range)
    if case .literal(.string(let text)) = value.kind, target == .time {
      // The finding shows how to write a moment, which helps more than where this one went wrong.
      guard let instant = try? Instant(text) else {
        report(.badTime(call.arguments[0].range, text))
        return nil
      }
      return .literal(.time(instant), .time)
    }
    if value.type == target { report(.idleCast(range, target, written)) }
    switch Checker.castOutcome(from: value.type, to: target) {
    case .impossible:
      report(.impossibleCast(range, value.type, target))
      return nil
    case .mayFail where call.arguments.count == 1:
      report(.castMayFail(range, value.type, target, written))
      return nil
    case .always where call.arguments.count == 2:
      report(.idleDefault(call.arguments[1].range, call.arguments[0].range, written))
    default: break
    }
    guard call.arguments.count == 2 else {
      return .call(.function(name), [value], target, canBeNull: value.canBeNull)
    }
    guard let otherwise = expression(call.arguments[1], &scope) else { return nil }
    guard
      otherwise.isNullLiteral || otherwise.type == target
        || otherwise.isIntLiteral && target == .double
    else {
      report(
        .unlike(
          call.arguments[1].range, otherwise.type, files.text(in: call.arguments[1].range),
          call.function.range, target, at: nil))
      return nil
    }
    return .call(
      .function(name), [value, otherwise.cast(to: target)], target,
      canBeNull: value.canBeNull || otherwise.canBeNull)
  }

  private static let casts: [String: ColumnType] = [
    "int": .int, "double": .double, "string": .string, "bool": .bool, "time": .time,
  ]

  private enum CastOutcome { case always, mayFail, impossible }

  private static func castOutcome(from: ColumnType, to: ColumnType) -> CastOutcome {
    switch (from, to) {
    case _ where from == to: .always
    case (.int, .double), (.bool, .int), (.int, .string), (.double, .string), (.bool, .string),
      (.time, .string):
      .always
    case (.string, .int), (.string, .double), (.string, .bool), (.string, .time), (.double, .int):
      .mayFail
    default: .impossible
    }
  }
}

extension ExpressionSyntax {
  /// What it is made of, without the parentheses around it.
  fileprivate var unwrapped: Kind {
    var syntax = self
    while case .parenthesized(let inner) = syntax.kind { syntax = inner }
    return syntax.kind
  }
}

extension Function.Parameter {
  /// Whether `argument` may stand here; `first` is the call's first argument.
  func takes(_ argument: Expression, after first: Expression?) -> Bool {
    switch self {
    case .type(let type):
      return argument.type == type || argument.isNullLiteral
        || type == .double && argument.type == .int
    case .scalar: return argument.type.isScalar
    case .list:
      guard case .list = argument.type else { return false }
      return true
    case .element: return first?.type == .list(argument.type) || argument.isNullLiteral
    case .vector:
      guard case .vector = argument.type else { return false }
      return true
    case .constant(let range):
      if case .literal(.int(let value)) = argument.kind { return range.contains(value) }
      return false
    case .zone:
      if case .literal(.string(let zone)) = argument.kind {
        return zone == "UTC" || zone.contains("/")
      }
      return false
    }
  }
}
