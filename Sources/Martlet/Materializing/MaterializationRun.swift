import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletOffline
import MartletPlan
import MartletRegistry
import MartletSources
import Synchronization

/// Carries out a plan: reads each file once, for all sets that want its rows, and seals segments.
///
///     files ──stretches──▶ judged ──each set──▶ kept, held ──▶ segments ──▶ one commit
///
/// Nothing of it is seen before the commit. Whatever ends the run before leaves everything as it was.
struct MaterializationRun {
  private let plan: MaterializationPlan
  private let project: Project
  private let run: Int
  private let limit: Int
  private let pieces: PieceCounter

  /// About as many rows as are worth a thread's while.
  private static let stretchRowCount = 250_000

  /// Stretches read before the next are begun: enough for all threads, few enough for the memory.
  private static let stretchesPerWave = 8

  /// A run numbered `run`, which takes about `memory` bytes.
  init(_ plan: MaterializationPlan, _ project: Project, run: Int, memory: Int) {
    self.plan = plan
    self.project = project
    self.run = run
    // Rows that are held, those of the stretches being read, the order of those that are put into
    // it, and what is encoded and decoded on the way: each takes about a quarter, and the allocator
    // some more.
    limit = max(memory / 5 / max(plan.sets.count, 1), 1 << 20)
    pieces = PieceCounter()
  }

  /// What is to be committed, its segments sealed.
  struct Outcome {
    var report: RunReport
    var files: [SourceFile]
    var sets: [SetGathering]
    var rejects: [RunCommit.Reject]
  }

  /// How many rows that were not as expected are kept of each rule.
  private static let rejectCount = 20

  /// Reads and seals everything.
  func work() throws -> Outcome {
    var report = RunReport(run: run, source: plan.source.name)
    report.fileCount = plan.reads.count
    report.byteCount = plan.reads.reduce(0) { $0 + $1.file.stamp.byteCount }
    report.failures = plan.source.expectations.map { ($0.written, 0) }
    var sets = plan.sets.map { work in
      SetGathering(
        work.set, zones: project.zones,
        newest: work.newest, replaced: plan.readAgain(by: work), now: plan.lookedAt,
        limit: limit)
    }
    let pieces = try stretches()
    let hashes = SourceHashes(plan.reads.map(\.file.location))
    let judge = RowJudge(plan.source, zones: project.zones)
    let seal = sealing(threads: true)
    let sealWithin = sealing(threads: false)
    var rejects = plan.source.expectations.map { _ in [RunCommit.Reject]() }
    var next = 0
    while next < pieces.count {
      let wave = Array(pieces[next..<min(next + Self.stretchesPerWave, pieces.count)])
      next += wave.count
      let outcomes = Outcomes<StretchOutcome>(count: wave.count)
      let empties = sets.map { $0.empty(oneOf: Self.stretchesPerWave) }
      let ends = hashedEnds(of: wave)
      let hashings = Outcomes<Void>(count: ends.count)
      project.forEach(ends.count + wave.count) { index in
        if index < ends.count {
          hashings.set(index) {
            try hashes.advance(
              ends[index].file, to: ends[index].end, checkpoint: project.checkpoint)
          }
        } else {
          outcomes.set(index - ends.count) {
            try read(wave[index - ends.count], judge, empties, sealWithin)
          }
        }
      }
      _ = try hashings.all()
      for outcome in try outcomes.all() {
        report.dropped += outcome.dropped
        for (index, rows) in outcome.failures.enumerated() {
          report.failures[index].rows += rows
          rejects[index] += outcome.rejects[index].prefix(Self.rejectCount - rejects[index].count)
        }
        for (place, gathering) in outcome.sets { try sets[place].merge(gathering, seal) }
      }
    }
    try checkStamps()
    for place in sets.indices { try sets[place].seal(seal) }
    for (expectation, failed) in zip(plan.source.expectations, report.failures)
    where expectation.reaction == .fail && failed.rows > 0 {
      throw DraftError(
        attempt: "reading `\(plan.source.name)`",
        reason: .expectationFailed(written: expectation.written, rows: failed.rows))
    }
    try checkStamps()
    report.sets = zip(plan.sets, sets).map { work, gathering in
      var report = gathering.report
      report.newFiles = work.changes.new.count
      report.changedFiles = work.changes.changed.count
      report.vanishedFiles = work.changes.vanished.count
      report.isRebuilt = work.isRebuilt
      return report
    }
    return Outcome(
      report: report, files: files(hashes), sets: sets, rejects: Array(rejects.joined()))
  }

  /// A part of a file.
  private struct Piece: Sendable {
    var file: Int

    /// `nil` where there are too many files for all of them to be open.
    var source: (any RowSource)?
    var rows: Range<Int>
    var sets: [Int]

    /// About where its bytes end; for the last one, at least where the file does.
    var end: Int
  }

  /// The files that `wave` is of, each with the end of the bytes that go with the wave's rows.
  private func hashedEnds(of wave: [Piece]) -> [(file: Int, end: Int)] {
    var ends: [(file: Int, end: Int)] = []
    for piece in wave {
      if ends.last?.file == piece.file { ends.removeLast() }
      ends.append((piece.file, piece.end))
    }
    return ends
  }

