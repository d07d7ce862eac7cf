import MartletColumns
import MartletEngine
import MartletPlan
import Synchronization

/// Answers questions about a project's sets and services from the rows that an origin gives: the same
/// way whether these come from sources or from the store.
struct Answering: Sendable {
  let project: Project
  let origin: any RowOrigin

  /// How many bytes may be taken for rows that lie in no order.
  var memory = Int.max

  /// What `service` answers at `times`.
  ///
  /// - Parameter caller: The column of a key or of a given value, a row for each of `times`.
  func answers(
    of service: ServicePlan, at times: Column, caller: (Field) throws -> Column
  ) throws -> (answers: ServiceAnswers, report: DraftReport) {
    var report = DraftReport()
    // Sets of one entity are asked the same questions.
    var asked: [[ServicePlan.Key]: Questions] = [:]
    let answers = try ServiceRun(service, zones: project.zones).answers(
      at: times, caller: caller
    ) { (lookup, keys) throws -> (SetAnswers, [Field]) in
      guard let set = project.plan.set(lookup.set) else {
        preconditionFailure("no set is called \(lookup.set)")
      }
      let questions =
        asked[lookup.keys]
        ?? Questions(keys: keys, times: times) { project.forEach($0, $1) }
      asked[lookup.keys] = questions
      return (try self.answers(of: set, questions, &report), set.features)
    }
    report.warnings.merge(answers.warnings)
    report.repeatCount = asked[service.keys.map { .caller($0.name) }]?.repeatCount
    return (answers, report)
  }

  /// What `set` answers for each of the first `limit` entities that have a row, as of `moment`.
  func preview(
    of set: SetPlan, at moment: Instant, limit: Int
  ) throws -> (entities: [Column], answers: SetAnswers, report: DraftReport) {
    var unused = DraftReport()
    let samples = try origin.read(set, &unused, into: EntitySample(set.keys, limit: limit)) {
      $0.add($1)
    }
    var entities = EntitySample(set.keys, limit: limit)
    for sample in samples { entities.merge(sample) }
    let keys = entities.columns
    let count = keys.first?.count ?? 0
    let times = Column(.time(Buffer(repeating: moment.microseconds, count: count)))
    var report = DraftReport()
    let answers = try answers(of: set, Questions(keys: keys, times: times), &report)
    return (keys, answers, report)
  }

  /// The entities that `service` can be asked about and that have a row by `moment`, a column for each
  /// of its keys.
  func entities(of service: ServicePlan, at moment: Instant) throws -> [Column] {
    var all: EntityCollector?
    for case .lookup(let lookup) in service.stages {
      let names = lookup.keys.map { key in
        if case .caller(let name) = key { name } else { "" }
      }
      guard let set = project.plan.set(lookup.set), !names.contains("") else { continue }
      guard names == service.keys.map(\.name) else {
        throw DraftError(
          attempt: "listing entities for `\(service.name)`", reason: .severalEntities)
      }
      for part in try origin.entities(of: set, service.keys, until: moment) {
        if all == nil { all = part } else { all?.merge(part) }
      }
    }
    guard let all else { return service.keys.map { .nulls(of: $0.type, count: 0) } }
    guard let entities = all.entities() else {
      throw DraftError(attempt: "listing entities for `\(service.name)`", reason: .tooMuchText)
    }
    return entities
  }

  /// What `set` answers to `questions`.
  func answers(
    of set: SetPlan, _ questions: Questions, _ report: inout DraftReport
  ) throws -> SetAnswers {
    let parts: [QuestionPart]
    let found: [PartAnswers]
    if let origin = try origin.clusteredRows(of: set) {
      // Of little there is one part, so that no page is read twice.
      let isLittle = origin.rowCount < Self.rowsPerPart / 4
      parts = questions.parts(
        isLittle ? 1 : origin.rowCount / Self.rowsPerPart + Self.leastParts)
      found = try clusteredAnswers(parts, origin, &report)
    } else {
      parts = questions.parts(Self.scatteredParts)
      found = try answersInPasses(of: set, questions, parts, &report)
    }
    do throws(JoinError) {
      return try SetAnswers.placed(found, of: set, questions) { project.forEach($0, $1) }
    } catch {
      throw DraftError(attempt: "joining `\(set.name)`", reason: .tooMuchText)
    }
  }

