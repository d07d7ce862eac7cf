/// The tables, and how an older registry comes to have them.
enum RegistryLayout {
  /// Says in the file's header that the database is Martlet's: the letters `mrtl`.
  static let application: Int64 = 0x6D72_746C

  /// Each step leads from one layout to the next; a step is never changed once it was released.
  static let steps = [
    """
    CREATE TABLE versions (
      number     INTEGER PRIMARY KEY,
      applied_at INTEGER NOT NULL,   -- microseconds since 1970, UTC
      author     TEXT NOT NULL,
      message    TEXT NOT NULL,
      back_to    INTEGER REFERENCES versions (number)
    ) STRICT;
    CREATE TABLE version_files (
      version INTEGER NOT NULL REFERENCES versions (number),
      path    TEXT NOT NULL,
      text    BLOB NOT NULL,
      PRIMARY KEY (version, path)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE definitions (
      version  INTEGER NOT NULL REFERENCES versions (number),
      kind     TEXT NOT NULL,        -- entity, source, features, feature, service
      name     TEXT NOT NULL,
      identity BLOB NOT NULL,        -- 32 bytes: what it means
      PRIMARY KEY (version, kind, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
      number   INTEGER PRIMARY KEY,
      at       INTEGER NOT NULL,
      author   TEXT NOT NULL,
      action   TEXT NOT NULL,
      subject  TEXT NOT NULL,
      chained  BLOB NOT NULL         -- 32 bytes: this row and all before it
    ) STRICT;
    """,
    """
    CREATE TABLE runs (
      number     INTEGER PRIMARY KEY,
      kind       TEXT NOT NULL,      -- materialize, compact, repair
      subject    TEXT NOT NULL,      -- the sets that it is about
      state      TEXT NOT NULL,      -- planned, writing, sealed, committed, abandoned
      version    INTEGER NOT NULL REFERENCES versions (number),
      author     TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at   INTEGER,
      report     TEXT NOT NULL       -- JSON
    ) STRICT;
    CREATE TABLE data_versions (
      number INTEGER PRIMARY KEY,
      run    INTEGER NOT NULL REFERENCES runs (number),
      at     INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE files (
      number      INTEGER PRIMARY KEY,
      path        TEXT NOT NULL,
      bytes       INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,  -- nanoseconds since 1970, as the file system has it
      content     BLOB NOT NULL      -- SHA-256
    ) STRICT;
    CREATE TABLE set_files (
      set_name TEXT NOT NULL,
      layout   BLOB NOT NULL,
      file     INTEGER NOT NULL REFERENCES files (number),
      added    INTEGER NOT NULL REFERENCES data_versions (number),
      removed  INTEGER REFERENCES data_versions (number),
      PRIMARY KEY (set_name, layout, file)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE segments (
      number     INTEGER PRIMARY KEY,
      set_name   TEXT NOT NULL,
      layout     BLOB NOT NULL,
      name       TEXT NOT NULL,      -- SHA-256 of its bytes, in hexadecimal
      bytes      INTEGER NOT NULL,
      rows       INTEGER NOT NULL,
      entities   INTEGER NOT NULL,
      first_time INTEGER,
      last_time  INTEGER,
      repeats    INTEGER NOT NULL,   -- rows that repeat an id
      added      INTEGER NOT NULL REFERENCES data_versions (number),
      removed    INTEGER REFERENCES data_versions (number),
      pruned_at  INTEGER             -- when its bytes were given up
    ) STRICT;
    CREATE INDEX segments_of_set ON segments (set_name, layout, added);
    CREATE TABLE segment_files (
      segment INTEGER NOT NULL REFERENCES segments (number),
      place   INTEGER NOT NULL,      -- what the segment's rows call the file
      file    INTEGER NOT NULL REFERENCES files (number),
      PRIMARY KEY (segment, place)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE set_reads (
      set_name TEXT PRIMARY KEY,
      layout   BLOB NOT NULL,
      read_at  INTEGER NOT NULL,     -- when its source was last looked through
      run      INTEGER NOT NULL REFERENCES runs (number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE rejects (
      run    INTEGER NOT NULL REFERENCES runs (number),
      source TEXT NOT NULL,
      rule   TEXT NOT NULL,
      file   TEXT NOT NULL,
      row    TEXT NOT NULL           -- JSON
    ) STRICT;
    CREATE TABLE training_sets (
      number        INTEGER PRIMARY KEY,
      kind          TEXT NOT NULL,   -- train, snapshot
      service       TEXT NOT NULL,
      version       INTEGER NOT NULL REFERENCES versions (number),
      data          INTEGER NOT NULL REFERENCES data_versions (number),
      created_at    INTEGER NOT NULL,
      author        TEXT NOT NULL,
      options       TEXT NOT NULL,   -- JSON: what it was asked for
      spine         TEXT NOT NULL,   -- a path; empty of a snapshot
      spine_content BLOB NOT NULL,   -- SHA-256
      path          TEXT NOT NULL,
      content       BLOB NOT NULL,   -- SHA-256
      rows          INTEGER NOT NULL,
      report        TEXT NOT NULL    -- JSON
    ) STRICT;
    CREATE TABLE training_set_sets (
      training_set INTEGER NOT NULL REFERENCES training_sets (number),
      set_name     TEXT NOT NULL,
      layout       BLOB NOT NULL,
      PRIMARY KEY (training_set, set_name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE online_ledger (
      only     INTEGER PRIMARY KEY CHECK (only = 1),
      recorded INTEGER NOT NULL,     -- the last commit of the online store that is surely on its disk
      incarnation INTEGER NOT NULL   -- how often the store was made anew: its commits begin again
    ) STRICT;
    CREATE TABLE online_server (
      only     INTEGER PRIMARY KEY CHECK (only = 1),
      process  INTEGER,              -- of the server that holds the online store
      address  TEXT,
      asked    INTEGER NOT NULL,     -- how often runs asked it to write pushed rows to files
      answered INTEGER NOT NULL      -- up to which of these it did
    ) STRICT;
    CREATE TABLE online_loads (
      set_name TEXT PRIMARY KEY,
      layout   BLOB NOT NULL,
      data     INTEGER NOT NULL REFERENCES data_versions (number),
      pushes   INTEGER NOT NULL,     -- the last commit whose pushed rows the load holds
      at       INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
  ]

  /// Brings the registry to the newest layout in one transaction.
  static func bringUpToDate(
    _ connection: Connection, attempting attempt: String
  ) throws(RegistryError) {
    if try layout(of: connection, attempt) == steps.count { return }
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      // Asked again: another process may have been quicker.
      let found = try layout(of: connection, attempt)
      for step in steps[found...] { try connection.run(step, attempting: attempt) }
      try connection.run(
        "PRAGMA application_id = \(application); PRAGMA user_version = \(steps.count)",
        attempting: attempt)
    }
  }

  /// The layout that the file has; 0 of a new one.
  private static func layout(
    of connection: Connection, _ attempt: String
  ) throws(RegistryError) -> Int {
    let owner = try connection.number("PRAGMA application_id", attempting: attempt) ?? 0
    let tables = try connection.number(
      "SELECT count(*) FROM sqlite_schema", attempting: attempt)
    guard owner == application || owner == 0 && tables == 0 else {
      throw RegistryError(attempt: attempt, reason: .notARegistry)
    }
    let found = Int(try connection.number("PRAGMA user_version", attempting: attempt) ?? 0)
    guard 0...steps.count ~= found else {
      throw RegistryError(
        attempt: attempt, reason: .newerLayout(found: found, known: steps.count))
    }
    return found
  }
}
