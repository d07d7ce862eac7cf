import MartletLanguage

/// What a store knows of itself: versions of the definitions and the log of all changes, in one SQLite
/// file that `sqlite3` opens as well.
///
/// One thread uses a registry at a time; several processes may have it open.
public final class Registry {
  let connection: Connection

  /// Opens the registry at `path`, makes a new one where there is none, and brings an older one's
  /// layout up to date, as a whole or not at all.
  public init(at path: String) throws(RegistryError) {
    let attempt = "opening the registry `\(path)`"
    connection = try Connection(path, attempting: attempt)
    try connection.run(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
      attempting: attempt)
    try RegistryLayout.bringUpToDate(connection, attempting: attempt)
  }
}
