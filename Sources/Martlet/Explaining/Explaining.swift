import MartletAggregates
public import MartletColumns
import MartletEngine
import MartletOffline
import MartletOnline
public import MartletPlan
public import MartletRegistry

extension Explanation {
  /// Explains output `output` of `service` about the entity and the values of `caller`, as of `moment`.
  ///
  /// - Parameters:
  ///   - data: The version of what is stored offline; the newest where it is `nil`.
  ///   - online: The online store; `nil` where it cannot be asked, for the reason `without`.
  public init(
    _ output: Int, of service: ServicePlan, caller: [String: Value], at moment: Instant,
    _ project: Project, _ registry: Registry, data: Int? = nil, online: OnlineData?,
    without: String? = nil
  ) throws {
    let stored = try StoredData(project, registry, at: data)
    self.init(
      output: Field(service.outputs[output].name, service.outputs[output].type),
      data: stored.version)
    withoutOnline = without
    let times = Column(.time([moment.microseconds]))
    let run = ServiceRun(service, zones: project.zones)
    func column(_ field: Field) throws -> Column {
      guard let column = Column(field.type, [caller[field.name] ?? .null]) else {
        preconditionFailure("`\(field.name)` is no \(field.type)")
      }
      return column
    }

    // What each stage looked up, in the order of stages: offline, and online where that can be asked.
    var looked: [(set: SetPlan, keys: [Value], offline: SetAnswers?, online: SetAnswers?)] = []
    let lacks = project.plan.sets.contains { stored.contents[$0.name] == nil }
    if !lacks {
      let answers = try run.answers(at: times, caller: column) { (lookup, keys) throws in
        let set = project.plan.known(lookup.set)
        let answers = try stored.answers(of: set, keys: keys, at: times)
        looked.append((set, keys.map { $0[0] }, answers, nil))
        return (answers, set.features)
      }
      offline = Answer(answers, output)
    }
    if let online {
      var stage = 0
      let answers = try run.answers(at: times, caller: column) { (lookup, keys) throws in
        let set = project.plan.known(lookup.set)
        let answers = try online.features.answers(of: set, keys: keys, at: times)
        if lacks {
          looked.append((set, keys.map { $0[0] }, nil, answers))
        } else {
          looked[stage].online = answers
        }
        stage += 1
        return (answers, set.features)
      }
      self.online = Answer(answers, output)
    }
    for place in service.storedFeatures(behind: output) where place.lookup < looked.count {
      let found = looked[place.lookup]
      guard let feature = found.set.features.firstIndex(where: { $0.name == place.feature }) else {
        continue
      }
      var part = Part(set: found.set, feature: feature, keys: found.keys, at: moment)
      part.offline = found.offline.map { Answer($0, feature) }
      part.online = found.online.map { Answer($0, feature) }
      part.trace = try online?.features.trace(
        of: found.set, keys: found.keys, feature: feature, at: moment)
      let rows = try RowsOfEntity(
        part.set, part.keys, stored, project, registry, pushesOf: online?.store)
      part.rows = rows.explained(for: feature, at: moment)
      parts.append(part)
    }
  }
}

extension Explanation.Answer {
  fileprivate init(_ answers: ServiceAnswers, _ output: Int) {
    self.init(value: answers.columns[output][0], status: answers.statuses[output][0])
  }

  fileprivate init(_ answers: SetAnswers, _ feature: Int) {
    self.init(value: answers.columns[feature][0], status: answers.statuses(of: feature)[0])
  }
}

extension Plan {
  /// The set called `name`, which some service of this plan looks up.
  fileprivate func known(_ name: String) -> SetPlan {
    guard let set = set(name) else { preconditionFailure("no set is called \(name)") }
    return set
  }
}

extension ServicePlan {
  /// A feature that the service looks up: the number of the lookup among all, and the feature's name.
  fileprivate struct StoredFeature: Hashable {
    var lookup: Int
    var feature: String
  }

  /// The looked-up features that output `output` is, or is worked out from, each once.
  fileprivate func storedFeatures(behind output: Int) -> [StoredFeature] {
    var origins: [[StoredFeature]] = []
    var lookups = 0
    for stage in stages {
      switch stage {
      case .lookup(let lookup):
        origins += lookup.features.map { [StoredFeature(lookup: lookups, feature: $0.name)] }
        lookups += 1
      case .computation(let computation):
        let inputs = computation.inputs.values.sorted().flatMap { origins[$0] }
        origins += computation.features.map { _ in inputs }
      }
    }
    var once: Set<StoredFeature> = []
    return origins[outputs[output].value].filter { once.insert($0).inserted }
  }
}
