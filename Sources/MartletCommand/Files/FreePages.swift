import Glibc

/// Whole pages that lie free between blocks in use, returned to the system as a server grows.
///
/// What a server holds in its caches was taken by one thread and is given up by another, each with an
/// arena of its own: after six million pushed rows 316 MB of 552 lay free, kept for nobody. To look
/// through the arenas takes some milliseconds, in which threads that want a block wait; so a server that
/// is only asked, and does not grow, is left alone.
struct FreePages {
  /// It is worth a look when so much more is taken than after the last one.
  private static let growthInBytes = 32 << 20

  private var takenAtLast = Self.takenBytes

  /// Returns them, where much was taken since the last time.
  mutating func returnIfGrown() {
    guard Self.takenBytes - takenAtLast > Self.growthInBytes else { return }
    typealias Trim = @convention(c) (_ kept: Int) -> Int32
    // The module `Glibc` leaves the allocator's header out.
    guard let address = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(address, to: Trim.self)(0)
    takenAtLast = Self.takenBytes
  }

  /// The memory that the process has, by the second number of its `statm`; 0 where there is none.
  private static var takenBytes: Int {
    // Where it cannot be read, nothing is known to have grown.
    let numbers = (try? text(ofFile: "/proc/self/statm")) ?? ""
    let words = numbers.split(separator: " ")
    guard words.count > 1, let pages = Int(words[1]) else { return 0 }
    return pages &* sysconf(Int32(_SC_PAGESIZE))
  }
}
