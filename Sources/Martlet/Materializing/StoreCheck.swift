import MartletOffline
public import MartletRegistry

/// Compares every segment with what the registry says of it.
public struct StoreCheck: Sendable {
  /// How many segments were read, and their bytes.
  public private(set) var segmentCount = 0
  public private(set) var byteCount = 0

  /// What is wrong, each with the set that it concerns.
  public private(set) var problems: [(set: String, words: String)] = []

  /// Checks the segments of the store at `store`; those of `sets` alone, or all.
  public init(
    _ registry: Registry, store: String, sets: [String]? = nil, checkpoint: () throws -> Void
  ) throws {
    for (set, segment) in try registry.keptSegments() where sets?.contains(set) ?? true {
      segmentCount += 1
      byteCount += segment.byteCount
      let folder = SegmentFolder(of: set, in: store)
      if let problem = try folder.check(SegmentFacts(segment), checkpoint: checkpoint) {
        problems.append((set, "\(problem)"))
      }
    }
  }
}
