import MartletRegistry
import Synchronization

/// Somebody asked for the end of a run (`martlet runs cancel`); it leaves everything as it was.
public struct RunCancelled: Error, Hashable, CustomStringConvertible {
  /// The run.
  public let run: Int

  public var description: String { "run \(run) was cancelled" }
}

/// Looks, while a run works, whether somebody asked for its end: whoever began it, it ends at its next check.
///
/// Checks come from any thread and often; the registry is asked twice a second, by a connection of its own.
final class CancellationWatch: Sendable {
  private let run: Int
  private let registryPath: String
  private let looks = Mutex(Looks())

  private struct Looks {
    var registry: Registry?
    var next = ContinuousClock.now + pause
    static let pause = Duration.milliseconds(500)
  }

  init(_ run: Int, in store: String) {
    self.run = run
    registryPath = "\(store)/registry.sqlite"
  }

  /// Ends the run here, if somebody asked for it; who finds another thread looking goes on.
  func check() throws {
    let isCancelled = try looks.withLockIfAvailable { looks in
      guard ContinuousClock.now >= looks.next else { return false }
      let registry = try looks.registry ?? Registry(at: registryPath)
      looks.registry = registry
      looks.next = ContinuousClock.now + Looks.pause
      return try registry.cancellations().contains(run)
    }
    if isCancelled == true { throw RunCancelled(run: run) }
  }
}

extension Project {
  /// The same project, whose long work ends when somebody asks for the end of `run`.
  func ending(when run: Int) -> Project {
    let watch = CancellationWatch(run, in: store)
    return checking { [checkpoint] in
      try checkpoint()
      try watch.check()
    }
  }

  /// The last moment to end `run` without a trace.
  func lastCheckpoint(of run: Int, _ registry: Registry) throws {
    try checkpoint()
    if try registry.cancellations().contains(run) { throw RunCancelled(run: run) }
  }
}
