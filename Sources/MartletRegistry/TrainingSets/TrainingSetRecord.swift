public import MartletColumns

/// A training set that was built, and everything that it was built from.
public struct TrainingSetRecord: Hashable, Sendable {
  /// 1, 2, 3 …; 0 before it is recorded.
  public var number = 0

  /// Whether it answers a spine or is of every entity at one time.
  public var kind: Kind

  /// The service whose features it has.
  public var service: String

  /// The version of the definitions, and that of the data.
  public var version: Int
  public var data: Int

  /// When it was built, and by whom.
  public var createdAt: Instant
  public var author: String

  /// What was asked for, as JSON.
  public var options: String

  /// Where the spine was, and the SHA-256 of its bytes; empty of a snapshot.
  public var spine: String
  public var spineContent: [UInt8]

  /// Where it was written, and the SHA-256 of its bytes.
  public var path: String
  public var content: [UInt8]

  /// How many rows it has.
  public var rowCount: Int

  /// What is to be said of it, as JSON.
  public var report: String

  /// The sets whose rows it was built from.
  public var sets: [SetName]

  /// What a training set answers. The raw values are written to disk and never change.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case train, snapshot
  }

  /// A training set.
  public init(
    kind: Kind, service: String, version: Int, data: Int, createdAt: Instant, author: String,
    options: String, spine: String, spineContent: [UInt8], path: String, content: [UInt8],
    rowCount: Int, report: String, sets: [SetName]
  ) {
    self.kind = kind
    self.service = service
    self.version = version
    self.data = data
    self.createdAt = createdAt
    self.author = author
    self.options = options
    self.spine = spine
    self.spineContent = spineContent
    self.path = path
    self.content = content
    self.rowCount = rowCount
    self.report = report
    self.sets = sets
  }
}
