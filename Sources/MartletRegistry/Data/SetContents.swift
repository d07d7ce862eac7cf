public import MartletColumns
public import MartletLanguage

/// A stored feature set, as it keeps its rows.
public struct SetName: Hashable, Sendable {
  /// What the set is called.
  public var name: String

  /// What it keeps of each row.
  public var layout: Identity

  /// The set called `name` with `layout`.
  public init(_ name: String, layout: Identity) {
    self.name = name
    self.layout = layout
  }
}

/// A segment that the registry knows.
public struct SegmentRecord: Hashable, Sendable {
  /// What the registry calls it; 0 before it is recorded.
  public var number = 0

  /// The SHA-256 of its bytes, in hexadecimal.
  public var name: String

  /// How many bytes and rows it has, and how many entities the rows are about.
  public var byteCount: Int
  public var rowCount: Int
  public var entityCount: Int

  /// The earliest and the latest time of a row.
  public var span: ClosedRange<Instant>?

  /// How many rows repeat an id.
  public var repeatCount: Int

  /// The files of its rows, by what the rows call them.
  public var files: [KnownFile] = []

  /// For each of `files`, whether its rows are to be seen no more.
  public var withdrawn: [Bool] = []

  /// A segment.
  public init(
    name: String, byteCount: Int, rowCount: Int, entityCount: Int, span: ClosedRange<Instant>?,
    repeatCount: Int
  ) {
    self.name = name
    self.byteCount = byteCount
    self.rowCount = rowCount
    self.entityCount = entityCount
    self.span = span
    self.repeatCount = repeatCount
  }
}

/// A segment whose bytes are kept.
public struct KeptSegment: Hashable, Sendable {
  /// The set that it is of.
  public var set: String

  /// The segment.
  public var segment: SegmentRecord

  /// Whether the newest version of the data has it.
  public var isCurrent: Bool
}

/// What a set holds as of one version of the data.
public struct SetContents: Hashable, Sendable {
  /// The segments, the oldest first.
  public var segments: [SegmentRecord]

  /// The files that count.
  public var files: [KnownFile]
}

/// When a set was last brought up to date.
public struct SetRead: Hashable, Sendable {
  /// What it keeps of each row.
  public var layout: Identity

  /// When its source was last looked through.
  public var at: Instant

  /// The run that did.
  public var run: Int
}
