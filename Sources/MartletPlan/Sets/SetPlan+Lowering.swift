import MartletAggregates
import MartletColumns
public import MartletLanguage

extension SetPlan {
  /// The plan of `set`, or `nil` where it is computed and keeps nothing.
  public init?(_ set: FeatureSet, in definitions: Definitions) {
    guard case .stored(let stored) = set.kind, let source = definitions.source(stored.source),
      let entityName = set.entity, let entity = definitions.entity(entityName)
    else { return nil }
    var draft = SetDraft(set)
    let answer: Answer
    switch source.kind {
    case .states:
      answer = .states(draft.states(of: set))
    case .events:
      answer = .events(draft.windows(of: set))
    }
    let (renumbered, rows) = draft.finish(answer, stored, source)
    self.answer = renumbered
    self.rows = rows
    name = set.name
    self.entity = entityName
    keys = entity.keys
    self.source = source.name
    visibility = source.kind == .states ? .states : .events
    schema = rows.schema(keys: entity.keys)
    layout = draft.layout(stored, source, entity, schema)
  }
}

/// A plan while its values are collected.
private struct SetDraft {
  private var builder: CalculationBuilder
  private let meanings: Meanings
  private var values: [Value] = []
  private var places: [Identity: Int] = [:]

  /// Something that features lean on.
  private struct Value {
    var expression: Expression
    var type: ColumnType?
    var meaning: Identity
    var name: String
  }

  init(_ set: FeatureSet) {
    builder = CalculationBuilder(locals: set.locals)
    meanings = Meanings(of: set.locals)
  }

  /// The number of the value of `expression`, which is called `name` unless it has a name of its own.
  private mutating func value(
    _ expression: Expression, as type: ColumnType? = nil, called name: String
  ) -> Int {
    let own = meanings[expression]
    var text = MeaningText("kept value")
    text.add(own)
    text.add(type == .double && expression.type == .int ? "widened" : "as it is")
    let meaning = text.identity
    if let place = places[meaning] { return place }
    var called = name
    switch expression.kind {
    case .column(let column): called = column
    case .local(let local): called = local
    default: break
    }
    values.append(Value(expression: expression, type: type, meaning: meaning, name: called))
    places[meaning] = values.count - 1
    return values.count - 1
  }

  mutating func states(of set: FeatureSet) -> StatePlan {
    let features = set.features.compactMap { feature -> PlannedFeature<Int>? in
      guard case .value(let expression) = feature.computation else { return nil }
      let place = value(expression, called: feature.name)
      return PlannedFeature(name: feature.name, type: feature.type, place: place)
    }
    return StatePlan(keep: set.keep, features: features)
  }

  mutating func windows(of set: FeatureSet) -> WindowPlan {
    var windows: [Window: Int] = [:]
    var measures: [WindowPlan.Measure: Int] = [:]
    let features = set.features.compactMap { feature -> PlannedFeature<WindowPlan.Place>? in
      guard case .aggregate(let call, let length) = feature.computation else { return nil }
      let window =
        length.length.map { Window.last($0, step: length.step) } ?? .all
      let measure = measure(call, feature)
      let place = WindowPlan.Place(
        measure: measures.number(of: measure), window: windows.number(of: window))
      return PlannedFeature(name: feature.name, type: feature.type, place: place)
    }
    return WindowPlan(
      windows: windows.inOrder, measures: measures.inOrder, features: features)
  }

  private mutating func measure(_ call: AggregateCall, _ feature: Feature) -> WindowPlan.Measure {
    let widened: ColumnType? =
      switch call.function {
      case .approxQuantile, .decayedSum: .double
      default: nil
      }
    return WindowPlan.Measure(
      function: call.function,
      value: call.value.map { value($0, as: widened, called: feature.base) },
      filter: call.filter.map { value($0, called: "\(feature.base)_where") },
      parameter: call.parameter, type: feature.type)
  }

