import Glibc
import Synchronization

/// Loops behind one listening socket, each on a thread of its own.
final class NetworkServer: Sendable {
  /// Where it listens; the port is the one it got.
  let address: ListenAddress
  let counters = ConnectionCounters()
  let workers: Workers
  private let mailboxes: [Mailbox]
  private let threads: Mutex<[LoopThread]>

  /// Listens, and answers from now on.
  init(
    at wanted: ListenAddress, _ settings: ServerSettings, handler: any RequestHandler
  ) throws(SocketError) {
    let (socket, address) = try wanted.listen()
    self.address = address
    workers = try Workers(count: settings.workerCount, queueLimit: settings.workerQueueLimit)
    let count = settings.loopCount ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var mailboxes: [Mailbox] = []
    for _ in 0..<count { mailboxes.append(try Mailbox()) }
    self.mailboxes = mailboxes
    let door = Door(
      socket, to: mailboxes, limit: settings.connectionLimit, counters: counters)

    var threads: [LoopThread] = []
    for (index, mailbox) in mailboxes.enumerated() {
      let loop = try EventLoop(
        mailbox, door: index == 0 ? door : nil, handler: handler, workers: workers,
        settings: settings, counters: counters)
      let handedOver = HandedOver(loop)
      threads.append(try LoopThread(named: "serve-loop-\(index)") { handedOver.value.run() })
    }
    self.threads = Mutex(threads)
  }

  /// Lets nobody in any more and finishes what has begun, for `seconds` at most; returns at once.
  func drain(seconds: Double) {
    let end = Double(Clock.nanoseconds) / 1e9 + seconds
    for mailbox in mailboxes { mailbox.post(.drain(until: end)) }
  }

  /// Returns when all loops have ended.
  func wait() {
    let ending = threads.withLock { threads in exchange(&threads, with: []) }
    for thread in ending { thread.join() }
    workers.finish()
  }
}

/// A value made on one thread and used on one other.
private struct HandedOver<Value>: @unchecked Sendable {
  // Sendable because whoever makes it does not touch the value any more.
  let value: Value
  init(_ value: Value) { self.value = value }
}
