public import MartletColumns
import MartletLanguage

extension Registry {
  /// The number of the newest version of the data; 0 while nothing is materialized.
  public func currentData() throws(RegistryError) -> Int {
    let number = try connection.number(
      "SELECT max(number) FROM data_versions", attempting: "looking for the newest data")
    return Int(number ?? 0)
  }

  /// The newest version of the data that was there at `moment`; 0 where there was none.
  public func data(asOf moment: Instant) throws(RegistryError) -> Int {
    let number = try connection.number(
      "SELECT max(number) FROM data_versions WHERE at <= ?", [.int(moment.microseconds)],
      attempting: "looking for the data of \(moment)")
    return Int(number ?? 0)
  }

  /// What `set` holds as of version `version` of the data.
  public func contents(
    of set: SetName, at version: Int
  ) throws(RegistryError) -> SetContents {
    let attempt = "looking for the segments of `\(set.name)`"
    let key: [SQLValue] = [.text(set.name), .bytes(set.layout.bytes)]
    let now = SQLValue.int(Int64(version))
    var contents = SetContents(segments: [], files: [])
    try connection.rows(
      """
      SELECT number, path, bytes, modified_at, content FROM set_files JOIN files ON number = file
      WHERE set_name = ? AND layout = ? AND added <= ? AND (removed IS NULL OR removed > ?)
      ORDER BY path, number
      """,
      key + [now, now], attempting: attempt
    ) { (row) throws(RegistryError) in contents.files.append(row.knownFile(from: 0)) }
    let alive = Set(contents.files.map(\.number))
    try connection.rows(
      """
      SELECT number, name, bytes, rows, entities, first_time, last_time, repeats FROM segments
      WHERE set_name = ? AND layout = ? AND added <= ? AND (removed IS NULL OR removed > ?)
      ORDER BY number
      """,
      key + [now, now], attempting: attempt
    ) { (row) throws(RegistryError) in
      var span: ClosedRange<Instant>?
      if !row.isNull(5), row.int(5) <= row.int(6) {
        span = Instant(microseconds: row.int(5))...Instant(microseconds: row.int(6))
      }
      var segment = SegmentRecord(
        name: row.text(1), byteCount: Int(row.int(2)), rowCount: Int(row.int(3)),
        entityCount: Int(row.int(4)), span: span, repeatCount: Int(row.int(7)))
      segment.number = Int(row.int(0))
      contents.segments.append(segment)
    }
    for index in contents.segments.indices {
      try connection.rows(
        """
        SELECT number, path, bytes, modified_at, content
        FROM segment_files JOIN files ON number = file WHERE segment = ? ORDER BY place
        """,
        [.int(Int64(contents.segments[index].number))], attempting: attempt
      ) { (row) throws(RegistryError) in
        contents.segments[index].files.append(row.knownFile(from: 0))
      }
      contents.segments[index].withdrawn = contents.segments[index].files.map {
        !alive.contains($0.number)
      }
    }
    return contents
  }

  /// The names of all segments of the set called `name` whose bytes are kept, in any layout.
  public func segmentNames(of name: String) throws(RegistryError) -> Set<String> {
    var names: Set<String> = []
    try connection.rows(
      "SELECT name FROM segments WHERE set_name = ? AND pruned_at IS NULL", [.text(name)],
      attempting: "looking for the segments of `\(name)`"
    ) { (row) throws(RegistryError) in names.insert(row.text(0)) }
    return names
  }

  /// All segments whose bytes are kept, each with its set's name; those of older versions among them.
  public func keptSegments() throws(RegistryError) -> [KeptSegment] {
    var found: [KeptSegment] = []
    try connection.rows(
      """
      SELECT set_name, number, name, bytes, rows, entities, repeats, removed IS NULL FROM segments
      WHERE pruned_at IS NULL ORDER BY set_name, number
      """, attempting: "listing the segments"
    ) { (row) throws(RegistryError) in
      var segment = SegmentRecord(
        name: row.text(2), byteCount: Int(row.int(3)), rowCount: Int(row.int(4)),
        entityCount: Int(row.int(5)), span: nil, repeatCount: Int(row.int(6)))
      segment.number = Int(row.int(1))
      found.append(KeptSegment(set: row.text(0), segment: segment, isCurrent: row.int(7) != 0))
    }
    return found
  }

  /// When the set called `name` was last brought up to date; `nil` where it never was.
  public func lastRead(of name: String) throws(RegistryError) -> SetRead? {
    var read: SetRead?
    try connection.rows(
      "SELECT layout, read_at, run FROM set_reads WHERE set_name = ?", [.text(name)],
      attempting: "looking for the last run of `\(name)`"
    ) { (row) throws(RegistryError) in
      read = SetRead(
        layout: Identity(bytes: row.bytes(0)), at: Instant(microseconds: row.int(1)),
        run: Int(row.int(2)))
    }
    return read
  }

  /// Notes that a file whose content is as it was bears another time.
  public func renewTime(of file: Int, to modifiedAt: Int64) throws(RegistryError) {
    try connection.rows(
      "UPDATE files SET modified_at = ? WHERE number = ?",
      [.int(modifiedAt), .int(Int64(file))], attempting: "recording a file")
  }

  /// The rows that run `run` found not to be as expected, as far as they were kept.
  public func rejects(of run: Int) throws(RegistryError) -> [RunCommit.Reject] {
    var rejects: [RunCommit.Reject] = []
    try connection.rows(
      "SELECT source, rule, file, row FROM rejects WHERE run = ? ORDER BY rowid",
      [.int(Int64(run))], attempting: "looking for rejected rows"
    ) { (row) throws(RegistryError) in
      rejects.append(
        RunCommit.Reject(
          source: row.text(0), rule: row.text(1), file: row.text(2), row: row.text(3)))
    }
    return rejects
  }
}

extension SQLRow {
  /// The file in five columns from `first` on.
  fileprivate func knownFile(from first: Int32) -> KnownFile {
    KnownFile(
      number: Int(int(first)),
      file: SourceFile(
        path: text(first + 1), byteCount: Int(int(first + 2)), modifiedAt: int(first + 3),
        content: bytes(first + 4)))
  }
}
