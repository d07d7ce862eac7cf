// Versions, runs, segments, lineage, training sets and audit, in SQLite.
