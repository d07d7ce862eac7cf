import MartletColumns
import MartletLanguage
import MartletRegistry
import Synchronization

/// Tells what hooks are to tell, on a thread for each that has something: who takes long delays no other, and
/// what one hook tells comes in its order.
final class Courier: Sendable {
  private let action: HookAction
  private let store: String
  private let mailbox: Mailbox
  private let clock: @Sendable () -> Instant
  private let underway = Mutex<Set<String>>([])
  private let isEnding = Atomic<Bool>(false)

  /// After so many attempts nobody will take it any more.
  private static let attemptLimit = 30

  /// A courier of what is to be told according to the registry in `store`.
  init(
    _ action: HookAction, store: String, _ mailbox: Mailbox,
    clock: @escaping @Sendable () -> Instant
  ) {
    self.action = action
    self.store = store
    self.mailbox = mailbox
    self.clock = clock
  }

  /// Whether something is being told.
  var isBusy: Bool { underway.withLock { !$0.isEmpty } }

  /// Has everything told that is due of the hooks called `names`, where that is not under way.
  func deliver(_ names: [String], by hooks: [Hook]) {
    for name in names {
      guard underway.withLock({ $0.insert(name).inserted }) else { continue }
      let hook = hooks.first { $0.name == name }
      let isStarted = startThread { [self] in
        defer { underway.withLock { _ = $0.remove(name) } }
        do { try work(of: name, hook) } catch {
          mailbox.put(.trouble("telling what hook \(name) is to tell: \(error)"))
        }
      }
      if !isStarted { underway.withLock { _ = $0.remove(name) } }
    }
  }

  /// Ends the commands under way, and begins nothing more. What they were to tell is told again by whoever
  /// keeps the schedules next.
  func end() { isEnding.store(true, ordering: .relaxed) }

  private func work(of name: String, _ hook: Hook?) throws {
    let registry = try Registry(at: "\(store)/registry.sqlite")
    while !isEnding.load(ordering: .relaxed),
      let delivery = try registry.dueDelivery(of: name, at: clock())
    {
      try registry.update(told(delivery, hook))
    }
  }

  private func told(_ delivery: DeliveryRecord, _ hook: Hook?) -> DeliveryRecord {
    var delivery = delivery
    guard let hook else {
      delivery.state = .givenUp
      delivery.words = "there is no such hook any more"
      delivery.endedAt = clock()
      return delivery
    }
    let trouble = action.tell(
      hook.actions, key: delivery.key, event: delivery.event, body: delivery.body,
      until: { isEnding.load(ordering: .relaxed) })
    delivery.words = trouble ?? ""
    // Nobody refused what was ended here: it is due as it was.
    if trouble != nil, isEnding.load(ordering: .relaxed) { return delivery }
    delivery.attempts += 1
    let now = clock()
    guard let trouble else {
      delivery.state = .delivered
      delivery.endedAt = now
      return delivery
    }
    if delivery.attempts >= Self.attemptLimit {
      delivery.state = .givenUp
      delivery.endedAt = now
    } else {
      let pause = SchedulePolicy().pause(
        afterFailure: delivery.attempts, of: delivery.key, due: delivery.at)
      delivery.notBefore = now.advanced(by: pause)
    }
    mailbox.put(.trouble("hook \(delivery.hook), \(delivery.event): \(trouble)"))
    return delivery
  }
}
