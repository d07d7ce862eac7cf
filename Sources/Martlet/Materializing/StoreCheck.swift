public import MartletColumns
import MartletOffline
public import MartletRegistry

/// Compares every segment with what the registry says of it.
public struct StoreCheck: Sendable {
  /// How many segments were read, and their bytes.
  public private(set) var segmentCount = 0
  public private(set) var byteCount = 0

  /// What is wrong.
  public private(set) var problems: [Problem] = []

  /// Files among the segments that the registry does not know; the next run removes them.
  public private(set) var strangers: [String] = []

  /// How thoroughly segments are checked.
  public enum Depth: Sendable {
    /// Whether the files are there, as long as they were written.
    case sizes

    /// Whether the bytes are those that were written.
    case bytes

    /// And whether every page can be read.
    case pages
  }

  /// A segment that is not as it was written.
  public struct Problem: Sendable {
    /// The set that it is of, and what the registry calls it.
    public var set: String
    public var number: Int

    /// Whether the newest version of the data has it; else only older ones do.
    public var isCurrent: Bool

    /// What is wrong.
    public var words: String
  }

  /// Checks the segments of the store at `store`.
  public init(
    _ registry: Registry, store: String, _ depth: Depth = .bytes, checkpoint: () throws -> Void
  ) throws {
    var known: [String: Set<String>] = [:]
    for kept in try registry.keptSegments() {
      segmentCount += 1
      byteCount += kept.segment.byteCount
      known[kept.set, default: []].insert(kept.segment.name)
      let folder = SegmentFolder(of: kept.set, in: store)
      let facts = SegmentFacts(kept.segment)
      var problem: OfflineError?
      switch depth {
      case .sizes: problem = folder.checkSize(facts)
      case .bytes: problem = try folder.check(facts, checkpoint: checkpoint)
      case .pages:
        problem =
          try folder.check(facts, checkpoint: checkpoint)
          ?? folder.checkPages(facts, checkpoint: checkpoint)
      }
      if let problem {
        problems.append(
          Problem(
            set: kept.set, number: kept.segment.number, isCurrent: kept.isCurrent,
            words: "\(problem)"))
      }
    }
    for (set, names) in known.sorted(by: { $0.key < $1.key }) {
      for name in SegmentFolder(of: set, in: store).segmentNames where !names.contains(name) {
        strangers.append("\(set)/\(name).parquet")
      }
    }
  }

  /// Gives up the segments that are broken and that the newest version of the data does not have: what
  /// is left to do once the sets were made again. Returns how many those are.
  public static func giveUpBroken(
    _ registry: Registry, store: String, at moment: Instant, by author: String,
    checkpoint: () throws -> Void
  ) throws -> Int {
    let broken = try StoreCheck(registry, store: store, checkpoint: checkpoint).problems
    let numbers = broken.filter { !$0.isCurrent }.map(\.number)
    if !numbers.isEmpty {
      try registry.noteLost(numbers, at: moment, by: author)
    }
    return numbers.count
  }
}
