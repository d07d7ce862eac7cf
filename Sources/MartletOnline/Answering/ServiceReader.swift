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

  private let desks = Seats<Desk>()

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
    try OnlineRow(keys).withLent { (keys) throws(OnlineError) in
      try OnlineRow(given).withLent { (given) throws(OnlineError) in
        try withRow(keys: keys, given: given, at: question) { $0 }
      }
    }
  }

  /// Calls `body` with what the service answers at `question`, which is good for the call.
  public func withRow<Result>(
    keys: UnsafeBufferPointer<OnlineRow.Lent>, given: UnsafeBufferPointer<OnlineRow.Lent>,
    at question: Instant, _ body: (borrowing OnlineRow) -> Result
  ) throws(OnlineError) -> Result {
    try desks.with(makeDesk) { (desk: inout Desk) throws(OnlineError) -> Result in
      try fill(&desk, keys: keys, given: given, at: question)
      return body(desk.row)
    }
  }

  /// A desk for `fill`, for one thread at a time.
  public func makeDesk() -> Desk { Desk(course) }

  /// Makes the desk's row what the service answers at `question`.
  public func fill(
    _ desk: inout Desk, keys: UnsafeBufferPointer<OnlineRow.Lent>,
    given: UnsafeBufferPointer<OnlineRow.Lent>, at question: Instant
  ) throws(OnlineError) {
    if let course, try fill(&desk, by: course, keys: keys, at: question) {
      course.finish(&desk.row, given: given, at: question)
    } else {
      desk.row = try slowRow(keys.map(\.value), given.map(\.value), question)
    }
  }

  // MARK: One lookup after the other

  /// Fills the slots of all lookups, from one point in the store's history; says `false` where it has to be
  /// answered the other way.
  private func fill(
    _ desk: inout Desk, by course: ServiceCourse, keys: UnsafeBufferPointer<OnlineRow.Lent>,
    at question: Instant
  ) throws(OnlineError) -> Bool {
    let store = features.store
    // One value is from one point in history by itself. For several, and for those in chapters, nobody may
    // write meanwhile.
    var needsStillness = course.lookups.count > 1
    while true {
      let changes = store.tableChanges
      if desk.changes != changes {
        let tables = store.tables
        desk.take(tables.catalog, changes: tables.changes, for: course)
      }
      desk.row.begin(course.slotCount)
      desk.row.commit = store.lastCommit
      let stillness = needsStillness ? store.engine.stillness : nil
      if needsStillness, stillness == nil { break }
      let outcome: Result<DirectLookup.Outcome, OnlineError>
      do throws(OnlineError) {
        outcome = .success(
          try fill(
            &desk, by: course, keys, from: store.engine, isStill: needsStillness, at: question))
      } catch { outcome = .failure(error) }
      if needsStillness, store.engine.stillness != stillness { break }
      // Had a table been removed meanwhile, the tables would have changed.
      guard store.tableChanges == desk.changes else { continue }
      switch try outcome.get() {
      case .filled: return true
      case .otherWay: return false
      case .isInChapters: needsStillness = true
      }
    }
    let view = try store.view()
    desk.take(view.catalog, changes: -1, for: course)
    desk.row.begin(course.slotCount)
    desk.row.commit = view.commit
    let outcome = try fill(
      &desk, by: course, keys, from: view.reader, isStill: true, at: question)
    return outcome == .filled
  }

  private func fill(
    _ desk: inout Desk, by course: ServiceCourse, _ keys: UnsafeBufferPointer<OnlineRow.Lent>,
    from reader: any KeyValueReader, isStill: Bool, at question: Instant
  ) throws(OnlineError) -> DirectLookup.Outcome {
    guard desk.hasTables, question.microseconds >= desk.horizon else { return .otherWay }
    for place in course.lookups.indices {
      let lookup = course.lookups[place]
      guard lookup.key(keys, in: desk.tables[place], &desk.key) else { return .otherWay }
      let outcome = try lookup.read(
        desk.key, by: reader, isStill: isStill, at: question, desk.sweeps[place], into: &desk.row)
      if outcome != .filled { return outcome }
    }
    return .filled
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
