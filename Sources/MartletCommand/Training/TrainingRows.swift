import Martlet
import MartletColumns
import MartletEngine
import MartletPlan
import MartletRegistry

/// Where a training set's features come from: the sources themselves, or what is stored of them.
enum TrainingRows {
  case draft(Draft)
  case stored(StoredData)

  /// The rows that a call asks for, the project that they are of, and who notes what is built of them,
  /// which is noted of stored ones alone.
  static func opened(
    of invocation: Invocation, isDraft: Bool, definitions: Int?, threads: Int?,
    data: (_ registry: Registry) throws -> Int?
  ) throws -> (project: Project, rows: TrainingRows, recorder: TrainingRecorder?) {
    Allocator.keepFreedBlocks()
    if isDraft {
      guard !invocation.namesData, definitions == nil else {
        throw CommandError.usage(
          invocation.path, "`--draft` reads the sources as they are, by the definitions as written",
          help: ["without it, what is stored is read in the version that is asked for"])
      }
      let project = try Project.opened(of: invocation, threads: threads)
      return (project, .draft(Draft(project, memory: invocation.memoryInBytes)), nil)
    }
    let (project, registry, version) = try Project.applied(
      of: invocation, version: definitions, threads: threads)
    let stored = try withProjectErrors {
      try StoredData(project, registry, at: try data(registry))
    }
    return (
      project, .stored(stored), TrainingRecorder(registry, version, stored, invocation)
    )
  }

  /// What `service` answers at `times`.
  func answers(
    of service: ServicePlan, at times: Column, by clock: AsOfClock,
    caller: (Field) throws -> Column
  ) throws -> (answers: ServiceAnswers, report: DraftReport) {
    switch self {
    case .draft(let draft): try draft.answers(of: service, at: times, by: clock, caller: caller)
    case .stored(let stored): try stored.answers(of: service, at: times, by: clock, caller: caller)
    }
  }

  /// The entities that `service` can be asked about and that have a row by `moment`, in the order of
  /// keys.
  func entities(of service: ServicePlan, at moment: Instant) throws -> [Column] {
    switch self {
    case .draft(let draft): try draft.entities(of: service, at: moment)
    case .stored(let stored): try stored.entities(of: service, at: moment)
    }
  }

  /// Files that what is stored does not know yet; none of a draft, which reads what is there.
  func waitingFiles(of service: ServicePlan) throws -> [WaitingFiles] {
    switch self {
    case .draft: []
    case .stored(let stored): try stored.waitingFiles(of: service)
    }
  }
}
