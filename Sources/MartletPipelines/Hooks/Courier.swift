import MartletColumns
import MartletLanguage
import MartletRegistry
import Synchronization

/// Tells what hooks are to tell, one after the other, on a thread of its own.
final class Courier: Sendable {
  private let isUnderway = Atomic<Bool>(false)

  /// After so many attempts nobody will take it any more.
  private static let attemptLimit = 30

  /// Begins a round, where something is due and none is under way.
  func deliver(
    _ hooks: [Hook], from store: String, in folder: String, _ mailbox: Mailbox,
    clock: @escaping @Sendable () -> Instant
  ) {
    guard !isUnderway.exchange(true, ordering: .acquiring) else { return }
    let isStarted = startThread { [self] in
      defer { isUnderway.store(false, ordering: .releasing) }
      do {
        let registry = try Registry(at: "\(store)/registry.sqlite")
        for delivery in try registry.dueDeliveries(at: clock()) {
          try registry.update(told(delivery, hooks, folder, mailbox, clock))
        }
      } catch {
        mailbox.put(.trouble("telling what hooks are to tell: \(error)"))
      }
    }
    if !isStarted { isUnderway.store(false, ordering: .releasing) }
  }

  /// Whether a round is under way.
  var isBusy: Bool { isUnderway.load(ordering: .acquiring) }

  private func told(
    _ delivery: DeliveryRecord, _ hooks: [Hook], _ folder: String, _ mailbox: Mailbox,
    _ clock: () -> Instant
  ) -> DeliveryRecord {
    var delivery = delivery
    guard let hook = hooks.first(where: { $0.name == delivery.hook }) else {
      delivery.state = .givenUp
      delivery.words = "there is no such hook any more"
      delivery.endedAt = clock()
      return delivery
    }
    delivery.attempts += 1
    let trouble = HookAction(folder: folder).tell(
      hook.actions, key: delivery.key, event: delivery.event, body: delivery.body)
    let now = clock()
    guard let trouble else {
      delivery.state = .delivered
      delivery.words = ""
      delivery.endedAt = now
      return delivery
    }
    delivery.words = trouble
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
