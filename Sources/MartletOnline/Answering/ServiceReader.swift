import MartletAggregates
public import MartletColumns
import MartletEngine
public import MartletPlan

/// Reads a service for one entity at a time: what can be settled beforehand is.
///
/// Sets that are looked up by the caller's keys are read straight from the bytes of the entity's values: of
/// states where there is one row, of events from pages and their states. What is worked out is worked out
/// from those. Everything else takes the way of `OnlineFeatures.answers`. All give the same.
///
/// A class, as are the parts below: a request's way leads through them, and copies would count references.
public final class ServiceReader: Sendable {
  private let features: OnlineFeatures
  private let service: ServicePlan

  /// How the service is read; `nil` where it has to be answered the other way.
  private let course: ServiceCourse?

  init(_ features: OnlineFeatures, _ service: ServicePlan) {
    self.features = features
    self.service = service
    course = ServiceCourse(service, features.plan, zones: features.zones)
  }

  /// What the service answers at `question`.
  ///
  /// - Parameters:
  ///   - keys: The entity's keys, in the order of the service's.
  ///   - given: The caller's values, in the order of the service's.
  public func row(
    keys: [Value], given: [Value] = [], at question: Instant
  ) throws(OnlineError) -> OnlineRow {
    if let course {
      let found =
        course.isLone
        ? try loneRow(course.parts[0], keys, question)
        : try row(course, keys, given, question)
      if let found { return found }
    }
    return try slowRow(keys, given, question)
  }

  private func loneRow(
    _ part: ServiceCourse.Part, _ keys: [Value], _ question: Instant
  ) throws(OnlineError) -> OnlineRow? {
    try part.lookup.row(keys, at: question, in: features.store) {
      (value, entity) throws(RowsError) in try part.row(value, of: entity, at: question)
    }
  }

  /// The answer put together of what each part gives, all from one point in the store's history.
  private func row(
    _ course: ServiceCourse, _ keys: [Value], _ given: [Value], _ question: Instant
  ) throws(OnlineError) -> OnlineRow? {
    var commit: UInt64 = 0
    let found = try features.store.reading(1) { (view) throws(OnlineError) -> [OnlineRow]? in
      commit = view.commit
      var found: [OnlineRow] = []
      found.reserveCapacity(course.parts.count)
      for part in course.parts {
        let row = try part.lookup.row(keys, at: question, in: view) {
          (value, entity) throws(RowsError) in try part.row(value, of: entity, at: question)
        }
        guard let row else { return nil }
        found.append(row)
      }
      return found
    }
    guard let found else { return nil }
    var row = course.answer(found, given: given, at: question)
    row.commit = commit
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

extension OnlineFeatures {
  /// A reader of `service`, one entity at a time.
  public func reader(of service: ServicePlan) -> ServiceReader { ServiceReader(self, service) }
}