  private struct StretchOutcome: Sendable {
    var dropped = 0
    var failures: [Int]
    var rejects: [[RunCommit.Reject]]
    var sets: [(place: Int, gathering: SetGathering)]
  }

  /// Files that stay open from the check of their columns until they are read. The system often allows
  /// a process a thousand.
  private static let mostOpenFiles = 256

  /// All files are opened, and their columns checked, before a row of any is used.
  private func stretches() throws -> [Piece] {
    var pieces: [Piece] = []
    for (number, read) in plan.reads.enumerated() {
      let file = try open(number)
      var ranges = file.stretches(of: Self.stretchRowCount)
      if ranges.isEmpty { ranges = [0..<0] }
      let share = read.file.stamp.byteCount / ranges.count
      for (place, rows) in ranges.enumerated() {
        let isLast = place == ranges.count - 1
        pieces.append(
          Piece(
            file: number, source: number < Self.mostOpenFiles ? file : nil, rows: rows,
            sets: read.sets, end: isLast ? .max : share * (place + 1)))
      }
    }
    return pieces
  }

  /// The file numbered `number`, which is to have the declared columns.
  private func open(_ number: Int) throws -> any RowSource {
    guard let source = project.definitions.source(plan.source.name), let columns = neededColumns
    else { preconditionFailure("no source is called \(plan.source.name)") }
    var zone = ZoneRules.utc
    if let name = source.zone { zone = try project.zones[name] ?? ZoneFiles.rules(of: name) }
    return try plan.reads[number].file.open(declared: columns, zone: zone)
  }

  /// The declared columns that a set or an expectation reads.
  private var neededColumns: Schema? {
    let needed = Swift.Set(
      plan.sets.flatMap(\.set.rows.calculation.columns) + plan.source.calculation.columns)
    return Schema(plan.source.schema.fields.filter { needed.contains($0.name) })
  }

  private func read(
    _ piece: Piece, _ judge: RowJudge, _ empties: [SetGathering],
    _ seal: SetGathering.Seal
  ) throws -> StretchOutcome {
    var outcome = StretchOutcome(
      failures: plan.source.expectations.map { _ in 0 },
      rejects: plan.source.expectations.map { _ in [] },
      sets: piece.sets.map { ($0, empties[$0]) })
    let source = try piece.source ?? open(piece.file)
    try source.read(piece.rows) { batch in
      try project.hasRead(batch.rowCount)
      let (expected, verdict) = judge.judge(batch)
      outcome.dropped += verdict.dropped
      for (index, rows) in verdict.failures.enumerated() { outcome.failures[index] += rows }
      for (index, rows) in verdict.examples.enumerated()
      where outcome.rejects[index].count < Self.rejectCount {
        outcome.rejects[index] += rows.map { reject(batch, $0, index, piece) }
      }
      for index in outcome.sets.indices {
        try outcome.sets[index].gathering.add(expected, from: piece.file, seal)
      }
    }
    return outcome
  }

  private func reject(
    _ rows: Batch, _ row: Int, _ expectation: Int, _ piece: Piece
  ) -> RunCommit.Reject {
    let values = zip(rows.schema.fields, rows.columns).map { field, column in
      JSON.Member(field.name, column[row].json)
    }
    return RunCommit.Reject(
      source: plan.source.name, rule: plan.source.expectations[expectation].written,
      file: plan.reads[piece.file].file.path, row: JSON.object(values).text)
  }

  /// A file that was written while it was read may have given rows of neither its old content nor
  /// its new one.
  private func checkStamps() throws {
    for (file, _) in plan.reads where try FileStamp(of: file.location) != file.stamp {
      throw SourceError(
        attempt: "reading `\(file.path)`", reason: .refused("it was changed while it was read"))
    }
  }

  private func files(_ hashes: SourceHashes) -> [SourceFile] {
    zip(plan.reads, hashes.all).map { read, hash in
      SourceFile(
        path: read.file.path, byteCount: read.file.stamp.byteCount,
        modifiedAt: read.file.stamp.modifiedAt, content: hash)
    }
  }

  private func sealing(threads: Bool) -> SetGathering.Seal {
    let (project, run, pieces) = (project, run, pieces)
    return { set, rows in
      try project.checkpoint()
      let oneByOne: Project.ForEach = { count, body in for index in 0..<count { body(index) } }
      let forEach = threads ? project.forEach : oneByOne
      guard let ordered = rows.finish(forEach: { forEach($0, $1) }) else {
        throw OfflineError(attempt: "clustering `\(set.name)`", reason: .tooMuchText)
      }
      try project.checkpoint()
      var writer = try SegmentWriter(
        set, in: SegmentFolder(of: set.name, in: project.store), run: run, piece: pieces.next(),
        forEach: { forEach($0, $1) })
      var start = 0
      while start < ordered.count {
        try project.checkpoint()
        let end = min(start + SegmentWriter.rowsPerGroup, ordered.count)
        try writer.append(ordered.rows(in: start..<end) { forEach($0, $1) })
        start = end
      }
      return (try writer.seal(repeatCount: ordered.repeatCount), ordered.files)
    }
  }
}

/// Numbers for the pieces of a run.
private final class PieceCounter: Sendable {
  private let last = Atomic<Int>(0)

  func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}
