import MartletColumns
public import MartletLanguage

// A stage gives all that is wanted of its set at once, so what is wanted is collected first, and the
// stages follow in the order of what they need.

extension ServicePlan {
  /// The plan of `service`, one of `definitions`.
  public init(_ service: Service, in definitions: Definitions) {
    var draft = ServiceDraft(definitions)
    for item in service.items {
      draft.want(ServiceDraft.Wanted(item.set, item.feature), keys: item.keys)
    }
    draft.collect()
    let outputs = service.items.map { item in
      let value = draft.value(item.feature, of: draft.stage(item.set, item.keys))
      return Output(name: item.output, type: item.type, value: value)
    }
    self.init(
      name: service.name, keys: service.keys, given: service.given, stages: draft.stages,
      outputs: outputs)
  }
}

extension ServicePlan {
  /// The plan of an answer to single features, each with its set's name, as if a service had them; the
  /// first of them that `definitions` have not is thrown.
  public init(
    of features: [(set: String, feature: String)], in definitions: Definitions
  ) throws(UnknownFeature) {
    var draft = ServiceDraft(definitions)
    var found: [(output: Field, set: String)] = []
    for (set, name) in features {
      let feature = definitions.featureSet(set)?.features.first { $0.name == name }
      guard let feature else { throw UnknownFeature(set: set, feature: name) }
      draft.want(ServiceDraft.Wanted(set, name))
      found.append((Field(name, feature.type), set))
    }
    draft.collect()
    var (keys, given): ([Field], [Field]) = ([], [])
    for stage in draft.stages {
      switch stage {
      case .lookup(let lookup):
        let entity = definitions.featureSet(lookup.set)?.entity.flatMap { definitions.entity($0) }
        for key in entity?.keys ?? [] where !keys.contains(key) && lookup.names(key) {
          keys.append(key)
        }
      case .computation(let computation):
        for (input, type) in computation.calculation.inputs {
          guard case .given(let name) = input else { continue }
          if !given.contains(where: { $0.name == name }) { given.append(Field(name, type)) }
        }
      }
    }
    self.init(
      name: "", keys: keys, given: given, stages: draft.stages,
      outputs: found.map { output, set in
        Output(
          name: "\(set)__\(output.name)", type: output.type,
          value: draft.value(output.name, of: draft.stage(set)))
      })
  }

  /// A feature that is not there.
  public struct UnknownFeature: Error, Equatable {
    public let set: String
    public let feature: String
  }
}

extension ServicePlan.Lookup {
  /// Whether the caller names `key` for it.
  fileprivate func names(_ key: Field) -> Bool { keys.contains(.caller(key.name)) }
}

/// A service's plan while its stages are put in order.
private struct ServiceDraft {
  /// A set, and the keys under which it is looked up; none of a computed one.
  struct StageName: Hashable {
    var set: String
    var keys: [Service.Key]
  }

  /// A feature by its set's and its own name.
  struct Wanted: Hashable {
    var set: String
    var feature: String

    init(_ set: String, _ feature: String) {
      self.set = set
      self.feature = feature
    }
  }

  private(set) var stages: [ServicePlan.Stage] = []
  private var sets: [String: FeatureSet] = [:]
  private let definitions: Definitions
  private var wanted: [StageName: [String]] = [:]
  private var pending: [(name: StageName, feature: String)] = []
  private var values: [StageName: [String: Int]] = [:]
  private var valueCount = 0

  init(_ definitions: Definitions) {
    self.definitions = definitions
    for set in definitions.featureSets { sets[set.name] = set }
  }

  /// The stage that looks `set` up under `keys`.
  func stage(_ set: String, _ keys: [Service.Key]) -> StageName {
    guard case .stored = sets[set]?.kind else { return StageName(set: set, keys: []) }
    return StageName(set: set, keys: keys)
  }

