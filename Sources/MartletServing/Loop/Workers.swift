import Glibc
import Synchronization

/// Threads for what may wait for a disk, so that the loops never do.
///
/// The queue is bounded: what does not fit is refused at once, while there is still time to say so.
final class Workers: Sendable {
  typealias Job = @Sendable () -> Void

  private let queue: BoundedQueue
  private let threads: Mutex<[LoopThread]>

  init(count: Int, queueLimit: Int) throws(SocketError) {
    let queue = BoundedQueue(limit: queueLimit)
    self.queue = queue
    var threads: [LoopThread] = []
    for index in 0..<count {
      threads.append(
        try LoopThread(named: "serve-work-\(index)") { while let job = queue.take() { job() } })
    }
    self.threads = Mutex(threads)
  }

  /// Jobs that wait.
  var depth: Int { queue.depth }

  /// Runs `job` when a thread is free; `false` where too many wait already.
  func submit(_ job: @escaping Job) -> Bool { queue.add(job) }

  /// Does what waits, then ends the threads.
  func finish() {
    queue.end()
    let ending = threads.withLock { threads in exchange(&threads, with: []) }
    for thread in ending { thread.join() }
  }
}

/// Jobs in the order in which they came. `lock` guards all but itself and `arrived`.
private final class BoundedQueue: @unchecked Sendable {
  // Sendable because everything that changes is only touched under `lock`.
  private let lock: UnsafeMutablePointer<pthread_mutex_t> = .allocate(capacity: 1)
  private let arrived: UnsafeMutablePointer<pthread_cond_t> = .allocate(capacity: 1)
  private let limit: Int
  private var jobs: [Workers.Job?]
  private var first = 0
  private var count = 0
  private var hasEnded = false

  init(limit: Int) {
    self.limit = limit
    jobs = Array(repeating: nil, count: limit)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(arrived, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(arrived)
    lock.deallocate()
    arrived.deallocate()
  }

  var depth: Int {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return count
  }

  func add(_ job: @escaping Workers.Job) -> Bool {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard count < limit, !hasEnded else { return false }
    jobs[(first + count) % limit] = job
    count += 1
    pthread_cond_signal(arrived)
    return true
  }

  /// The next job, or `nil` when all are done and none will come.
  func take() -> Workers.Job? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while count == 0, !hasEnded { pthread_cond_wait(arrived, lock) }
    guard count > 0 else { return nil }
    let job = jobs[first]
    jobs[first] = nil
    first = (first + 1) % limit
    count -= 1
    return job
  }

  func end() {
    pthread_mutex_lock(lock)
    hasEnded = true
    pthread_cond_broadcast(arrived)
    pthread_mutex_unlock(lock)
  }
}
