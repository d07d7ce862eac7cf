import MartletAggregates
public import MartletColumns
import MartletEngine
public import MartletPlan

/// Reads a service for one entity at a time: what can be settled beforehand is.
///
/// A service that looks up one set is read straight from the bytes of the entity's value: of states
/// where there is one row, of events from pages and their states. Everything else takes the way of
/// `OnlineFeatures.answers`. All give the same.
public struct ServiceReader: Sendable {
  private let features: OnlineFeatures
  private let service: ServicePlan
  private let lookup: DirectLookup?
  private let lone: LoneReading?
  private let swept: SweptReading?

  init(_ features: OnlineFeatures, _ service: ServicePlan) {
    self.features = features
    self.service = service
    lookup = DirectLookup(service, features.plan)
    lone = lookup.flatMap { LoneReading($0) }
    swept = lookup.flatMap { SweptReading($0) }
  }

  /// What the service answers at `question`.
  ///
  /// - Parameters:
  ///   - keys: The entity's keys, in the order of the service's.
  ///   - given: The caller's values, in the order of the service's.
  public func row(
    keys: [Value], given: [Value] = [], at question: Instant
  ) throws(OnlineError) -> OnlineRow {
    if let lookup {
      let found = try lookup.row(keys, at: question, in: features.store) {
        (value, entity) throws(RowsError) in
        if let lone { return try lone.row(value, at: question) }
        return try swept?.row(value, of: entity, at: question)
      }
      if let found { return found }
    }
    return try slowRow(keys, given, question)
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

extension OnlineFeatures {
  /// A reader of `service`, one entity at a time.
  public func reader(of service: ServicePlan) -> ServiceReader { ServiceReader(self, service) }
}
