import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletOnline
import MartletPlan

/// One version of the definitions, answered from the online store.
///
/// A class, since every request holds on to the one that it began with.
final class OnlineEdition: ServedEdition {
  let version: String
  let definitions: Definitions
  let features: OnlineFeatures
  let zones: [String: ZoneRules]
  private let services: [String: Service]

  /// What explains values, and tells where things come from.
  private let records: ProjectRecords?

  /// A service, for its callers and for the store.
  private final class Service: Sendable {
    let served: ServedService
    let plan: ServicePlan

    init(_ plan: ServicePlan, _ reader: ServiceReader) {
      served = ServedService(plan, reader)
      self.plan = plan
    }
  }

  /// Questions about at most so many entities are answered on the loop's own thread. Handing one over
  /// costs more than reading a few keys, which are in memory nearly always; many keys may have to be
  /// read from the disk one after the other, and are a worker's.
  private static let fewEntities = 8

  init(
    _ version: String, _ definitions: Definitions, _ features: OnlineFeatures,
    _ zones: [String: ZoneRules], _ records: ProjectRecords?
  ) {
    self.version = version
    self.records = records
    self.definitions = definitions
    self.features = features
    self.zones = zones
    services = Dictionary(
      features.plan.services.map { plan in
        (plan.name, Service(plan, features.reader(of: plan)))
      }
    ) { first, _ in first }
  }

  // MARK: Answers

  func service(named name: String) -> ServedService? { services[name]?.served }

  var serviceNames: [String] { services.keys.sorted() }

  func service(of features: [FeatureName]) throws(StoreRefusal) -> ServedService {
    ServedService(try plan(of: features))
  }

  private func plan(of features: [FeatureName]) throws(StoreRefusal) -> ServicePlan {
    do throws(ServicePlan.UnknownFeature) {
      return try ServicePlan(of: features.map { ($0.set, $0.feature) }, in: definitions)
    } catch {
      throw StoreRefusal(.unknown, "there is no feature `\(error.set):\(error.feature)`")
    }
  }

  func withRow(
    of service: ServedService, keys: UnsafeBufferPointer<OnlineRow.Lent>,
    given: UnsafeBufferPointer<OnlineRow.Lent>, at moment: Instant,
    _ body: (borrowing OnlineRow) -> Void
  ) throws(StoreRefusal) -> Bool {
    guard let reader = service.reader else { return false }
    do throws(OnlineError) {
      try reader.withRow(keys: keys, given: given, at: moment, body)
      return true
    } catch {
      throw StoreRefusal(error)
    }
  }

  func answerAtOnce(_ question: FeatureQuestion) throws(StoreRefusal) -> FeatureAnswer? {
    question.rowCount <= Self.fewEntities ? try answer(question) : nil
  }

  func answer(_ question: FeatureQuestion) throws(StoreRefusal) -> FeatureAnswer {
    let service = question.service
    if question.rowCount == 1, let reader = service.reader {
      return try answer(question, by: reader)
    }
    let plan: ServicePlan
    if let known = services[service.name]?.plan {
      plan = known
    } else {
      plan = try self.plan(
        of: service.outputs.map { FeatureName(set: $0.set, feature: $0.feature) })
    }
    let times = Column(
      .time(Buffer(repeating: question.at.microseconds, count: question.rowCount)))
    do {
      let found = try features.answers(of: plan, at: times) { field in
        if let place = service.keys.firstIndex(of: field) { return question.keys[place] }
        guard let place = service.given.firstIndex(of: field) else {
          throw StoreRefusal(.failed, "nobody gave `\(field.name)`")
        }
        return question.given[place]
      }
      return FeatureAnswer(
        columns: found.answers.columns, statuses: found.answers.statuses.map(\.all))
    } catch let error as OnlineError {
      throw StoreRefusal(error)
    } catch let error as StoreRefusal {
      throw error
    } catch {
      throw StoreRefusal(.failed, String(describing: error))
    }
  }

