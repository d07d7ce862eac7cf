/// What is told to whom when something happens to feature sets.
public struct Hook: Sendable {
  /// What it is called.
  public var name: String

  /// What it waits for.
  public var events: [Event]

  /// The feature sets and services that it is about; all where there are none.
  public var subjects: [String]

  /// When it is due by itself.
  public var schedule: Schedule?

  /// What it does.
  public var actions: [Action]

  /// What is said about it for people.
  public var description: Description

  /// What a hook can wait for.
  public enum Event: Hashable, Sendable {
    /// A set was brought up to date.
    case success

    /// A tick was given up.
    case failure

    /// Values are older than they are promised to be.
    case stale

    /// A run found more rows than so many not to be as expected.
    case rejects(over: Int)

    /// All sets of a service have been brought up to date, and at least one of them has new data.
    case fresh
  }

  /// What a hook does.
  public enum Action: Hashable, Sendable {
    /// Runs a command, with what happened as JSON on its standard input.
    case run(String)

    /// Posts what happened as JSON to an address.
    case post(String)
  }
}

extension Hook.Event {
  /// The words for events, in the order in which they are told of.
  static let names = ["success", "failure", "stale", "rejects", "fresh"]

  /// The word for it.
  public var name: String {
    switch self {
    case .success: "success"
    case .failure: "failure"
    case .stale: "stale"
    case .rejects: "rejects"
    case .fresh: "fresh"
    }
  }

  init?(_ name: String, over limit: Int?) {
    switch name {
    case "success": self = .success
    case "failure": self = .failure
    case "stale": self = .stale
    case "rejects": self = .rejects(over: limit ?? 0)
    case "fresh": self = .fresh
    default: return nil
    }
  }
}
