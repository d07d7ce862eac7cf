public import MartletColumns

/// The online store could not do what was asked of it.
public struct OnlineError: Error, Equatable {
  /// What was attempted: "reading `customer_spend`".
  public var attempt: String

  /// Why it failed.
  public var reason: Reason

  init(_ attempt: String, _ reason: Reason) {
    self.attempt = attempt
    self.reason = reason
  }

  /// A store that another process has, as whoever keeps it from being opened says; `holder` is that
  /// process, if it is known.
  public static func held(by holder: String?, attempting attempt: String) -> OnlineError {
    OnlineError(attempt, .heldByAnotherProcess(holder))
  }

  /// A store that is not where the registry has it.
  public static func lost(recorded: UInt64) -> OnlineError {
    OnlineError("opening the online store", .lostCommits(found: 0, recorded: recorded))
  }

  /// Whether the store itself is at fault, so that another has to be made in its place.
  public var isDamage: Bool {
    switch reason {
    case .damaged, .unreachable, .lostCommits, .olderLayout, .refused: true
    case .heldByAnotherProcess, .full, .newerLayout, .nothingLoaded, .nothingBefore, .forgotten,
      .tooMuchText:
      false
    }
  }

  /// Why the online store cannot do something.
  public enum Reason: Equatable, Sendable {
    /// Another process has it open, and only one may; which, if that is known.
    case heldByAnotherProcess(String?)

    /// What was read is not what was written, in the words of whoever noticed.
    case damaged(String)

    /// There is no room left to write.
    case full

    /// The folder cannot be opened, in the words of the system.
    case unreachable(String)

    /// It was written by a newer Martlet, which knows more than this one.
    case newerLayout(found: Int, known: Int)

    /// It was written by an older Martlet, whose rows this one does not read.
    case olderLayout(found: Int)

    /// Commits that were acknowledged are gone: `found` is the last one there, `recorded` the last one
    /// that was noted elsewhere.
    case lostCommits(found: UInt64, recorded: UInt64)

    /// Nothing of this set was ever loaded or pushed.
    case nothingLoaded(set: String)

    /// There is no earlier load of the set to go back to.
    case nothingBefore(set: String)

    /// The question is older than what is kept to answer it exactly.
    case forgotten(before: Instant)

    /// The rows of the asked entities hold more text in one column than 31 bits number.
    case tooMuchText

    /// Something else, in RocksDB's words.
    case refused(String)
  }
}

extension OnlineError: CustomStringConvertible {
  public var description: String { "\(attempt): \(reason)" }
}

extension OnlineError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .heldByAnotherProcess(let holder):
      "another process has the online store open" + (holder.map { ": \($0)" } ?? "")
    case .damaged(let words): "what the online store holds is damaged: \(words)"
    case .full: "there is no room left on the disk"
    case .unreachable(let words), .refused(let words): words
    case .newerLayout(let found, let known):
      "the online store has layout \(found), of a newer Martlet; this one knows layouts up to \(known)"
    case .olderLayout(let found):
      "the online store has layout \(found), of an older Martlet; `martlet materialize --online` makes it anew, with what was pushed"
    case .lostCommits(let found, let recorded):
      "commits \(found + 1) to \(recorded) were acknowledged and are gone"
    case .nothingLoaded(let set):
      "nothing of `\(set)` is online yet: `martlet materialize` loads it"
    case .nothingBefore(let set): "no earlier load of `\(set)` is there to go back to"
    case .forgotten(let instant):
      "the online store answers exactly from \(instant) on; ask the offline store about earlier times"
    case .tooMuchText: "the rows of all asked entities hold too much text; ask about fewer at once"
    }
  }
}