  /// One entity's columns, from its row: joining columns takes many times as long.
  private func answer(
    _ question: FeatureQuestion, by reader: ServiceReader
  ) throws(StoreRefusal) -> FeatureAnswer {
    let row: OnlineRow
    do throws(OnlineError) {
      row = try reader.row(
        keys: question.keys.map { $0[0] }, given: question.given.map { $0[0] }, at: question.at)
    } catch {
      throw StoreRefusal(error)
    }
    let columns = question.service.outputs.enumerated().map { index, output in
      guard let column = Column(output.field.type, [row[index]]) else {
        preconditionFailure("`\(output.field.name)` is no \(output.field.type)")
      }
      return column
    }
    return FeatureAnswer(columns: columns, statuses: row.statuses.map { [$0] })
  }

  // MARK: Sources

  func columns(ofSource name: String) -> Schema? { features.plan.source(name)?.schema }

  func source(behind name: String) -> PushedSource? {
    let set = features.plan.sets.first { $0.name == name }
    guard let source = definitions.source(name) ?? set.flatMap({ definitions.source($0.source) })
    else { return nil }
    var columns = ["event_timestamp": source.at]
    if case .column(let known)? = source.known { columns["created"] = known }
    return PushedSource(name: source.name, columns: columns)
  }

  var sourceNames: [String] { features.plan.sources.map(\.name) }

  func sourceNames(feeding name: String) -> Set<String> {
    var names: Set<String> = []
    for case .lookup(let lookup) in services[name]?.plan.stages ?? [] {
      for set in features.plan.sets where set.name == lookup.set { names.insert(set.source) }
    }
    return names
  }

  // MARK: What there is

  var catalog: JSON {
    [
      "version": .string(version),
      "entities": .array(
        definitions.entities.map {
          ["name": .string($0.name), "keys": .fields($0.keys), "about": $0.description.json]
        }),
      "sources": .array(
        definitions.sources.map {
          [
            "name": .string($0.name), "kind": .string($0.kind.rawValue),
            "columns": .fields($0.columns), "about": $0.description.json,
          ]
        }),
      "sets": .array(
        definitions.featureSets.map { set in
          [
            "name": .string(set.name), "entity": set.entity.map { .string($0) } ?? nil,
            "features": .fields(set.features.map { Field($0.name, $0.type) }),
            "about": set.description.json,
          ]
        }),
      "services": .array(
        definitions.services.map { service in
          [
            "name": .string(service.name), "keys": .fields(service.keys),
            "given": .fields(service.given),
            "features": .fields(service.items.map { Field($0.output, $0.type) }),
            "about": service.description.json,
          ]
        }),
    ]
  }

  func lineage(of name: String) throws(StoreRefusal) -> JSON? {
    try knownRecords.lineage(of: name)
  }

  func explanation(
    of feature: String, for question: FeatureQuestion
  ) throws(StoreRefusal) -> JSON {
    guard question.rowCount == 1, let plan = services[question.service.name]?.plan,
      let output = plan.outputs.firstIndex(where: { $0.name == feature })
    else { throw StoreRefusal(.unacceptable, "one value of one entity is explained at a time") }
    return try knownRecords.explanation(of: output, plan, for: question)
  }

  private var knownRecords: ProjectRecords {
    get throws(StoreRefusal) {
      guard let records else {
        throw StoreRefusal(.unavailable, "what is recorded of the project is not at hand")
      }
      return records
    }
  }
}

extension ServedService {
  /// A service as its plan has it.
  convenience init(_ plan: ServicePlan, _ reader: ServiceReader? = nil) {
    let values = plan.values
    self.init(
      name: plan.name, keys: plan.keys, given: plan.given,
      outputs: plan.outputs.map { output in
        let (set, feature) = values[output.value]
        return Output(Field(output.name, output.type), set: set, feature: feature)
      }, reader: reader)
  }
}

extension ServicePlan {
  /// The set and the feature that each numbered value is of.
  fileprivate var values: [(set: String, feature: String)] {
    stages.flatMap { stage in
      switch stage {
      case .lookup(let lookup): lookup.features.map { (lookup.set, $0.name) }
      case .computation(let computation):
        computation.features.map { (computation.set, $0.name) }
      }
    }
  }
}

extension JSON {
  fileprivate static func fields(_ fields: [Field]) -> JSON {
    .array(fields.map { ["name": .string($0.name), "type": .string("\($0.type)")] })
  }
}

extension Description {
  fileprivate var json: JSON {
    [
      "owner": owner.map { .string($0) } ?? nil, "text": about.map { .string($0) } ?? nil,
      "tags": .strings(tags),
    ]
  }
}
