import MartletColumns
import MartletLanguage

extension Registry {
  /// Records `set`, and gives its number.
  public func record(_ set: TrainingSetRecord) throws(RegistryError) -> Int {
    let attempt = "recording a training set"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      let last = try connection.number("SELECT max(number) FROM training_sets", attempting: attempt)
      let number = (last ?? 0) + 1
      try connection.rows(
        "INSERT INTO training_sets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .int(number), .text(set.kind.rawValue), .text(set.service), .int(Int64(set.version)),
          .int(Int64(set.data)), .int(set.createdAt.microseconds), .text(set.author),
          .text(set.options), .text(set.spine), .bytes(set.spineContent), .text(set.path),
          .bytes(set.content), .int(Int64(set.rowCount)), .text(set.report),
        ], attempting: attempt)
      for name in set.sets {
        try connection.rows(
          "INSERT INTO training_set_sets VALUES (?, ?, ?)",
          [.int(number), .text(name.name), .bytes(name.layout.bytes)], attempting: attempt)
      }
      try log("train", "training set \(number)", at: set.createdAt, by: set.author)
      return Int(number)
    }
  }

  /// The training sets, the newest first.
  public func trainingSets() throws(RegistryError) -> [TrainingSetRecord] {
    let attempt = "listing the training sets"
    var sets: [TrainingSetRecord] = []
    try connection.rows(
      """
      SELECT number, kind, service, version, data, created_at, author, options, spine,
        spine_content, path, content, rows, report
      FROM training_sets ORDER BY number DESC
      """, attempting: attempt
    ) { (row) throws(RegistryError) in
      guard let kind = TrainingSetRecord.Kind(rawValue: row.text(1)) else {
        throw RegistryError(
          attempt: attempt, reason: .damaged("there is no kind of training set `\(row.text(1))`"))
      }
      var set = TrainingSetRecord(
        kind: kind, service: row.text(2), version: Int(row.int(3)), data: Int(row.int(4)),
        createdAt: Instant(microseconds: row.int(5)), author: row.text(6), options: row.text(7),
        spine: row.text(8), spineContent: row.bytes(9), path: row.text(10),
        content: row.bytes(11), rowCount: Int(row.int(12)), report: row.text(13), sets: [])
      set.number = Int(row.int(0))
      sets.append(set)
    }
    for index in sets.indices {
      try connection.rows(
        "SELECT set_name, layout FROM training_set_sets WHERE training_set = ? ORDER BY set_name",
        [.int(Int64(sets[index].number))], attempting: attempt
      ) { (row) throws(RegistryError) in
        sets[index].sets.append(SetName(row.text(0), layout: Identity(bytes: row.bytes(1))))
      }
    }
    return sets
  }
}
