import Martlet
import MartletColumns
import MartletPlan
import MartletRegistry
import Synchronization

/// Looks now and then whether sources have files that their sets have not read, on a thread of its own.
///
/// What was read is what the registry says, so that nothing new is missed by who comes later. Files are
/// believed once two looks find them the same: one that is being written is not. Files over which a run was
/// given up are not offered again before they are others, or an hour has passed: nobody is alarmed about the
/// same every few seconds.
final class SourceWatch {
  /// The sets whose sources are watched.
  var sets: Set<String> = []

  private let mailbox: Mailbox
  private let pause: TimeLength
  private let state = Shared()
  private var next = Instant(microseconds: .min)

  private final class Shared: Sendable {
    let isLooking = Atomic<Bool>(false)
    let found = Mutex<[String: Set<FoundFile>]>([:])
    let givenUp = Mutex<[String: (files: Set<FoundFile>, until: Instant)]>([:])
  }

  init(_ mailbox: Mailbox, pause: TimeLength) {
    self.mailbox = mailbox
    self.pause = pause
  }

  /// A run of `set` was given up, over the files that were found last.
  func giveUp(_ set: String, at now: Instant) {
    guard let files = state.found.withLock({ $0[set] }) else { return }
    state.givenUp.withLock { $0[set] = (files, now.advanced(by: 3_600_000_000)) }
  }

  /// Begins a look, where one is due and none is under way.
  func look(_ project: Project, version: Int, author: String, at now: Instant) {
    guard !sets.isEmpty, now >= next else { return }
    guard !state.isLooking.exchange(true, ordering: .acquiring) else { return }
    next = now.advanced(by: pause.microseconds)
    let (sets, state, mailbox) = (sets, state, mailbox)
    let isStarted = startThread {
      defer { state.isLooking.store(false, ordering: .releasing) }
      do {
        let new = try Self.newData(for: sets, project, version, author, now, state)
        if !new.isEmpty { mailbox.put(.newData(new)) }
      } catch {
        mailbox.put(.trouble("looking for new data: \(error)"))
      }
    }
    if !isStarted { state.isLooking.store(false, ordering: .releasing) }
  }

  private static func newData(
    for sets: Set<String>, _ project: Project, _ version: Int, _ author: String, _ now: Instant,
    _ state: Shared
  ) throws -> [String] {
    let registry = try Registry(at: "\(project.store)/registry.sqlite")
    let materializer = Materializer(
      project, registry, version: version, by: author, clock: { now })
    var ready: [String] = []
    for (source, members) in materializer.groups(of: sets.sorted()) {
      for work in try materializer.plan(source, members, rebuild: false).sets {
        let files = Set(work.changes.new + work.changes.changed)
        let before = state.found.withLock { $0.updateValue(files, forKey: work.set.name) }
        let isSettled = before == files
        let isGivenUp = state.givenUp.withLock { givenUp in
          givenUp[work.set.name].map { $0.files == files && now < $0.until } ?? false
        }
        if !work.changes.isEmpty, isSettled, !isGivenUp { ready.append(work.set.name) }
      }
    }
    return ready
  }
}