  /// The values in the order of their meanings, and `answer` with their new numbers.
  mutating func finish(
    _ answer: SetPlan.Answer, _ stored: FeatureSet.Stored, _ source: Source
  ) -> (SetPlan.Answer, RowPlan) {
    let order = values.indices.sorted {
      values[$0].meaning.bytes.lexicographicallyPrecedes(values[$1].meaning.bytes)
    }
    var numbers = [Int](repeating: 0, count: values.count)
    for (number, place) in order.enumerated() { numbers[place] = number }

    func column(_ name: String) -> Int {
      let type = source.columns.first { $0.name == name }?.type ?? .time
      return builder.read(.column(name), type)
    }
    var results = order.map { builder.lower(values[$0].expression, as: values[$0].type) }
    results += stored.keyColumns.map(column)
    results.append(column(source.at))
    let filter = stored.filter.map { builder.lower($0, as: .bool) }
    let deleted = source.deletedWhen.map { builder.lower($0, as: .bool) }
    let known: Int? = if case .column(let name) = source.known { column(name) } else { nil }
    let id = source.id.sorted().map(column)
    let (calculation, places) = builder.finish(
      results + id + [filter, deleted, known].compactMap { $0 })
    var rest = places[...]
    let valueSteps = Array(rest.prefix(values.count))
    rest = rest.dropFirst(values.count)
    let keySteps = Array(rest.prefix(stored.keyColumns.count))
    rest = rest.dropFirst(stored.keyColumns.count)
    let time = rest.removeFirst()
    let idSteps = Array(rest.prefix(id.count))
    rest = rest.dropFirst(id.count)
    let filterStep = filter.map { _ in rest.removeFirst() }
    let deletedStep = deleted.map { _ in rest.removeFirst() }
    let knownRule: RowPlan.Known? =
      switch source.known {
      case nil: nil
      case .column: .at(rest.removeFirst())
      case .after(let length): .after(length)
      }
    let rows = RowPlan(
      calculation: calculation, filter: filterStep, keys: keySteps, time: time, known: knownRule,
      deleted: deletedStep, id: idSteps, values: valueSteps,
      valueNames: order.map { values[$0].name })
    return (answer.renumbered(numbers), rows)
  }

  func layout(
    _ stored: FeatureSet.Stored, _ source: Source, _ entity: Entity, _ schema: Schema
  ) -> Identity {
    var text = MeaningText("layout of rows")
    text.add(Identity.ofRows(source))
    for (key, column) in zip(entity.keys, stored.keyColumns) {
      text.add(key.type.description)
      text.add(column)
    }
    if let filter = stored.filter { text.add(meanings[filter]) }
    for meaning in values.map(\.meaning).sorted(by: {
      $0.bytes.lexicographicallyPrecedes($1.bytes)
    }) {
      text.add(meaning)
    }
    for field in schema.fields { text.add(field.type.description) }
    return text.identity
  }
}

extension SetPlan.Answer {
  /// The same, its values numbered anew.
  fileprivate func renumbered(_ numbers: [Int]) -> SetPlan.Answer {
    switch self {
    case .states(let plan):
      .states(
        StatePlan(
          keep: plan.keep,
          features: plan.features.map {
            PlannedFeature(name: $0.name, type: $0.type, place: numbers[$0.place])
          }))
    case .events(let plan):
      .events(
        WindowPlan(
          windows: plan.windows,
          measures: plan.measures.map {
            WindowPlan.Measure(
              function: $0.function, value: $0.value.map { numbers[$0] },
              filter: $0.filter.map { numbers[$0] }, parameter: $0.parameter, type: $0.type)
          }, features: plan.features))
    }
  }
}

extension [Window: Int] {
  fileprivate var inOrder: [Window] { sorted { $0.value < $1.value }.map(\.key) }
}

extension [WindowPlan.Measure: Int] {
  fileprivate var inOrder: [WindowPlan.Measure] { sorted { $0.value < $1.value }.map(\.key) }
}

extension Dictionary where Value == Int {
  /// The number of `key`, the next one where it is new.
  fileprivate mutating func number(of key: Key) -> Int {
    if let number = self[key] { return number }
    self[key] = count
    return count - 1
  }
}
