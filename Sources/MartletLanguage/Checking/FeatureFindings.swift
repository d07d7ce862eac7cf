import MartletColumns
import MartletDiagnostics

extension Diagnostic {
  static func fromFeatures(_ name: Name) -> Diagnostic {
    .error("from-features", "features cannot be aggregated over features")
      .pointing(at: name.range, "a feature set: its values change with the moment of asking")
      .help("aggregate its source, or read its values in a set without `from`")
      .note("there is no row that says when such a value was known")
  }

  static func missingEntity(_ range: TextRange, _ name: String) -> Diagnostic {
    .error("missing-entity", "`\(name)` does not say what its features are about")
      .pointing(at: range, "rows of a source are gathered by entity")
      .help("`features \(name) of … from …`")
  }

  static func givenWithSource(_ range: TextRange, _ source: String) -> Diagnostic {
    .error("given-with-source", "what is stored cannot depend on what a caller gives")
      .pointing(at: range, "known only when asked")
      .help("read the stored features in a set of its own, without `from \(source)`")
  }

  static func noFeatures(_ range: TextRange, _ name: String) -> Diagnostic {
    .error("no-features", "`\(name)` has no features")
      .pointing(at: range)
      .help("`name = expression`")
  }

  static func featureWithoutValue(_ name: Name) -> Diagnostic {
    .error("feature-without-value", "`\(name.text)` does not say what it is")
      .pointing(at: name.range, "there is no row whose column it could be")
      .help("`\(name.text) = …`")
  }

  static func featureInRow(_ range: TextRange, _ source: String) -> Diagnostic {
    .error("feature-in-row", "a row of `\(source)` cannot see features")
      .pointing(at: range, "known at the moment of asking only")
      .help("combine them in a set without `from`")
  }

  static func nowInRow(_ range: TextRange) -> Diagnostic {
    .error("now-in-row", "a row does not know when it will be asked about")
      .pointing(at: range, "would be another moment in training than in serving")
      .help("use `now()` in a set without `from`, where it is the moment of asking")
  }

  static func whereWithoutRows(_ range: TextRange) -> Diagnostic {
    .error("where-without-rows", "a set without a source has no rows to choose from")
      .pointing(at: range)
      .help("`if … then … else null`")
  }

  static func keepOfEvents(_ range: TextRange) -> Diagnostic {
    .error("keep-without-states", "`keep` says how long a state holds, and here are none")
      .pointing(at: range)
      .help("of events, the window says how far back counts: `over 30d`")
  }

  static func scheduleOfComputed(_ range: TextRange) -> Diagnostic {
    .error("schedule-without-source", "what is computed when asked has no schedule")
      .pointing(at: range)
      .help("remove it")
  }

  // MARK: Aggregates

  static func aggregateHere(_ range: TextRange, _ name: String, _ place: Scope.Place) -> Diagnostic
  {
    .error("aggregate-out-of-place", "an aggregate cannot stand here")
      .pointing(at: range, place == .row ? "there is one row here" : "there are no rows here")
      .help("a feature of events is one aggregate: `name = \(name)(…) over 7d`")
  }

  static func needsAggregate(_ range: TextRange, _ written: String) -> Diagnostic {
    .error("needs-aggregate", "of many events, which one is meant?")
      .pointing(at: range, "has a value in each row")
      .help("`last(\(written.shortened))` is that of the newest")
  }

  static func aggregateInExpression(_ range: TextRange, _ aggregate: TextRange) -> Diagnostic {
    .error("aggregate-in-expression", "a feature of events is one aggregate, by itself")
      .pointing(at: range, "more than that")
      .because(aggregate, "the aggregate")
      .help("name the aggregate as a feature, and go on in a set without `from`")
  }

  static func aggregateCount(_ range: TextRange, _ function: AggregateFunction) -> Diagnostic {
    .error("wrong-argument-count", "`\(function.rawValue)` is not called so")
      .pointing(at: range)
      .help("`\(function.usage)`")
  }

  static func aggregateParameter(_ range: TextRange, _ function: AggregateFunction) -> Diagnostic {
    let wanted =
      switch function.extra {
      case .fraction: "a fraction from 0.0 to 1.0"
      case .halfLife: "a length of time from 1ms, as in `7d`"
      default: "a whole number from 1 to 1000"
      }
    return .error("wrong-constant", "`\(function.rawValue)` takes \(wanted) here, written out")
      .pointing(at: range, "not such a one")
      .help("`\(function.usage)`")
  }

  static func wrongAggregate(
    _ range: TextRange, _ type: ColumnType, _ function: AggregateFunction, _ name: TextRange
  ) -> Diagnostic {
    .error("wrong-aggregate", "`\(function.rawValue)` takes \(function.accepted)")
      .pointing(at: range, "is \(type.withArticle)")
      .because(name, "takes \(function.accepted)")
  }

  // MARK: Windows

  static func windowWithoutEvents(_ range: TextRange) -> Diagnostic {
    .error("window-without-events", "`over` needs events to look back at")
      .pointing(at: range, "here is one value, not many rows")
  }

  static func sameWindow(_ window: Quantity, _ earlier: TextRange) -> Diagnostic {
    .error("duplicate-window", "`\(window.written)` is as long as a window before it")
      .pointing(at: window.range, "again here")
      .because(earlier, "first here")
  }

