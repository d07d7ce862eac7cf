public import MartletColumns
import MartletDiagnostics

/// Files that are to be read again, in pieces of which each is a run of its own.
public struct BackfillRecord: Hashable, Sendable {
  /// 1, 2, 3 …
  public let number: Int

  /// The set, and the times of the rows that it is about; the end is not among them.
  public let set: String
  public let range: Range<Instant>

  /// When and by whom it was begun.
  public let startedAt: Instant
  public let author: String

  /// The pieces, each with its files, and with its run once it is done.
  public internal(set) var pieces: [Piece]

  /// Files that are read together.
  public struct Piece: Hashable, Sendable {
    public let files: [String]
    public let run: Int?
  }
}

extension Registry {
  /// The backfill of `set` over `range` that has begun and not ended; `nil` where there is none.
  public func unfinishedBackfill(
    of set: String, over range: Range<Instant>
  ) throws(RegistryError) -> BackfillRecord? {
    let attempt = "looking for a backfill of `\(set)`"
    var found: BackfillRecord?
    try connection.rows(
      """
      SELECT number, started_at, author FROM backfills
      WHERE set_name = ? AND first_time = ? AND end_time = ? AND ended_at IS NULL
      ORDER BY number DESC LIMIT 1
      """,
      [
        .text(set), .int(range.lowerBound.microseconds), .int(range.upperBound.microseconds),
      ], attempting: attempt
    ) { (row) throws(RegistryError) in
      found = BackfillRecord(
        number: Int(row.int(0)), set: set, range: range,
        startedAt: Instant(microseconds: row.int(1)), author: row.text(2), pieces: [])
    }
    guard var record = found else { return nil }
    try connection.rows(
      "SELECT files, run FROM backfill_pieces WHERE backfill = ? ORDER BY place",
      [.int(Int64(record.number))], attempting: attempt
    ) { (row) throws(RegistryError) in
      // What could not be read was not written by us.
      guard case .array(let paths) = try? JSON(reading: row.text(0)) else {
        throw RegistryError(attempt: attempt, reason: .damaged("a list of files cannot be read"))
      }
      let files = paths.compactMap { if case .string(let path) = $0 { path } else { nil } }
      record.pieces.append(
        BackfillRecord.Piece(files: files, run: row.isNull(1) ? nil : Int(row.int(1))))
    }
    return record
  }

  /// Records that a backfill of `set` over `range` begins, in pieces of these files.
  public func beginBackfill(
    of set: String, over range: Range<Instant>, _ pieces: [[String]], at: Instant,
    by author: String
  ) throws(RegistryError) -> BackfillRecord {
    let attempt = "recording a backfill of `\(set)`"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      let last = try connection.number("SELECT max(number) FROM backfills", attempting: attempt)
      let number = (last ?? 0) + 1
      try connection.rows(
        "INSERT INTO backfills VALUES (?, ?, ?, ?, ?, NULL, ?)",
        [
          .int(number), .text(set), .int(range.lowerBound.microseconds),
          .int(range.upperBound.microseconds), .int(at.microseconds), .text(author),
        ], attempting: attempt)
      for (place, files) in pieces.enumerated() {
        try connection.rows(
          "INSERT INTO backfill_pieces VALUES (?, ?, ?, NULL)",
          [.int(number), .int(Int64(place)), .text(JSON.strings(files).text)], attempting: attempt)
      }
      try log("backfill", "\(set), \(pieces.count) pieces", at: at, by: author)
      return BackfillRecord(
        number: Int(number), set: set, range: range, startedAt: at, author: author,
        pieces: pieces.map { BackfillRecord.Piece(files: $0, run: nil) })
    }
  }

  /// Records that `run` did the piece at `place`, and the end of the backfill with its last.
  public func finishPiece(
    _ place: Int, of backfill: Int, run: Int, at: Instant
  ) throws(RegistryError) {
    let attempt = "recording a piece of backfill \(backfill)"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      try connection.rows(
        "UPDATE backfill_pieces SET run = ? WHERE backfill = ? AND place = ?",
        [.int(Int64(run)), .int(Int64(backfill)), .int(Int64(place))], attempting: attempt)
      try connection.rows(
        """
        UPDATE backfills SET ended_at = ?1 WHERE number = ?2 AND NOT EXISTS (
          SELECT 1 FROM backfill_pieces WHERE backfill = ?2 AND run IS NULL)
        """, [.int(at.microseconds), .int(Int64(backfill))], attempting: attempt)
    }
  }
}
