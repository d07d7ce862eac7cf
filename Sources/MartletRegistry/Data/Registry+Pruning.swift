public import MartletColumns
import MartletLanguage

/// A segment that no version in use has any more.
public struct PrunableSegment: Hashable, Sendable {
  /// What the registry calls it.
  public let number: Int

  /// The set that it was of.
  public let set: String

  /// What it is called on disk, and how many bytes it has.
  public let name: String
  public let byteCount: Int

  /// Whether another segment that is still needed has the same bytes, and so the same name.
  public let sharesBytes: Bool
}

extension Registry {
  /// The segments that others took the place of before `moment` and that no training set needs.
  public func prunable(before moment: Instant) throws(RegistryError) -> [PrunableSegment] {
    var found: [PrunableSegment] = []
    try connection.rows(
      """
      WITH gone AS (
        SELECT s.number, s.set_name, s.name, s.bytes FROM segments s
        JOIN data_versions v ON v.number = s.removed
        WHERE s.pruned_at IS NULL AND v.at < ? AND NOT EXISTS (
          SELECT 1 FROM training_sets t JOIN training_set_sets u ON u.training_set = t.number
          WHERE u.set_name = s.set_name AND u.layout = s.layout
            AND t.data >= s.added AND t.data < s.removed))
      SELECT number, set_name, name, bytes, EXISTS (
        SELECT 1 FROM segments o WHERE o.set_name = gone.set_name AND o.name = gone.name
          AND o.pruned_at IS NULL AND o.number NOT IN (SELECT number FROM gone))
      FROM gone ORDER BY set_name, number
      """,
      [.int(moment.microseconds)], attempting: "looking for segments to prune"
    ) { (row) throws(RegistryError) in
      found.append(
        PrunableSegment(
          number: Int(row.int(0)), set: row.text(1), name: row.text(2),
          byteCount: Int(row.int(3)), sharesBytes: row.int(4) != 0))
    }
    return found
  }

  /// Notes that the bytes of `segments` are about to be given up.
  public func notePruned(
    _ segments: [PrunableSegment], at moment: Instant, by author: String
  ) throws(RegistryError) {
    try note(
      segments.map(\.number), "prune", "\(segments.count) segments", at: moment, by: author)
  }

  /// Notes that the segments numbered `numbers`, which only older versions of the data have, are lost.
  public func noteLost(
    _ numbers: [Int], at moment: Instant, by author: String
  ) throws(RegistryError) {
    try note(numbers, "repair", "\(numbers.count) segments lost", at: moment, by: author)
  }

  private func note(
    _ numbers: [Int], _ kind: String, _ words: String, at moment: Instant, by author: String
  ) throws(RegistryError) {
    let attempt = "recording what is given up"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      for number in numbers {
        try connection.rows(
          "UPDATE segments SET pruned_at = ? WHERE number = ? AND pruned_at IS NULL",
          [.int(moment.microseconds), .int(Int64(number))], attempting: attempt)
      }
      try log(kind, words, at: moment, by: author)
    }
  }

  /// How many segments that version `version` of the data had of `set` are pruned.
  public func prunedCount(of set: SetName, at version: Int) throws(RegistryError) -> Int {
    let count = try connection.number(
      """
      SELECT count(*) FROM segments WHERE set_name = ? AND layout = ? AND added <= ?
        AND (removed IS NULL OR removed > ?) AND pruned_at IS NOT NULL
      """,
      [
        .text(set.name), .bytes(set.layout.bytes), .int(Int64(version)), .int(Int64(version)),
      ], attempting: "looking for pruned segments")
    return Int(count ?? 0)
  }
}