  /// As many rows as stay near the processor while they are joined, and are worth a thread's while.
  private static let rowsPerPart = 200_000

  /// More parts than threads, so that one slow part holds nobody up for long.
  private static let leastParts = 8

  /// Enough for their rows to be sorted near the processor, and few enough to deal a batch to.
  private static let scatteredParts = 64

  /// Reads each part's rows by themselves, and joins them at once.
  private func clusteredAnswers(
    _ parts: [QuestionPart], _ origin: any ClusteredOrigin, _ report: inout DraftReport
  ) throws -> [PartAnswers] {
    let outcomes = Outcomes<(PartAnswers, Int, KnownLag)>(count: parts.count)
    project.forEach(parts.count) { number in
      outcomes.set(number) {
        try project.checkpoint()
        let (rows, read) = try origin.rows(for: parts[number])
        let join = try PointInTimeJoin(rows)
        return (try join.answers(), read, join.lag)
      }
    }
    var facts = origin.facts
    var all: [PartAnswers] = []
    for (answers, read, lag) in try outcomes.all() {
      facts.lag.merge(lag)
      all.append(answers)
      facts.counts.read += read
      facts.counts.kept += read
    }
    // Two parts may read the page in which the one's rows end and the other's begin.
    facts.counts.read = min(facts.counts.read, origin.rowCount)
    facts.counts.kept = facts.counts.read
    report.sets.append(facts)
    return all
  }

  /// Answers as many parts at a time as have room in memory for their rows.
  ///
  ///     parts    a … f │ g … m │ n … z
  ///     reads    all     all     all          and keeps the rows of its parts
  ///
  /// To read again costs time that grows with the passes, and no room on a disk.
  private func answersInPasses(
    of set: SetPlan, _ questions: Questions, _ parts: [QuestionPart], _ report: inout DraftReport
  ) throws -> [PartAnswers] {
    // Rows lie there as they were read, once more by part, and beside the questions.
    let room = max(memory / 3, 1)
    let needed = memory == .max ? 0 : try origin.byteCount(of: set)
    let passes = max(min(needed / room + 1, parts.count), 1)
    let size = (parts.count + passes - 1) / passes
    var found = try scatteredAnswers(of: set, questions, Array(parts.prefix(size)), &report)
    for start in stride(from: size, to: parts.count, by: max(size, 1)) {
      // What there is to say of the rows was said when they were first read.
      var again = DraftReport()
      let part = Array(parts[start..<min(start + size, parts.count)])
      found += try scatteredAnswers(of: set, questions, part, &again)
      if let last = report.sets.indices.last, let more = again.sets.last {
        report.sets[last].lag.merge(more.lag)
      }
    }
    return found
  }

  /// Reads all rows, dealing them to the parts, and then joins part by part.
  private func scatteredAnswers(
    of set: SetPlan, _ questions: Questions, _ parts: [QuestionPart], _ report: inout DraftReport
  ) throws -> [PartAnswers] {
    var rows = ScatteredRows(set, questions, parts)
    for part in try origin.read(set, &report, into: rows, { $0.add($1) }) { rows.merge(part) }
    rows.shareTexts()
    let collectors = Slots(rows.collectors)
    rows = ScatteredRows(set, questions, [])
    let outcomes = Outcomes<(PartAnswers, KnownLag)>(count: parts.count)
    project.forEach(parts.count) { number in
      outcomes.set(number) {
        try project.checkpoint()
        let join = try PointInTimeJoin(collectors.take(number))
        return (try join.answers(), join.lag)
      }
    }
    let found = try outcomes.all()
    if let last = report.sets.indices.last {
      for (_, lag) in found { report.sets[last].lag.merge(lag) }
    }
    return found.map { $0.0 }
  }
}

/// Values that are each taken once, from any thread, and held no longer.
private final class Slots<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  init(_ values: [Value]) { self.values = Mutex(values) }

  func take(_ number: Int) -> Value {
    values.withLock { values in
      guard let value = values[number] else { preconditionFailure("slot \(number) is taken") }
      values[number] = nil
      return value
    }
  }
}
