import Glibc

/// Turns at writing, one at a time, and one turn for all who wait for the same.
///
///     callers   a ──┐        b, c ──┐
///     turns         └─ serve a ─────┴─ serve b and c ─
///
/// Whoever comes while nobody writes, writes for all who wait at that moment: one sync for many.
///
/// `@unchecked Sendable`: `waiting`, `isTaken` and results are guarded by `mutex`.
final class Turns<Request, Answer>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var waiting: [Ticket] = []
  private var isTaken = false

  private final class Ticket {
    let request: Request
    var result: Result<Answer, OnlineError>?

    init(_ request: Request) { self.request = request }
  }

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(change, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(change)
    mutex.deallocate()
    change.deallocate()
  }

  /// Has `request` served together with those that wait beside it. `serve` gives a result for each.
  func submit(
    _ request: Request, serving serve: ([Request]) -> [Result<Answer, OnlineError>]
  ) throws(OnlineError) -> Answer {
    let ticket = Ticket(request)
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    waiting.append(ticket)
    while true {
      if let result = ticket.result { return try result.get() }
      guard !isTaken else {
        pthread_cond_wait(change, mutex)
        continue
      }
      let tickets = waiting
      waiting = []
      isTaken = true
      pthread_mutex_unlock(mutex)
      let results = serve(tickets.map(\.request))
      pthread_mutex_lock(mutex)
      isTaken = false
      for (ticket, result) in zip(tickets, results) { ticket.result = result }
      pthread_cond_broadcast(change)
    }
  }

  /// Runs `body` while nobody else writes.
  func alone<Result>(_ body: () throws(OnlineError) -> Result) throws(OnlineError) -> Result {
    pthread_mutex_lock(mutex)
    while isTaken { pthread_cond_wait(change, mutex) }
    isTaken = true
    pthread_mutex_unlock(mutex)
    defer {
      pthread_mutex_lock(mutex)
      isTaken = false
      pthread_cond_broadcast(change)
      pthread_mutex_unlock(mutex)
    }
    return try body()
  }
}
