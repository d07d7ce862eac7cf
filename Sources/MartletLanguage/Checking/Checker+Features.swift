import MartletColumns
import MartletDiagnostics

extension Checker {
  /// Checks a feature of a set and enters it.
  mutating func check(
    _ syntax: FeatureSyntax, _ set: inout FeatureSet, _ scope: inout Scope
  ) {
    reportUnfit(syntax.name)
    scope.labelRead = nil
    if case .stored(let stored) = set.kind {
      if stored.sourceKind == .events {
        aggregate(syntax, &set, stored, &scope)
      } else {
        value(syntax, &set, &scope)
      }
    } else {
      value(syntax, &set, &scope)
    }
  }

  /// A feature of states, or a computed one.
  private mutating func value(
    _ syntax: FeatureSyntax, _ set: inout FeatureSet, _ scope: inout Scope
  ) {
    if let over = syntax.over { report(.windowWithoutEvents(over.range)) }
    let isComputed = scope.place == .question
    let value: Expression?
    if let written = syntax.value {
      value = expression(written, &scope)
    } else if isComputed {
      report(.featureWithoutValue(syntax.name))
      return
    } else {
      value = expression(
        ExpressionSyntax(kind: .name(syntax.name), range: syntax.name.range, height: 1), &scope)
    }
    guard let value else {
      if isComputed { scope.refuse(syntax.name.text) }
      return
    }
    let symbol = add(
      syntax.name, syntax.name.text, .value(value), value.type, value.canBeNull, to: &set, scope)
    if isComputed, let symbol, scope.entries[syntax.name.text] == nil {
      scope.add(
        syntax.name.text,
        Scope.Entry(
          kind: .feature(set: set.name, name: syntax.name.text), type: value.type,
          canBeNull: value.canBeNull, symbol: symbol, label: scope.labelRead))
    }
  }

  /// Enters a feature, unless its full name is taken.
  mutating func add(
    _ name: Name, _ full: String, _ computation: Feature.Computation, _ type: ColumnType,
    _ canBeNull: Bool, to set: inout FeatureSet, _ scope: Scope
  ) -> Int? {
    if let earlier = sets[set.name]?.features[full] {
      report(.duplicateFeature(name, full, index.symbols[earlier.symbol].definition))
      return nil
    }
    let symbol = index.define(.feature, name, type: type.description)
    sets[set.name]?.features[full] = (set.features.count, symbol, scope.labelRead)
    set.features.append(
      Feature(
        name: full, base: name.text, type: type, canBeNull: canBeNull, computation: computation,
        text: name.range, identity: Identity(bytes: [])))
    return symbol
  }
}
