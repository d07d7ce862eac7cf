import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletRegistry

/// What hooks are to tell of what happened: a function of both.
struct HookOccasions {
  private let hooks: [Hook]

  /// The stored sets of each service.
  private let setsOfServices: [(service: String, sets: [String])]

  /// For how long values of each set are promised to be fresh.
  private let promises: [String: TimeLength]

  init(_ definitions: Definitions) {
    hooks = definitions.hooks
    setsOfServices = definitions.services.map { ($0.name, definitions.storedSets(of: $0)) }
    var promises: [String: TimeLength] = [:]
    for set in definitions.featureSets where set.isStored {
      if let fresh = set.fresh { promises[set.name] = fresh }
    }
    for service in definitions.services {
      guard let fresh = service.fresh else { continue }
      for set in definitions.storedSets(of: service) {
        promises[set] = min(promises[set] ?? fresh, fresh)
      }
    }
    self.promises = promises
  }

  var isEmpty: Bool { hooks.isEmpty }

  /// The sets whose freshness is promised to somebody who wants to be told.
  var promisedSets: [String] {
    let isWanted = hooks.contains { $0.events.contains(.stale) }
    return isWanted ? promises.keys.sorted() : []
  }

  /// The services of whose fresh data somebody wants to be told, each with its sets.
  var awaitedServices: [(service: String, sets: [String])] {
    let isWanted = hooks.contains { $0.events.contains(.fresh) }
    return isWanted ? setsOfServices.filter { !$0.sets.isEmpty } : []
  }

  /// What to tell of a tick that ended; its run found `rejected` rows not to be as expected.
  func deliveries(of tick: TickRecord, rejected: Int, at now: Instant) -> [DeliveryRecord] {
    guard tick.endedAt != nil else { return [] }
    return hooks.filter { isAbout($0, set: tick.set) }.flatMap { hook in
      hook.events.compactMap { event -> DeliveryRecord? in
        var facts: [JSON.Member] = [
          .init("set", .string(tick.set)), .init("due", .string("\(tick.due)")),
          .init("run", tick.run.map { .count($0) } ?? nil),
        ]
        switch event {
        case .success: guard tick.state == .done else { return nil }
        case .failure:
          guard tick.state == .failed else { return nil }
          facts.append(.init("error", .string(tick.words)))
        case .rejects(let limit):
          guard tick.state == .done, rejected > limit else { return nil }
          facts.append(.init("rejected", .count(rejected)))
        case .stale, .fresh: return nil
        }
        return delivery(hook, event.name, "\(tick.set)/\(tick.due.microseconds)", facts, at: now)
      }
    }
  }

  /// What to tell of `service`, all of whose sets are up to date with version `data` of the data.
  func deliveries(ofFresh service: String, data: Int, at now: Instant) -> [DeliveryRecord] {
    hooks.filter { hook in
      hook.events.contains(.fresh)
        && (hook.subjects.isEmpty || hook.subjects.contains(service)
          || hook.subjects.contains { setsOf(service).contains($0) })
    }.map { hook in
      delivery(
        hook, "fresh", "\(service)/\(data)",
        [.init("service", .string(service)), .init("data", .count(data))], at: now)
    }
  }

  /// What to tell of `set`, which was last read at `read`.
  func deliveries(ofStale set: String, read: Instant, at now: Instant) -> [DeliveryRecord] {
    guard let promise = promises[set], read.advanced(by: promise.microseconds) < now else {
      return []
    }
    return hooks.filter { $0.events.contains(.stale) && isAbout($0, set: set) }.map { hook in
      delivery(
        hook, "stale", "\(set)/\(read.microseconds)",
        [
          .init("set", .string(set)), .init("read_at", .string("\(read)")),
          .init("promised", .string("\(promise)")),
        ], at: now)
    }
  }

  /// What a hook is to tell by its own schedule.
  func delivery(ofTick due: Instant, of hook: Hook) -> DeliveryRecord {
    delivery(hook, "schedule", "\(due.microseconds)", [.init("due", .string("\(due)"))], at: due)
  }

  private func delivery(
    _ hook: Hook, _ event: String, _ what: String, _ facts: [JSON.Member], at now: Instant
  ) -> DeliveryRecord {
    let key = "\(hook.name)/\(event)/\(what)"
    let head: [JSON.Member] = [
      .init("key", .string(key)), .init("hook", .string(hook.name)), .init("event", .string(event)),
      .init("at", .string("\(now)")),
    ]
    return DeliveryRecord(
      key: key, hook: hook.name, event: event, body: JSON.object(head + facts).text, at: now)
  }

  private func setsOf(_ service: String) -> [String] {
    setsOfServices.first { $0.service == service }?.sets ?? []
  }

  private func isAbout(_ hook: Hook, set: String) -> Bool {
    hook.subjects.isEmpty || hook.subjects.contains(set)
      || hook.subjects.contains { setsOf($0).contains(set) }
  }
}

extension FeatureSet {
  var isStored: Bool { if case .stored = kind { true } else { false } }
}

extension Definitions {
  /// The sets with a source that `service` needs, also by way of computed ones.
  func storedSets(of service: Service) -> [String] {
    var pending = service.items.flatMap { item in
      [item.set]
        + item.keys.compactMap { if case .feature(let set, _) = $0 { set } else { nil } }
    }
    var seen: Set<String> = []
    var stored: Set<String> = []
    while let name = pending.popLast() {
      guard seen.insert(name).inserted, let set = featureSet(name) else { continue }
      if set.isStored {
        stored.insert(name)
      } else {
        let expressions = set.features.flatMap(\.computation.expressions) + set.locals.map(\.value)
        pending += expressions.flatMap(\.readFeatures).map(\.set)
      }
    }
    return stored.sorted()
  }
}
