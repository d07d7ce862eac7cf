/// Something to say about a definition: what is the case, where, why, and what to do.
///
/// Built by one factory beside the check that finds it:
///
///     .error("window-outlives-data", "`refunds_90d` looks further back than `refunds` are kept")
///       .pointing(at: window, "needs the last 90 days")
///       .because(retention, "a refund is dropped after 60 days")
///       .help("keep refunds for as long as the longest window: `retain 90d`")
public struct Diagnostic: Hashable, Sendable {
  /// How much it matters.
  public enum Severity: String, Hashable, Sendable {
    /// The definitions cannot be used.
    case error

    /// They can, but probably do not say what was meant.
    case warning
  }

  /// How much it matters.
  public var severity: Severity

  /// The stable name of this kind of finding; each has a page in the docs.
  public var code: String

  /// The fact, in the author's words.
  public var title: String

  /// The places it is about; the first primary one is where the author should look.
  public var labels: [Label]

  /// What to do; each can be pasted or followed as it stands.
  public var helps: [String]

  /// What else is worth knowing.
  public var notes: [String]
}

extension Diagnostic {
  /// A stretch of text and what to say about it.
  public struct Label: Hashable, Sendable {
    /// What part a label plays.
    public enum Role: String, Hashable, Sendable {
      /// On what is to be changed.
      case primary

      /// On what explains it.
      case secondary
    }

    /// What part it plays.
    public var role: Role

    /// The text it is about.
    public var range: TextRange

    /// What to say there; may be empty.
    public var message: String
  }

  /// The primary label that counts as the place of this finding.
  public var primary: Label? { labels.first { $0.role == .primary } ?? labels.first }
}

extension Diagnostic {
  /// A finding that stops the definitions from being used.
  public static func error(_ code: String, _ title: String) -> Diagnostic {
    Diagnostic(severity: .error, code: code, title: title, labels: [], helps: [], notes: [])
  }

  /// A finding that lets the definitions be used.
  public static func warning(_ code: String, _ title: String) -> Diagnostic {
    Diagnostic(severity: .warning, code: code, title: title, labels: [], helps: [], notes: [])
  }

  /// Says where the change belongs.
  public func pointing(at range: TextRange, _ message: String = "") -> Diagnostic {
    labelled(Label(role: .primary, range: range, message: message))
  }

  /// Says what explains it.
  public func because(_ range: TextRange, _ message: String) -> Diagnostic {
    labelled(Label(role: .secondary, range: range, message: message))
  }

  /// Says what to do; without an idea it says nothing.
  public func help(_ text: String?) -> Diagnostic {
    var result = self
    if let text { result.helps.append(text) }
    return result
  }

  /// Adds what else is worth knowing.
  public func note(_ text: String) -> Diagnostic {
    var result = self
    result.notes.append(text)
    return result
  }

  private func labelled(_ label: Label) -> Diagnostic {
    var result = self
    result.labels.append(label)
    return result
  }
}

extension Sequence<Diagnostic> {
  /// In file order, and in reading order within a file; what has no place comes first.
  public func inFileOrder() -> [Diagnostic] {
    enumerated().sorted { one, other in
      switch (one.element.primary?.range, other.element.primary?.range) {
      case (let first?, let second?) where first != second: first < second
      case (nil, .some): true
      case (.some, nil): false
      default: one.offset < other.offset  // found first, said first
      }
    }.map(\.element)
  }

  /// Whether any of them stops the definitions from being used.
  public var containError: Bool { contains { $0.severity == .error } }
}
