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
    CREATE TABLE leases (
      name     TEXT PRIMARY KEY,     -- what for: schedules
      holder   TEXT NOT NULL,
      epoch    INTEGER NOT NULL,     -- grows with every new holder
      taken_at INTEGER NOT NULL,
      ends_at  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ticks (
      set_name   TEXT NOT NULL,
      due_at     INTEGER NOT NULL,
      since      INTEGER NOT NULL,   -- the first of the ticks that it stands for
      cause      TEXT NOT NULL,      -- schedule, new-data, first, layout
      state      TEXT NOT NULL,      -- waiting, running, done, failed
      failures   INTEGER NOT NULL,
      not_before INTEGER NOT NULL,
      epoch      INTEGER NOT NULL,   -- of the lease under which this was written
      run        INTEGER REFERENCES runs (number),
      ended_at   INTEGER,
      words      TEXT NOT NULL,      -- what went wrong
      PRIMARY KEY (set_name, due_at)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE pauses (
      set_name TEXT PRIMARY KEY,
      at       INTEGER NOT NULL,
      author   TEXT NOT NULL,
      reason   TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE run_log (
      run  INTEGER NOT NULL REFERENCES runs (number),
      at   INTEGER NOT NULL,
      line TEXT NOT NULL
    ) STRICT;
    CREATE INDEX log_of_run ON run_log (run);
    CREATE TABLE cancellations (
      run    INTEGER PRIMARY KEY REFERENCES runs (number),
      at     INTEGER NOT NULL,
      author TEXT NOT NULL
    ) STRICT;
    CREATE TABLE backfills (
      number     INTEGER PRIMARY KEY,
      set_name   TEXT NOT NULL,
      first_time INTEGER NOT NULL,
      end_time   INTEGER NOT NULL,   -- exclusive
      started_at INTEGER NOT NULL,
      ended_at   INTEGER,
      author     TEXT NOT NULL
    ) STRICT;
    CREATE TABLE backfill_pieces (
      backfill INTEGER NOT NULL REFERENCES backfills (number),
      place    INTEGER NOT NULL,
      files    TEXT NOT NULL,        -- JSON: their paths
      run      INTEGER REFERENCES runs (number),
      PRIMARY KEY (backfill, place)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE deliveries (
      key        TEXT PRIMARY KEY,   -- sent along, so that a receiver knows what came twice
      hook       TEXT NOT NULL,
      event      TEXT NOT NULL,
      body       TEXT NOT NULL,      -- JSON
      at         INTEGER NOT NULL,
      attempts   INTEGER NOT NULL,
      not_before INTEGER NOT NULL,
      ended_at   INTEGER,
      state      TEXT NOT NULL,      -- waiting, delivered, given-up
      words      TEXT NOT NULL       -- what went wrong last
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE lineage (
      version    INTEGER NOT NULL REFERENCES versions (number),
      user_kind  TEXT NOT NULL,      -- column, source, entity, features, feature, service
      user_name  TEXT NOT NULL,
      uses_kind  TEXT NOT NULL,
      uses_name  TEXT NOT NULL,
      PRIMARY KEY (version, user_kind, user_name, uses_kind, uses_name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX lineage_of_used ON lineage (version, uses_kind, uses_name);
    CREATE TABLE statistics (
      run      INTEGER NOT NULL REFERENCES runs (number),
      subject  TEXT NOT NULL,        -- a set
      kind     TEXT NOT NULL,        -- column, feature
      name     TEXT NOT NULL,
      facts    TEXT NOT NULL,        -- JSON
      PRIMARY KEY (run, subject, kind, name)
    ) STRICT;
    CREATE INDEX statistics_of_subject ON statistics (subject, run);
    CREATE TABLE tokens (
      id         TEXT PRIMARY KEY,
      name       TEXT NOT NULL,
      role       TEXT NOT NULL,      -- reader, writer, admin
      services   TEXT,               -- names, a blank between them; null for all
      salt       BLOB NOT NULL,
      hash       BLOB NOT NULL,      -- SHA-256 of the salt and the secret
      created_at INTEGER NOT NULL,
      author     TEXT NOT NULL,
      revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX tokens_by_name ON tokens (name) WHERE revoked_at IS NULL;
    CREATE INDEX deliveries_to_be_told ON deliveries (hook, not_before) WHERE ended_at IS NULL;
    CREATE INDEX deliveries_of_hook ON deliveries (hook, event, at);
    CREATE TABLE hook_schedules (
      hook       TEXT PRIMARY KEY,
      kept_since INTEGER NOT NULL    -- what was due before is nobody's to tell
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE online_rollbacks (
      number INTEGER PRIMARY KEY,
      sets   TEXT NOT NULL,          -- JSON: those that are to go back; none for all that can
      taken  INTEGER NOT NULL DEFAULT 0, -- 1 once the server is at it: going back twice is none
      gone   TEXT,                   -- JSON: those that went; null until the server has answered
      words  TEXT                    -- what went wrong
    ) STRICT;
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
