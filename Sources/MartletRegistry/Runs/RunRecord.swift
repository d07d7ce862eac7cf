public import MartletColumns

/// A run of a job that changes data.
///
///     planned ──▶ writing ──▶ sealed ──▶ committed
///        └───────────┴───────────┴─────▶ abandoned
///
/// What it wrote is seen from its commit on, which is one transaction; before that nobody knows it.
public struct RunRecord: Hashable, Sendable {
  /// 1, 2, 3 …
  public let number: Int

  /// What it does.
  public let kind: Kind

  /// The feature sets that it is about, a comma between them.
  public let subject: String

  /// How far it got.
  public let state: State

  /// The version of the definitions that it runs with.
  public let version: Int

  /// Who started it.
  public let author: String

  /// When it was started.
  public let startedAt: Instant

  /// When it was committed or abandoned.
  public let endedAt: Instant?

  /// What became of it, as JSON.
  public let report: String

  /// What a run does. The raw values are written to disk and never change.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case materialize, compact, repair
  }

  /// How far a run got. The raw values are written to disk and never change.
  public enum State: String, CaseIterable, Hashable, Sendable {
    case planned, writing, sealed, committed, abandoned
  }
}
