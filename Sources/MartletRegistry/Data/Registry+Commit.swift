public import MartletColumns
import MartletLanguage

extension Registry {
  /// Records everything that `change` says, and gives the version of the data that begins with it.
  public func commit(
    _ change: RunCommit, at: Instant, by author: String
  ) throws(RegistryError) -> Int {
    let attempt = "committing run \(change.run)"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      try finish(change.run, at: at, report: change.report, attempt)
      let last = try connection.number("SELECT max(number) FROM data_versions", attempting: attempt)
      let version = (last ?? 0) + 1
      try connection.rows(
        "INSERT INTO data_versions VALUES (?, ?, ?)",
        [.int(version), .int(Int64(change.run)), .int(at.microseconds)], attempting: attempt)
      // What the report could not know before.
      try connection.rows(
        "UPDATE runs SET report = json_set(report, '$.data', ?) WHERE number = ?",
        [.int(version), .int(Int64(change.run))], attempting: attempt)
      var numbers: [Int64] = []
      for file in change.files { numbers.append(try record(file, attempt)) }
      for set in change.sets {
        try record(set, numbers, version, attempt)
        if !change.isPartial {
          try noteRead(set.set, readAt: change.readAt, run: change.run, attempt)
        }
      }
      for reject in change.rejects {
        try connection.rows(
          "INSERT INTO rejects VALUES (?, ?, ?, ?, ?)",
          [
            .int(Int64(change.run)), .text(reject.source), .text(reject.rule), .text(reject.file),
            .text(reject.row),
          ], attempting: attempt)
      }
      try log("data", "data version \(version), run \(change.run)", at: at, by: author)
      return Int(version)
    }
  }

  private func record(_ file: SourceFile, _ attempt: String) throws(RegistryError) -> Int64 {
    let last = try connection.number("SELECT max(number) FROM files", attempting: attempt)
    let number = (last ?? 0) + 1
    try connection.rows(
      "INSERT INTO files VALUES (?, ?, ?, ?, ?)",
      [
        .int(number), .text(file.path), .int(Int64(file.byteCount)), .int(file.modifiedAt),
        .bytes(file.content),
      ], attempting: attempt)
    return number
  }

  private func record(
    _ change: RunCommit.SetChange, _ numbers: [Int64], _ version: Int64, _ attempt: String
  ) throws(RegistryError) {
    func number(_ file: RunCommit.FileReference) -> Int64 {
      switch file {
      case .known(let number): Int64(number)
      case .new(let place): numbers[place]
      }
    }
    let set: [SQLValue] = [.text(change.set.name), .bytes(change.set.layout.bytes)]
    if change.leavesOtherLayouts {
      for table in ["segments", "set_files"] {
        try connection.rows(
          "UPDATE \(table) SET removed = ? WHERE set_name = ? AND layout <> ? AND removed IS NULL",
          [.int(version)] + set, attempting: attempt)
      }
    }
    for file in change.withdrawn {
      try connection.rows(
        """
        UPDATE set_files SET removed = ?
        WHERE set_name = ? AND layout = ? AND file = ? AND removed IS NULL
        """,
        [.int(version)] + set + [.int(Int64(file))], attempting: attempt)
    }
    for segment in change.replaced {
      try connection.rows(
        "UPDATE segments SET removed = ? WHERE number = ? AND removed IS NULL",
        [.int(version), .int(Int64(segment))], attempting: attempt)
    }
    for file in change.added {
      // A file that was withdrawn and is back comes under a new number, so that older versions of
      // the data go on being what they were.
      try connection.rows(
        "INSERT INTO set_files VALUES (?, ?, ?, ?, NULL)",
        set + [.int(number(file)), .int(version)], attempting: attempt)
    }
    for (segment, files) in change.segments {
      let last = try connection.number("SELECT max(number) FROM segments", attempting: attempt)
      let next = (last ?? 0) + 1
      try connection.rows(
        "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
        [.int(next)] + set + [
          .text(segment.name), .int(Int64(segment.byteCount)), .int(Int64(segment.rowCount)),
          .int(Int64(segment.entityCount)),
          segment.span.map { .int($0.lowerBound.microseconds) } ?? .null,
          segment.span.map { .int($0.upperBound.microseconds) } ?? .null,
          .int(Int64(segment.repeatCount)), .int(version),
        ], attempting: attempt)
      for (place, file) in files.enumerated() {
        try connection.rows(
          "INSERT INTO segment_files VALUES (?, ?, ?)",
          [.int(next), .int(Int64(place)), .int(number(file))], attempting: attempt)
      }
    }
  }
}
