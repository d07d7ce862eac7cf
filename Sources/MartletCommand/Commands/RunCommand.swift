import Glibc
import Martlet
import MartletColumns
import MartletPipelines
import MartletRegistry

extension Command {
  /// `martlet run`
  static let run = Command(
    "run", "Keep the schedules: bring sets up to date when they are due.",
    about: """
      What is due is what the definitions that are applied say: `every`, `cron`, `on new data`. Several \
      may run; one of them leads, and when it ends or dies another takes over at once. A tick is run once, \
      by whoever leads. Ends on SIGTERM or Ctrl-C; what had begun is tried again by the next.
      """,
    flags: ScheduleFlags.all + [once, threads],
    examples: [
      Example("martlet run"), Example("martlet run --jobs 4 --time-limit 1h"),
      Example("martlet run --once", "What is due now, and no more, for cron:"),
    ],
    run: keepSchedules)
}

private let once = Flag.switch("once", "End when nothing is due any more.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads for a job; else one a processor.")

private func keepSchedules(_ invocation: Invocation) throws -> ExitCode {
  Allocator.returnLargeBlocks()
  let keeper = try ScheduleKeeper.opened(for: invocation, threads: invocation[threads])
  var idleSteps = 0
  while !invocation.interruption.isRequested {
    keeper.step()
    if invocation[once] {
      if !keeper.leads, keeper.isSettled {
        keeper.end { usleep(10_000) }
        throw CommandError.busy("keeping the schedules", "another process keeps them")
      }
      idleSteps = keeper.isIdle ? idleSteps + 1 : 0
      if idleSteps > 2 { break }
    }
    usleep(50_000)
  }
  keeper.end { usleep(10_000) }
  return keeper.failureCount > 0 && invocation[once] ? .no : .done
}

/// How schedules are kept, for `run` and for `serve --schedule`.
enum ScheduleFlags {
  static let jobs = Flag.value(
    "jobs", .int(in: 1...64), default: 2, "Run at most so many jobs at the same time.")
  static let attempts = Flag.value(
    "attempts", .int(in: 1...100), default: 5, "Try so often what may pass, then give the tick up.")
  static let backoff = Flag.value(
    "backoff", .length, default: TimeLength(microseconds: 10_000_000),
    "Wait about so long after a first failure, and twice as long after each further one.")
  static let timeLimit = Flag.optional(
    "time-limit", .length, "Stop a job that takes longer; that counts as a failure.")
  static let lease = Flag.value(
    "lease", .length, default: TimeLength(microseconds: 10_000_000),
    "Lead for so long at a time; a leader that hangs is replaced after it.")
  static let look = Flag.value(
    "look", .length, default: TimeLength(microseconds: 10_000_000),
    "Look so often for new files where sets are brought up to date on new data.")
  static let hookLimit = Flag.value(
    "hook-limit", .length, default: TimeLength(microseconds: 3_600_000_000),
    "End a hook's command that takes longer, and try it again.")
  static let all: [any AnyFlag] = [jobs, attempts, backoff, timeLimit, lease, look, hookLimit]
}

extension ScheduleKeeper {
  /// The keeper that a call asks for.
  static func opened(
    for invocation: Invocation, threads: Int?, isOnlineServed: Bool = false
  ) throws -> ScheduleKeeper {
    var host = utsname()
    uname(&host)
    let name = withUnsafeBytes(of: &host.nodename) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    var settings = ScheduleSettings(
      author: userName(), holder: "\(userName())@\(name), process \(getpid())")
    settings.policy.jobLimit = invocation[ScheduleFlags.jobs]
    settings.policy.attemptLimit = invocation[ScheduleFlags.attempts]
    settings.policy.firstPause = invocation[ScheduleFlags.backoff]
    settings.policy.timeLimit = invocation[ScheduleFlags.timeLimit]
    settings.lease = invocation[ScheduleFlags.lease]
    settings.lookPause = invocation[ScheduleFlags.look]
    settings.hookLimit = invocation[ScheduleFlags.hookLimit]
    settings.memory =
      invocation.settings.memoryInBytes.value.map { Int(clamping: $0) }
      ?? Machine.memoryInBytes / 4
    settings.isOnlineServed = isOnlineServed
    let (project, registry, version) = try Project.applied(of: invocation, threads: threads)
    var first: (project: Project, version: Int)? = (project, version)
    return try withProjectErrors {
      try ScheduleKeeper(
        settings, registry: registry, clock: { .now }, say: { invocation.talk.say($0) },
        open: {
          defer { first = nil }
          if let first { return first }
          let applied = try Project.applied(of: invocation, threads: threads)
          return (applied.project, applied.version)
        })
    }
  }
}
