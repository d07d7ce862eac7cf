import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletOffline
import MartletOnline
import MartletPlan
import MartletRegistry
import MartletSources

extension Project {
  /// The project of a call, its definitions compiled; errors in them end the call.
  static func opened(of invocation: Invocation, threads: Int?) throws -> Project {
    let files = try DefinitionFiles.read(of: invocation, attempting: invocation.path.spelled)
    let definitions = try Definitions.compiled(files, for: invocation)
    return try Project(definitions, of: invocation, threads: threads)
  }

  /// A project of `definitions`, with a call's folders and threads.
  init(_ definitions: Definitions, of invocation: Invocation, threads: Int?) throws {
    let workers = threads.map { Workers(count: $0) } ?? .asManyAsProcessors
    let (interruption, rowsRead) = (invocation.interruption, invocation.rowsRead)
    do throws(SourceError) {
      try self.init(
        folder: invocation.settings.project.value ?? ".",
        store: invocation.settings.store.value ?? ".martlet", definitions,
        forEach: { workers.forEach($0, $1) }, checkpoint: { try interruption.check() },
        counting: { rowsRead.add($0) })
    } catch {
      throw CommandError(error)
    }
  }
}

extension Invocation {
  /// What `files` say under the settings of this call, with the zones that this machine knows.
  func compile(_ files: TextFiles) -> Checked<MartletLanguage.Program> {
    MartletLanguage.compile(files, knowing: ZoneFiles.names, overriding: settings.overrides)
  }
}

extension Definitions {
  /// What `files` say; errors in them end the call.
  static func compiled(
    _ files: TextFiles, for invocation: Invocation
  ) throws(CommandError) -> Definitions {
    let program = invocation.compile(files)
    let errorCount = program.findings.count { $0.severity == .error }
    if errorCount == 0 { return program.value.definitions }
    throw CommandError(
      exit: .no, attempt: invocation.path.spelled,
      reason: "the definitions have \(count(errorCount, "error"))",
      help: ["`martlet check` shows what is wrong"])
  }
}

extension CommandError {
  /// A source that could not be read.
  init(_ error: SourceError) {
    self = .failed(error.attempt, "\(error.reason)")
    if case .otherColumns = error.reason {
      help.append("`martlet describe FILE` writes the columns as the file has them")
    }
  }

  /// The online store could not do something; that a server owns it is told apart.
  init(_ error: OnlineError) {
    switch error.reason {
    case .heldByAnotherProcess:
      self = .busy(
        error.attempt, "\(error.reason)",
        help: "a run lets it go once it has loaded: `martlet runs list` shows what runs",
        "a server keeps it until it is ended; `martlet get` and `martlet push` ask it, once it has begun"
      )
    case .lostCommits, .damaged:
      self = .failed(
        error.attempt, "\(error.reason)",
        help: "`martlet doctor --repair` makes it anew, with every pushed row that can be read")
    default: self = .failed(error.attempt, "\(error.reason)")
    }
  }

  /// A draft that could not be computed. An expectation that failed is an answer: no.
  init(_ error: DraftError) {
    self = .failed(error.attempt, "\(error.reason)")
    if case .expectationFailed = error.reason { exit = .no }
  }
}

/// Runs `body`, what goes wrong in the project's data said as a command's error.
func withProjectErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as RunCancelled {
    throw CommandError(
      exit: .interrupted, attempt: "run \(error.run)", reason: "it was cancelled",
      help: ["everything is as it was; `martlet runs retry \(error.run)` does it after all"])
  } catch let error as SourceError {
    throw CommandError(error)
  } catch let error as DraftError {
    throw CommandError(error)
  } catch let error as OfflineError {
    throw CommandError.failed(error.attempt, "\(error.reason)")
  } catch let error as RegistryError {
    throw CommandError(error)
  } catch let error as OnlineError {
    throw CommandError(error)
  }
}

extension Talk {
  /// Says what a draft read, and what became of it.
  func say(_ report: DraftReport) {
    for set in report.sets {
      var parts = [
        "\(set.set): \(count(set.counts.read + set.dropped, "row")) of \(set.source)",
        "\(set.counts.kept) kept",
      ]
      let reasons = [
        ("not as expected", set.dropped), ("left out by `where`", set.counts.filtered),
        ("without a key", set.counts.withoutKey), ("without a time", set.counts.withoutTime),
      ]
      parts += reasons.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
      say(parts.joined(separator: ", "))
      if set.lag.lateCount > 0 {
        say(
          "  \(set.lag.lateCount) of them known later than they happened, by \(set.lag.longest.rounded)"
            + " at most: each is seen from then on")
      }
      for failure in set.failures where failure.rows > 0 {
        say("  \(count(failure.rows, "row")) not as expected: `\(failure.written)`")
      }
      for (reason, values) in set.counts.warnings.sorted {
        say("  \(count(values, "value")) null: \(reason)")
      }
    }
    for (reason, values) in report.warnings.sorted {
      say("computed features: \(count(values, "value")) null: \(reason)")
    }
  }
}

extension TimeLength {
  /// The same in the longest unit of which it has two, what is over left out.
  fileprivate var rounded: TimeLength {
    let units: [Int64] = [.day, .hour, .minute, .second]
    guard let unit = units.first(where: { microseconds >= 2 * $0 }) else { return self }
    return TimeLength(microseconds: microseconds - microseconds % unit)
  }
}
