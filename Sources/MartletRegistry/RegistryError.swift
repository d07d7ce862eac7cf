import CSQLite

/// The registry could not do what was asked of it.
public struct RegistryError: Error, Equatable {
  /// What was attempted: "recording a version of the definitions".
  public var attempt: String

  /// Why it failed.
  public var reason: Reason

  /// Why the registry cannot do something.
  public enum Reason: Equatable, Sendable {
    /// Another process holds it, and held it for as long as we waited.
    case busy

    /// Its file is not as SQLite wrote it.
    case damaged(String)

    /// There is no room left to write.
    case full

    /// It may not be written.
    case readOnly

    /// It cannot be opened, in SQLite's words.
    case unreachable(String)

    /// The file is another program's database, or none at all.
    case notARegistry

    /// It was written by a newer Martlet, which knows more than this one.
    case newerLayout(found: Int, known: Int)

    /// Somebody else was quicker: the current version is another than the one built upon.
    case moved(to: Int, by: String)

    /// The run has ended already: somebody took it for dead.
    case runEnded(Int)

    /// There is no such version.
    case noVersion(Int)

    /// Another thing of this name is there.
    case nameTaken(String)

    /// A row of the log is not the one that was written: the first such.
    case brokenChain(row: Int)

    /// Something else, in SQLite's words.
    case refused(code: Int32, message: String)
  }
}

extension RegistryError: CustomStringConvertible {
  public var description: String { "\(attempt): \(reason)" }
}

extension RegistryError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .busy: "another process holds the registry"
    case .damaged(let words): "the registry's file is damaged: \(words)"
    case .full: "there is no room left on the disk"
    case .readOnly: "the registry may not be written"
    case .unreachable(let words): words
    case .notARegistry: "the file is no registry of Martlet, or none any more"
    case .newerLayout(let found, let known):
      "the registry has layout \(found), of a newer Martlet; this one knows layouts up to \(known)"
    case .moved(let version, let author):
      "\(author) has applied version \(version) in the meantime"
    case .runEnded(let number): "run \(number) was taken for dead, and has ended"
    case .noVersion(let number): "there is no version \(number)"
    case .nameTaken(let name): "there is one called `\(name)`"
    case .brokenChain(let row): "row \(row) of the log is not the one that was written"
    case .refused(let code, let message): "SQLite says: \(message) (\(code))"
    }
  }
}

extension RegistryError.Reason {
  /// What SQLite's code and words mean.
  init(code: Int32, message: String) {
    // On a full disk there is no room for the memory that connections share, either.
    if code == SQLITE_IOERR | 19 << 8 {
      self = .full
      return
    }
    // The lower byte is the kind; the rest says more.
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
    case SQLITE_CORRUPT: self = .damaged(message)
    case SQLITE_NOTADB: self = .notARegistry
    case SQLITE_FULL: self = .full
    case SQLITE_READONLY, SQLITE_PERM: self = .readOnly
    case SQLITE_CANTOPEN: self = .unreachable(message)
    default: self = .refused(code: code, message: message)
    }
  }
}
