public import MartletColumns
public import MartletDiagnostics
public import MartletEngine

/// What became of a run over one source.
public struct RunReport: Sendable {
  /// The run's number.
  public var run: Int

  /// The source.
  public var source: String

  /// The version of the data that it made; `nil` where nothing changed.
  public var data: Int?

  /// How long it took, in microseconds.
  public var took: Int64 = 0

  /// How many files were read, and their bytes.
  public var fileCount = 0
  public var byteCount = 0

  /// How many rows an expectation dropped, and how many were not as expected, by what was expected.
  public var dropped = 0
  public var failures: [(written: String, rows: Int)] = []

  /// What became of each set's rows.
  public var sets: [SetReport] = []

  /// What became of one set's rows.
  public struct SetReport: Sendable {
    /// The set.
    public var set: String

    /// Files that are new, changed and gone.
    public var newFiles = 0
    public var changedFiles = 0
    public var vanishedFiles = 0

    /// Whether everything was read again because the set is defined otherwise than before.
    public var isRebuilt = false

    /// What became of the rows offered.
    public var counts = RowCounts()

    /// Kept rows that are older than the newest that were known, in files that were not.
    public var late = 0

    /// Kept rows with a time after the run's beginning, and from before 1970.
    public var future = 0
    public var ancient = 0

    /// Kept rows that repeat the id of another of the run.
    public var repeats = 0

    /// The segments that were written, and their bytes.
    public var segmentCount = 0
    public var byteCount = 0

    /// The earliest and the latest time of a kept row.
    public var span: ClosedRange<Instant>?
  }
}

extension RunReport {
  /// The report as JSON, as the registry keeps it.
  public var json: JSON {
    [
      "run": .count(run), "source": .string(source), "data": data.map { .count($0) } ?? nil,
      "seconds": .double(Double(took) / 1_000_000), "files": .count(fileCount),
      "bytes": .count(byteCount), "dropped": .count(dropped),
      "failures": .object(failures.map { JSON.Member($0.written, .count($0.rows)) }),
      "sets": .array(sets.map(\.json)),
    ]
  }
}

extension RunReport.SetReport {
  /// The report as JSON.
  public var json: JSON {
    [
      "set": .string(set), "new_files": .count(newFiles), "changed_files": .count(changedFiles),
      "vanished_files": .count(vanishedFiles), "rebuilt": .bool(isRebuilt),
      "rows": [
        "read": .count(counts.read), "kept": .count(counts.kept),
        "filtered": .count(counts.filtered), "without_key": .count(counts.withoutKey),
        "without_time": .count(counts.withoutTime), "late": .count(late),
        "future": .count(future), "before_1970": .count(ancient), "repeats": .count(repeats),
      ],
      "warnings": .object(counts.warnings.sorted.map { JSON.Member($0.reason, .count($0.count)) }),
      "segments": .count(segmentCount), "bytes": .count(byteCount),
      "first": span.map { .string("\($0.lowerBound)") } ?? nil,
      "last": span.map { .string("\($0.upperBound)") } ?? nil,
    ]
  }
}