  static func stepBeyondWindow(_ step: Quantity, _ window: Quantity) -> Diagnostic {
    .error("step-beyond-window", "the step is longer than the window")
      .pointing(at: step.range, "the window's start would jump past its end")
      .because(window.range, "shorter")
  }

  static func stepOfAll(_ range: TextRange) -> Diagnostic {
    .error("step-of-all", "`all` has no start that could step")
      .pointing(at: range)
      .help("remove it")
  }

  static func windowOutlivesData(
    _ feature: String, _ window: Quantity, _ source: String, _ retain: TimeLength, _ kept: TextRange
  ) -> Diagnostic {
    .error("window-outlives-data", "`\(feature)` looks further back than `\(source)` are kept")
      .pointing(at: window.range, "needs the last \(window.written)")
      .because(kept, "a row is dropped after \(retain)")
      .help("keep rows for as long as the longest window: `retain \(window.written)`")
  }

  static func allOutlivesData(
    _ range: TextRange, _ feature: String, _ source: String, _ retain: TimeLength, _ kept: TextRange
  ) -> Diagnostic {
    .error(
      "all-outlives-data", "`\(feature)` counts all rows, and `\(source)` are not kept for ever"
    )
    .pointing(at: range, "needs every row there ever was")
    .because(kept, "a row is dropped after \(retain)")
    .help("`over \(retain)`")
  }

  // MARK: Schedules and leaks

  static func twoSchedules(_ range: TextRange, _ earlier: TextRange) -> Diagnostic {
    .error("two-schedules", "a set has one schedule")
      .pointing(at: range, "and another")
      .because(earlier, "one")
  }

  static func scheduleTooSlow(
    _ range: TextRange, _ length: TimeLength, _ promise: TextRange, _ fresh: TimeLength
  ) -> Diagnostic {
    .error(
      "schedule-too-slow", "values can be \(length) old, and are promised to be \(fresh) fresh"
    )
    .pointing(at: range, "too rarely")
    .because(promise, "the promise")
    .help("`every \(fresh)`")
  }

  static func arrivalUnknown(_ range: TextRange, _ length: TimeLength, _ source: Name) -> Diagnostic
  {
    .warning(
      "arrival-unknown", "training would see rows that serving learns of up to \(length) later"
    )
    .pointing(at: range, "serving sees nothing newer in between")
    .because(source.range, "does not say when a row became known")
    .help("say it where the source is declared: `known after \(length)`, or `known` and a column")
  }

  static func labelInService(
    _ range: TextRange, _ feature: String, _ label: TextRange
  ) -> Diagnostic {
    .error("label-in-service", "`\(feature)` tells the model what it is to predict")
      .pointing(at: range, "made of a label")
      .because(label, "the label")
      .help("leave it out, or say with `known` when the label becomes known")
      .note("the label of a row may be there in training long before anyone could have known it")
  }

  // MARK: Services

  static func emptyService(_ name: Name) -> Diagnostic {
    .error("empty-service", "`\(name.text)` serves nothing")
      .pointing(at: name.range)
      .help("ask for features: `set.feature`, or `set.*`")
  }

  static func exceptWithoutStar(_ range: TextRange) -> Diagnostic {
    .error("except-without-star", "`except` takes features away from `*`")
      .pointing(at: range, "here is one feature only")
  }

  static func nothingLeft(_ range: TextRange, _ set: String) -> Diagnostic {
    .error("nothing-left", "of `\(set)` nothing is left")
      .pointing(at: range, "all of its features are excepted")
  }

  static func aliasForm(_ range: TextRange, _ isStar: Bool, _ name: String) -> Diagnostic {
    .error(
      "alias-form",
      isStar ? "many features cannot have one name" : "one feature has no use for a pattern"
    )
    .pointing(at: range)
    .help(isStar ? "`as \(name)_*` puts `\(name)_` before each" : "`as \(name)`")
  }

  static func byWithoutEntity(_ range: TextRange, _ set: String) -> Diagnostic {
    .error("by-without-entity", "`\(set)` has no keys of its own")
      .pointing(at: range, "keys for what?")
      .note("it takes the keys of the features that it reads")
  }

  static func inputConflict(
    _ range: TextRange, _ field: Field, _ type: ColumnType, _ earlier: TextRange
  ) -> Diagnostic {
    .error(
      "input-conflict",
      "the caller cannot give `\(field.name)` as \(field.type.withArticle) and as \(type.withArticle)"
    )
    .pointing(at: range, "needs \(field.type.withArticle)")
    .because(earlier, "needs \(type.withArticle)")
    .help("read one of them by another name, with `by`")
  }
}

extension AggregateFunction {
  /// How it is called.
  var usage: String {
    switch self {
    case .count: "count()"
    case .timeSinceLast: "time_since_last()"
    case .approxQuantile: "approx_quantile(value, 0.95)"
    case .topK: "top_k(value, 5)"
    case .first, .last: "\(rawValue)(value), or \(rawValue)(value, 5) for a list"
    case .decayedSum: "decayed_sum(value, 7d)"
    default: "\(rawValue)(value)"
    }
  }
}
