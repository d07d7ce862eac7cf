import MartletAggregates
import MartletColumns
import MartletEngine
public import MartletPlan
public import MartletRegistry

/// Builds again offline what a service answered online, each answer at its moment, and compares them to the
/// bit.
///
///     file of lookups ──at, keys, given──▶ what is stored now ──same?──▶ done
///                                              │ no
///                                          what was stored when it was asked ──same?──▶ late rows
public struct LookupCheck {
  private let project: Project
  private let registry: Registry
  private let service: ServicePlan
  private let stored: StoredData
  private let limit: Int
  private let files: LookupFiles
  private let shape: LookupShape

  /// What was found so far.
  public private(set) var report: LookupReport

  /// A check of lookups of `service` that `version` of the definitions, those of `project`, answered.
  ///
  /// - Parameter limit: How many mismatches the report keeps.
  public init(
    _ project: Project, _ registry: Registry, _ service: ServicePlan, version: Int, limit: Int
  ) throws {
    self.project = project
    self.registry = registry
    self.service = service
    self.limit = limit
    stored = try StoredData(project, registry)
    files = LookupFiles(in: project.store)
    shape = LookupShape(
      service: service.name, version: "\(version)", keys: service.keys, given: service.given,
      outputs: service.outputs.map { Field($0.name, $0.type) })
    report = LookupReport(service.name, version: version)
  }

  /// Compares the lookups in `file`.
  public mutating func check(_ file: LookupFiles.File) throws {
    let lookups = Lookups(try files.read(file, shape), shape)
    var rows: [Int32] = []
    if !isWithinReach {
      report.beyondReach += lookups.count
    } else {
      for row in 0..<lookups.count {
        if isCaughtUp(with: lookups.askedAt(row)) {
          rows.append(Int32(row))
        } else {
          report.waiting += 1
        }
      }
    }
    guard !rows.isEmpty else { return }
    report.compared += rows.count
    let chosen = lookups.rows(rows)
    let answers = try answers(to: chosen, from: stored)
    let differing = (0..<chosen.count).filter { !chosen.isSame(as: answers, at: $0) }
    if differing.isEmpty { return }
    let causes = try causes(of: differing, in: chosen)
    for row in differing {
      let cause = causes[row] ?? .unexplained
      report.differing[cause, default: 0] += 1
      note(chosen, row, answers, cause)
    }
  }

  private func answers(to lookups: Lookups, from data: StoredData) throws -> ServiceAnswers {
    try data.answers(of: service, at: lookups.times) { field in
      lookups.column(of: field)
    }.answers
  }

  /// Whether every set that the service leans on is stored as this version defines it.
  private var isWithinReach: Bool {
    stored.sets(of: service).allSatisfy { stored.contents[$0.name] != nil }
  }

  /// Whether every set has been brought up to date since `moment`.
  private func isCaughtUp(with moment: Instant) -> Bool {
    stored.sets(of: service).allSatisfy { set in
      stored.reads[set.name].map { $0.at >= moment } ?? false
    }
  }

  private func causes(
    of rows: [Int], in lookups: Lookups
  ) throws -> [Int: LookupReport.Cause] {
    var byData: [Int: [Int]] = [:]
    for row in rows {
      byData[try registry.data(asOf: lookups.askedAt(row)), default: []].append(row)
    }
    var causes: [Int: LookupReport.Cause] = [:]
    for (data, rows) in byData.sorted(by: { $0.key < $1.key }) {
      let isNewest = data == stored.version
      for row in rows { causes[row] = isNewest ? .unexplained : .between }
      let chosen = lookups.rows(rows.map { Int32($0) })
      // A server takes in what a run has stored a moment after the run; until then it answers from
      // what was there before.
      for version in isNewest ? [data - 1] : [data, data - 1] where version > 0 {
        let then = try answers(to: chosen, from: StoredData(project, registry, at: version))
        for (place, row) in rows.enumerated() where chosen.isSame(as: then, at: place) {
          causes[row] = .late
        }
      }
    }
    return causes
  }

  private mutating func note(
    _ lookups: Lookups, _ row: Int, _ answers: ServiceAnswers, _ cause: LookupReport.Cause
  ) {
    for (place, output) in service.outputs.enumerated()
    where !lookups.isSame(as: answers, at: row, place) {
      report.mismatchCount += 1
      guard report.mismatches.count < limit else { continue }
      report.mismatches.append(
        LookupReport.Mismatch(
          feature: output.name,
          entity: service.keys.map { ($0.name, lookups.column(of: $0)[row]) },
          at: lookups.at(row),
          served: (lookups.value(row, place), lookups.status(row, place)),
          rebuilt: (answers.columns[place][row], "\(answers.statuses[place][row])"), cause: cause))
    }
  }
}

/// Lookups of one shape, side by side.
private struct Lookups {
  private let batch: Batch
  private let shape: LookupShape

  init(_ batch: Batch, _ shape: LookupShape) {
    self.batch = batch
    self.shape = shape
  }

  var count: Int { batch.rowCount }

  var times: Column { batch.columns[1] }

  func askedAt(_ row: Int) -> Instant { instant(batch.columns[0], row) }

  func at(_ row: Int) -> Instant { instant(batch.columns[1], row) }

  private func instant(_ column: Column, _ row: Int) -> Instant {
    if case .time(let instant) = column[row] { instant } else { Instant(microseconds: 0) }
  }

  func column(of field: Field) -> Column {
    let keys = 2
    if let place = shape.keys.firstIndex(of: field) { return batch.columns[keys + place] }
    guard let place = shape.given.firstIndex(of: field) else {
      preconditionFailure("`\(shape.service)` takes no `\(field.name)`")
    }
    return batch.columns[keys + shape.keys.count + place]
  }

  private var firstOutput: Int { 2 + shape.keys.count + shape.given.count }

  func value(_ row: Int, _ output: Int) -> Value { batch.columns[firstOutput + output][row] }

  private func letter(_ row: Int, _ output: Int) -> UInt8? {
    guard case .string(let letters) = batch.columns[firstOutput + shape.outputs.count][row] else {
      return nil
    }
    return Array(letters.utf8).dropFirst(output).first
  }

  func status(_ row: Int, _ output: Int) -> String {
    let letter = letter(row, output)
    return ValueStatus.allCases.first { $0.letter == letter }.map { "\($0)" } ?? "unknown"
  }

  func isSame(as answers: ServiceAnswers, at row: Int) -> Bool {
    shape.outputs.indices.allSatisfy { isSame(as: answers, at: row, $0) }
  }

  func isSame(as answers: ServiceAnswers, at row: Int, _ output: Int) -> Bool {
    letter(row, output) == answers.statuses[output][row].letter
      && value(row, output).hasSameBits(as: answers.columns[output][row])
  }

  func rows(_ rows: [Int32]) -> Lookups {
    if rows.count == count { return self }
    let numbers = Buffer(rows)
    return Lookups(
      Batch(
        batch.schema, batch.columns.map { $0.gathered(at: numbers.span) }, rowCount: rows.count),
      shape)
  }
}

extension Value {
  /// Whether both are the same to the last bit: of two zeros the sign tells, and every NaN is itself.
  fileprivate func hasSameBits(as other: Value) -> Bool {
    switch (self, other) {
    case (.double(let one), .double(let other)): one.bitPattern == other.bitPattern
    case (.vector(let one), .vector(let other)):
      one.map(\.bitPattern) == other.map(\.bitPattern)
    case (.list(let one), .list(let other)):
      one.count == other.count && zip(one, other).allSatisfy { $0.hasSameBits(as: $1) }
    default: self == other
    }
  }
}
