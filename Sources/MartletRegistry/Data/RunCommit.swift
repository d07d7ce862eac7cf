public import MartletColumns

/// Everything that a run changes, recorded at once.
public struct RunCommit: Sendable {
  /// The run.
  public var run: Int

  /// When its sources were looked through.
  public var readAt: Instant

  /// Whether it looked at some files alone, so that its sets are as fresh as before.
  public var isPartial = false

  /// The files that it read and that were not known before.
  public var files: [SourceFile] = []

  /// What changes of each set.
  public var sets: [SetChange] = []

  /// Some of the rows that were not as expected.
  public var rejects: [Reject] = []

  /// What became of it, as JSON.
  public var report: String

  /// A change of `run`, whose sources were looked through at `readAt`.
  public init(run: Int, readAt: Instant, report: String) {
    self.run = run
    self.readAt = readAt
    self.report = report
  }

  /// What changes of one set.
  public struct SetChange: Sendable {
    /// The set.
    public var set: SetName

    /// The new segments, each with its files by their places.
    public var segments: [(record: SegmentRecord, files: [FileReference])] = []

    /// The files whose rows the set has from now on.
    public var added: [FileReference] = []

    /// The known files whose rows it has no longer.
    public var withdrawn: [Int] = []

    /// The segments that others take the place of.
    public var replaced: [Int] = []

    /// Whether what the set kept in another layout is given up.
    public var leavesOtherLayouts = false

    /// A change of `set`.
    public init(_ set: SetName) { self.set = set }
  }

  /// A file, known or new with this run.
  public enum FileReference: Hashable, Sendable {
    /// By its number in the registry.
    case known(Int)

    /// By its place among the run's files.
    case new(Int)
  }

  /// A row that was not as expected.
  public struct Reject: Hashable, Sendable {
    /// The source, the rule, the file and the row as JSON.
    public var source: String
    public var rule: String
    public var file: String
    public var row: String

    /// A row of `file` that was not as `rule` has it.
    public init(source: String, rule: String, file: String, row: String) {
      self.source = source
      self.rule = rule
      self.file = file
      self.row = row
    }
  }
}
