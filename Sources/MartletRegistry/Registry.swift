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
    connection = try Registry.connection(to: path, attempting: attempt)
    try RegistryLayout.bringUpToDate(connection, attempting: attempt)
  }

  /// A connection that waits for others and lets them in.
  ///
  /// The first that opens the file makes room for the memory that connections share. On a full disk it
  /// has to do without: nobody else is there, and whoever comes meanwhile waits. So what was committed
  /// can be read however full the disk is.
  private static func connection(
    to path: String, attempting attempt: String
  ) throws(RegistryError) -> Connection {
    do throws(RegistryError) {
      let shared = try Connection(path, attempting: attempt)
      try shared.run(settings, attempting: attempt)
      return shared
    } catch {
      guard error.reason == .full else { throw error }
      let alone = try Connection(path, attempting: attempt)
      try alone.run("PRAGMA locking_mode = EXCLUSIVE; " + settings, attempting: attempt)
      return alone
    }
  }

  private static let settings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"
}
