import Glibc

/// How the system's allocator is told to work.
///
/// The module `Glibc` leaves the allocator's header out, so the call is looked up by its name; where there is
/// none, memory is as it was.
enum Allocator {
  /// Gives blocks of `size` bytes and more back to the system when they are freed, and keeps what is
  /// smaller.
  ///
  /// By itself it learns from the first large block to keep all that follow, and a job that works with
  /// buffers of a row group's size, on several threads, comes to hold three times what it uses:
  /// converting ten million rows peaked at 390 MB, and peaks at 95 MB with this. Smaller ones it hands
  /// back as soon as 128 KiB of them lie at the end of its memory, and gets them anew, cleared page by
  /// page, for the next page of a file: a third of all time of reading one.
  ///
  /// A server does this with smaller ones: while what is loaded lies in a cache for long, a load's buffers
  /// beside it leave holes that nothing else fills.
  static func returnLargeBlocks(of size: Int32 = 2 << 20) {
    set(mmapThreshold, size)
    set(trimThreshold, 64 << 20)
  }

  /// Keeps all that is freed for what is asked for next.
  ///
  /// For a call whose memory is at its most near its end: every part of a join takes and frees the same
  /// buffers again, and to get them anew each time, cleared page by page, was a fifth of a snapshot's CPU.
  static func keepFreedBlocks() {
    set(mmapThreshold, 1 << 30)
    set(trimThreshold, 1 << 30)
    set(topPad, 64 << 20)
  }

  /// Has all threads share one arena; to be called before there is a second thread.
  ///
  /// With an arena each, what one thread has freed lies idle while the other asks for more, and the more
  /// rows a job has seen, the more lies so: materializing under a budget of 512 MB came to 416 MiB with
  /// 10 million rows and 490 with 100 million, and comes to 331 and 375 with this. It costs no time that
  /// could be measured, since a job's buffers are few and large.
  static func shareOneArena() { set(arenaLimit, 1) }

  private static let (trimThreshold, topPad): (Int32, Int32) = (-1, -2)
  private static let (mmapThreshold, arenaLimit): (Int32, Int32) = (-3, -8)

  private static func set(_ option: Int32, _ value: Int32) {
    typealias SetOption = @convention(c) (_ option: Int32, _ value: Int32) -> Int32
    guard let address = dlsym(nil, "mallopt") else { return }
    _ = unsafeBitCast(address, to: SetOption.self)(option, value)
  }
}
