public import MartletColumns
import Synchronization

/// The serving log: one in so many lookups, kept as Parquet so that `martlet verify` can ask offline what
/// was answered online.
///
///     a loop ──wants? add──▶ memory, bounded ──flush, another thread──▶ lookups/SERVICE/….parquet
///
/// Who answers never waits for it. What finds no room is counted and left out.
public final class LookupLog: Sendable {
  /// How many lookups are kept: one in so many, of some services another share; 0 is none.
  public struct Rates: Sendable {
    public var everywhere: Int
    public var byService: [String: Int]

    /// One in `everywhere` lookups, but for `byService`.
    public init(everywhere: Int, byService: [String: Int] = [:]) {
      self.everywhere = everywhere
      self.byService = byService
    }
  }

  private struct Group {
    var shape: LookupShape
    var lookups: [ServedLookup] = []
  }

  private struct Waiting {
    var groups: [String: Group] = [:]
    var count = 0
    var surplus = 0
  }

  private let rates: Rates
  private let files: LookupFiles
  private let limitInBytes: Int
  private let counter = Atomic<Int>(0)
  private let waiting = Mutex(Waiting())

  /// Lookups that wait in memory at most.
  private static let room = 50_000

  /// As many are a file, and fewer once the oldest has waited for so long.
  private static let lookupsInFile = 20_000
  private static let longestWaitInMicroseconds: Int64 = 15_000_000

  /// A log of the store in `store` that takes at most `limitInBytes` of its disk.
  public init(in store: String, _ rates: Rates, limitInBytes: Int) {
    self.rates = rates
    self.limitInBytes = limitInBytes
    files = LookupFiles(in: store)
  }

  /// Whether the next lookup of `service` is to be kept; asked once for each.
  public func wants(_ service: String) -> Bool {
    let share = rates.byService[service] ?? rates.everywhere
    guard share > 1 else { return share == 1 }
    return counter.wrappingAdd(1, ordering: .relaxed).oldValue % share == 0
  }

  /// Takes lookups, on any thread, and returns at once.
  public func add(
    _ lookups: [ServedLookup], of service: String, version: String,
    _ shape: @autoclosure () -> LookupShape
  ) {
    waiting.withLock { waiting in
      guard waiting.count + lookups.count <= Self.room else {
        waiting.surplus += lookups.count
        return
      }
      waiting.count += lookups.count
      let key = "\(version) \(service)"
      var group = waiting.groups.removeValue(forKey: key) ?? Group(shape: shape())
      group.lookups += lookups
      waiting.groups[key] = group
    }
  }

  /// What is written when.
  public enum Flush: Sendable {
    /// What fills a file, or has waited for long enough.
    case whatIsDue(at: Instant)
    case everything
  }

  /// Writes what waits, and gives up the oldest files beyond the log's size.
  ///
  /// - Returns: How many lookups found no room since the last time.
  public func flush(_ flush: Flush) throws -> Int {
    let (due, surplus) = waiting.withLock { waiting in
      var due: [Group] = []
      for (key, group) in waiting.groups where Self.isDue(group, flush) {
        due.append(group)
        waiting.groups[key] = nil
        waiting.count -= group.lookups.count
      }
      let surplus = waiting.surplus
      waiting.surplus = 0
      return (due, surplus)
    }
    for group in due { try files.write(group.lookups, group.shape) }
    if !due.isEmpty { files.prune(to: limitInBytes) }
    return surplus
  }

  private static func isDue(_ group: Group, _ flush: Flush) -> Bool {
    guard case .whatIsDue(let now) = flush, let first = group.lookups.first else { return true }
    return group.lookups.count >= lookupsInFile
      || now.microseconds - first.askedAt.microseconds >= longestWaitInMicroseconds
  }
}
