import MartletAggregates
public import MartletColumns
import MartletEngine
public import MartletPlan

/// Reads a service for one entity at a time: what can be settled beforehand is.
///
/// A service that looks sets up by the caller's keys, and works nothing out, is read straight from the
/// bytes of the entity's values: of states where there is one row, of events from pages and their states.
/// Everything else takes the way of `OnlineFeatures.answers`. All give the same.
public struct ServiceReader: Sendable {
  private let features: OnlineFeatures
  private let service: ServicePlan

  /// The service's lookups; none where it has to be answered the other way.
  fileprivate let parts: [Part]

  /// For each output, the part that gives it and its place there.
  private let origins: [(part: Int, place: Int)]

  /// A lookup, and how its value is read.
  fileprivate struct Part {
    let lookup: DirectLookup
    let lone: LoneReading?
    let swept: SweptReading?

    init(_ lookup: DirectLookup) {
      self.lookup = lookup
      lone = LoneReading(lookup)
      swept = SweptReading(lookup)
    }

    func row(
      _ value: UnsafeRawBufferPointer?, of entity: EntityReader?, at question: Instant
    ) throws(RowsError) -> OnlineRow? {
      if let lone { return try lone.row(value, at: question) }
      return try swept?.row(value, of: entity, at: question)
    }
  }

  init(_ features: OnlineFeatures, _ service: ServicePlan) {
    self.features = features
    self.service = service
    let parts = Part.all(service, features.plan) ?? []
    var origins = Array(repeating: (part: 0, place: 0), count: service.outputs.count)
    for (number, part) in parts.enumerated() {
      for (place, output) in part.lookup.places.enumerated() { origins[output] = (number, place) }
    }
    self.parts = parts
    self.origins = origins
  }

  /// What the service answers at `question`.
  ///
  /// - Parameters:
  ///   - keys: The entity's keys, in the order of the service's.
  ///   - given: The caller's values, in the order of the service's.
  public func row(
    keys: [Value], given: [Value] = [], at question: Instant
  ) throws(OnlineError) -> OnlineRow {
    let found =
      parts.count == 1 ? try loneRow(keys, question) : try rowOfParts(keys, question)
    if let found { return found }
    return try slowRow(keys, given, question)
  }

  private func loneRow(_ keys: [Value], _ question: Instant) throws(OnlineError) -> OnlineRow? {
    let part = parts[0]
    return try part.lookup.row(keys, at: question, in: features.store) {
      (value, entity) throws(RowsError) in try part.row(value, of: entity, at: question)
    }
  }

  /// The answer put together of what each part gives, all from one point in the store's history.
  private func rowOfParts(_ keys: [Value], _ question: Instant) throws(OnlineError) -> OnlineRow? {
    if parts.isEmpty { return nil }
    let view = try features.store.view()
    var found: [OnlineRow] = []
    found.reserveCapacity(parts.count)
    for part in parts {
      let row = try part.lookup.row(keys, at: question, in: view) {
        (value, entity) throws(RowsError) in try part.row(value, of: entity, at: question)
      }
      guard let row else { return nil }
      found.append(row)
    }
    var row = OnlineRow(capacity: origins.count)
    for origin in origins { row.append(origin.place, of: found[origin.part]) }
    row.commit = view.commit
    return row
  }

  private func slowRow(
    _ keys: [Value], _ given: [Value], _ question: Instant
  ) throws(OnlineError) -> OnlineRow {
    let attempt = "reading `\(service.name)`"
    var columns: [String: Column] = [:]
    for (field, value) in zip(service.keys + service.given, keys + given) {
      guard let column = Column(field.type, [value]) else {
        throw OnlineError(attempt, .refused("`\(field.name)` is no \(field.type)"))
      }
      columns[field.name] = column
    }
    let times = Column(.time([question.microseconds]))
    let found = try features.answers(of: service, at: times, columns)
    var row = OnlineRow(capacity: service.outputs.count)
    for (column, statuses) in zip(found.answers.columns, found.answers.statuses) {
      row.append(column[0], statuses[0])
    }
    row.commit = found.commit
    return row
  }
}

extension ServiceReader.Part {
  /// A part for each of the service's lookups; `nil` where some value is of no lookup by the caller's keys.
  fileprivate static func all(_ service: ServicePlan, _ plan: Plan) -> [Self]? {
    var parts: [Self] = []
    var values = 0
    for stage in service.stages {
      guard case .lookup(let lookup) = stage,
        let direct = DirectLookup(lookup, givingValuesFrom: values, of: service, plan)
      else { return nil }
      parts.append(Self(direct))
      values += lookup.features.count
    }
    return parts
  }
}

extension OnlineFeatures {
  /// A reader of `service`, one entity at a time.
  public func reader(of service: ServicePlan) -> ServiceReader { ServiceReader(self, service) }
}