  /// The stage that a computed set or another key reads `set` from: the entity's own keys.
  func stage(_ set: String) -> StageName {
    let entity = sets[set]?.entity.flatMap { definitions.entity($0) }
    return stage(set, (entity?.keys ?? []).map { .caller($0.name) })
  }

  mutating func want(_ feature: Wanted, keys: [Service.Key]? = nil) {
    let name = keys.map { stage(feature.set, $0) } ?? stage(feature.set)
    if wanted[name]?.contains(feature.feature) ?? false { return }
    wanted[name, default: []].append(feature.feature)
    pending.append((name, feature.feature))
  }

  /// Finds everything that what is wanted needs, then puts it in order.
  mutating func collect() {
    while let (name, feature) = pending.popLast() {
      for needed in needs(name, [feature]) { want(needed) }
    }
    var order: [StageName] = []
    var visited: Set<StageName> = []
    for name in wanted.keys.sorted(by: { ($0.set, "\($0.keys)") < ($1.set, "\($1.keys)") }) {
      visit(name, &visited, &order)
    }
    for name in order { make(name) }
  }

  /// The checker lets sets lean on each other a hundred deep at most.
  private func visit(
    _ name: StageName, _ visited: inout Set<StageName>, _ order: inout [StageName]
  ) {
    guard visited.insert(name).inserted else { return }
    for needed in needs(name, wanted[name] ?? []) { visit(stage(needed.set), &visited, &order) }
    order.append(name)
  }

  /// The features that `features` of the stage lean on, of other stages.
  private func needs(_ name: StageName, _ features: [String]) -> [Wanted] {
    guard let set = sets[name.set] else { return [] }
    if case .stored = set.kind {
      return name.keys.compactMap { key in
        if case .feature(let set, let feature) = key { Wanted(set, feature) } else { nil }
      }
    }
    return set.calculation(of: features).calculation.inputs.compactMap { input, _ in
      if case .feature(let set, let feature) = input { Wanted(set, feature) } else { nil }
    }
  }

  private mutating func make(_ name: StageName) {
    guard let set = sets[name.set] else { return }
    let features = (wanted[name] ?? []).compactMap { wanted in
      set.features.first { $0.name == wanted }.map { Field($0.name, $0.type) }
    }
    for feature in features {
      values[name, default: [:]][feature.name] = valueCount
      valueCount += 1
    }
    if case .stored = set.kind {
      let keys = name.keys.map { key -> ServicePlan.Key in
        switch key {
        case .caller(let name): .caller(name)
        case .feature(let set, let feature): .value(value(feature, of: stage(set)))
        }
      }
      stages.append(.lookup(ServicePlan.Lookup(set: name.set, keys: keys, features: features)))
      return
    }
    let (calculation, results) = set.calculation(of: features.map(\.name))
    var inputs: [Calculation.Input: Int] = [:]
    for (input, _) in calculation.inputs {
      guard case .feature(let set, let feature) = input else { continue }
      inputs[input] = value(feature, of: stage(set))
    }
    stages.append(
      .computation(
        ServicePlan.Computation(
          set: name.set, calculation: calculation, inputs: inputs, features: features,
          results: results)))
  }

  func value(_ feature: String, of name: StageName) -> Int {
    guard let value = values[name]?[feature] else {
      preconditionFailure("\(name.set).\(feature) is in no stage")
    }
    return value
  }
}

extension FeatureSet {
  /// How `wanted` of a computed set are worked out.
  fileprivate func calculation(
    of wanted: [String]
  ) -> (calculation: Calculation, results: [Int]) {
    var builder = CalculationBuilder(locals: locals)
    var places: [String: Int] = [:]
    for feature in features {
      guard case .value(let expression) = feature.computation else { continue }
      let place = builder.lower(expression, as: feature.type)
      builder.define(name, feature.name, as: place)
      places[feature.name] = place
    }
    return builder.finish(wanted.compactMap { places[$0] })
  }
}
