import MartletColumns
import MartletDiagnostics

extension Checker {
  /// A feature of events: an aggregate, once for each of its windows.
  mutating func aggregate(
    _ syntax: FeatureSyntax, _ set: inout FeatureSet, _ stored: FeatureSet.Stored,
    _ scope: inout Scope
  ) {
    guard let written = syntax.value else {
      report(.needsAggregate(syntax.name.range, syntax.name.text))
      return
    }
    guard case .call(let call) = written.kind,
      let function = AggregateFunction(rawValue: call.function.text)
    else {
      reportNoAggregate(written, &scope)
      return
    }
    guard let (aggregate, type) = self.aggregate(function, call, written.range, &scope) else {
      return
    }
    let source = sources[stored.source]?.meaning
    for window in windows(of: syntax, source) {
      let suffix = window.written.map { "_\($0)" } ?? ""
      _ = add(
        syntax.name, syntax.name.text + suffix, .aggregate(aggregate, window.window), type,
        !function.countsEmpty, to: &set, scope)
    }
  }

  /// Says why `written` cannot be a feature of events.
  private mutating func reportNoAggregate(_ written: ExpressionSyntax, _ scope: inout Scope) {
    if let inner = written.firstAggregate {
      report(.aggregateInExpression(written.range, inner))
    } else if expression(written, &scope) != nil {
      report(.needsAggregate(written.range, files.text(in: written.range)))
    }
  }

  private mutating func windows(
    of syntax: FeatureSyntax, _ source: Source?
  ) -> [(window: Feature.Window, written: String?)] {
    guard let over = syntax.over, over.all == nil else {
      if let step = syntax.over?.step { report(.stepOfAll(step.range)) }
      if let retain = source?.retain, let kept = retention(of: source) {
        report(
          .allOutlivesData(
            syntax.over?.range ?? syntax.name.range, syntax.name.text, source?.name ?? "", retain,
            kept))
      }
      return [(Feature.Window(), nil)]
    }
    let step = over.step.flatMap { positive($0) }
    var seen: [Int64: TextRange] = [:]
    var result: [(window: Feature.Window, written: String?)] = []
    for window in over.windows {
      guard let length = positive(window) else { continue }
      if let earlier = seen.updateValue(window.range, forKey: length.microseconds) {
        report(.sameWindow(window, earlier))
        continue
      }
      if let step, step > length, let written = over.step {
        report(.stepBeyondWindow(written, window))
      }
      if let retain = source?.retain, length > retain, let kept = retention(of: source) {
        report(
          .windowOutlivesData(
            "\(syntax.name.text)_\(window.written)", window, source?.name ?? "", retain, kept))
      }
      result.append((Feature.Window(length: length, step: step), window.written))
    }
    return result
  }

  /// Where it says for how long the rows of `source` are kept.
  private func retention(of source: Source?) -> TextRange? {
    guard let source, let declaration = sources[source.name]?.declaration else { return nil }
    for case .retain(let length) in (declaration.body?.statements ?? []).map(\.kind) {
      return length.range
    }
    return declaration.name?.range
  }

  private mutating func aggregate(
    _ function: AggregateFunction, _ call: CallSyntax, _ range: TextRange, _ scope: inout Scope
  ) -> (AggregateCall, ColumnType)? {
    var result = AggregateCall(function: function)
    var rest = call.arguments[...]
    if let filter = call.filter {
      guard let condition = condition(filter, &scope, "where") else { return nil }
      result.filter = condition
    }
    if function.operand == .required && rest.isEmpty || function.operand == .none && !rest.isEmpty {
      report(.aggregateCount(range, function))
      return nil
    }
    if let syntax = rest.popFirst() {
      if let inner = syntax.firstAggregate {
        report(.aggregateHere(inner, function.rawValue, .row))
        return nil
      }
      guard let value = expression(syntax, &scope) else { return nil }
      result.value = value
    }
    guard parameter(of: function, &rest, range, &result), rest.isEmpty else {
      if !rest.isEmpty { report(.aggregateCount(range, function)) }
      return nil
    }
    var several = false
    if case .count = result.parameter { several = true }
    let type = result.value?.type ?? .int
    guard let given = function.result(of: type, several: several) else {
      report(.wrongAggregate(call.arguments[0].range, type, function, call.function.range))
      return nil
    }
    return (result, given)
  }

  /// Reads what `function` takes besides the value; whether that could be read.
  private mutating func parameter(
    of function: AggregateFunction, _ rest: inout ArraySlice<ExpressionSyntax>, _ range: TextRange,
    _ result: inout AggregateCall
  ) -> Bool {
    switch function.extra {
    case .none: return true
    case .optionalCount where rest.isEmpty: return true
    default: break
    }
    guard let syntax = rest.popFirst() else {
      report(.aggregateCount(range, function))
      return false
    }
    switch (function.extra, syntax.kind) {
    case (.fraction, .double(let value, _)) where 0...1 ~= value:
      result.parameter = .fraction(value)
    case (.count, .int(let value)) where 1...1_000 ~= value,
      (.optionalCount, .int(let value)) where 1...1_000 ~= value:
      result.parameter = .count(Int(value))
    case (.halfLife, .length(let length)):
      guard let length = positive(length) else { return false }
      guard length.microseconds >= .millisecond else {
        report(.aggregateParameter(syntax.range, function))
        return false
      }
      result.parameter = .halfLife(length)
    default:
      report(.aggregateParameter(syntax.range, function))
      return false
    }
    return true
  }
}

extension ExpressionSyntax {
  /// The first aggregate inside.
  var firstAggregate: TextRange? {
    switch kind {
    case .call(let call):
      if AggregateFunction(rawValue: call.function.text) != nil { return range }
      return call.arguments.lazy.compactMap(\.firstAggregate).first
    case .parenthesized(let inner), .unary(_, let inner), .isNull(let inner, _):
      return inner.firstAggregate
    case .binary(_, let left, let right, _): return left.firstAggregate ?? right.firstAggregate
    case .chain(_, let parts), .list(let parts):
      return parts.lazy.compactMap(\.firstAggregate).first
    case .isIn(let value, let parts, _):
      return ([value] + parts).lazy.compactMap(\.firstAggregate).first
    case .isBetween(let value, let low, let high, _):
      return [value, low, high].lazy.compactMap(\.firstAggregate).first
    case .choice(let condition, let first, let second):
      return [condition, first, second].lazy.compactMap(\.firstAggregate).first
    default: return nil
    }
  }
}
