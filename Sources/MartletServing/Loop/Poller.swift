import CEpoll
import Glibc

/// Tells which sockets have something to do: Linux's epoll, level triggered.
///
/// Each is known by a key of the caller's; what is still wanted is told again and again, so that
/// nothing can be missed.
final class Poller {
  struct Interest: OptionSet, Equatable {
    let rawValue: UInt32
    static let input = Interest(rawValue: EPOLLIN.rawValue)
    static let output = Interest(rawValue: EPOLLOUT.rawValue)
  }

  /// Something to do.
  struct Event {
    var key: UInt64
    var canReceive: Bool
    var canSend: Bool

    /// Neither side can say anything any more.
    var isGone: Bool
  }

  private let number: Int32
  private let events: UnsafeMutableBufferPointer<epoll_event>

  /// As many events as are taken in one go.
  private static let mostEvents = 256

  init() throws(SocketError) {
    number = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard number >= 0 else { throw .last("starting to watch sockets") }
    events = .allocate(capacity: Self.mostEvents)
  }

  deinit {
    events.deallocate()
    close(number)
  }

  func add(_ socket: Int32, _ interest: Interest, key: UInt64) throws(SocketError) {
    guard martlet_epoll_set(number, EPOLL_CTL_ADD, socket, interest.rawValue, key) == 0 else {
      throw .last("watching a socket")
    }
  }

  /// The socket is watched already, so the system needs no memory and cannot refuse.
  func change(_ socket: Int32, to interest: Interest, key: UInt64) {
    _ = martlet_epoll_set(number, EPOLL_CTL_MOD, socket, interest.rawValue, key)
  }

  func remove(_ socket: Int32) {
    _ = martlet_epoll_set(number, EPOLL_CTL_DEL, socket, 0, 0)
  }

  /// Waits up to `milliseconds` and calls `body` with each event.
  func wait(milliseconds: Int32, _ body: (Event) -> Void) {
    let count = epoll_wait(number, events.baseAddress, Int32(events.count), milliseconds)
    guard count > 0 else { return }
    for index in 0..<Int(count) {
      let event = events[index]
      // An error or the caller's end is heard of by reading.
      let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
      body(
        Event(
          key: event.data.u64, canReceive: event.events & (EPOLLIN.rawValue | failed) != 0,
          canSend: event.events & (EPOLLOUT.rawValue | failed) != 0,
          isGone: event.events & failed != 0))
    }
  }
}
