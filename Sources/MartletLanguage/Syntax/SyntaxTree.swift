public import MartletDiagnostics

/// What a file says, as its author laid it out: names unresolved, types unchecked, comments kept.
public struct SyntaxTree: Sendable {
  /// Which of the files it is.
  public var file: UInt32

  /// The declarations in reading order.
  public var declarations: [Declaration]

  /// The comments behind the last declaration.
  public var closingComments: [Comment]
}

/// A name as it was written.
public struct Name: Hashable, Sendable {
  /// The name, without backquotes.
  public var text: String

  /// Where it stands.
  public var range: TextRange
}

/// A text between quotes, its escapes undone.
public struct TextLiteral: Hashable, Sendable {
  public var text: String
  public var range: TextRange
}

/// A count of microseconds or bytes with its unit, as it was written.
public struct Quantity: Hashable, Sendable {
  /// How it was written: `7d`, `512MB`.
  public var written: String

  /// Microseconds or bytes; `nil` where it was unreadable and has been reported.
  public var amount: Int64?

  /// Where it stands.
  public var range: TextRange
}

/// The comments and the blank line around something.
public struct Surroundings: Hashable, Sendable {
  /// The comments on lines of their own before it, and those strewn inside.
  public var before: [Comment] = []

  /// The comment behind it on its last line.
  public var beside: Comment?

  /// Whether a line with nothing on it comes before.
  public var isAfterBlankLine = false
}

/// One `entity`, `events`, `states`, `features`, `service`, `hook` or `project`.
public struct Declaration: Sendable {
  /// What it declares.
  public var kind: Kind

  /// What it is called; `nil` for the project and where the name is missing.
  public var name: Name?

  /// The head's particulars.
  public var head: Head

  /// The statements between its braces; `nil` where it has no braces.
  public var body: Body?

  /// The word that begins it, and all of it.
  public var keyword: TextRange
  public var range: TextRange

  /// The comments around it.
  public var surroundings: Surroundings

  /// What can be declared.
  public enum Kind: String, CaseIterable, Sendable {
    case entity, events, states, features, service, hook, project
  }

  /// What stands between the name and the braces.
  public struct Head: Sendable {
    /// The keys of an entity, in parentheses, or the caller's values after `given`.
    public var parameters: [Parameter] = []

    /// Where `given (…)` or `(…)` stands.
    public var parametersRange: TextRange?

    /// The entity after `of`.
    public var entity: Name?

    /// The source after `from`.
    public var source: Name?

    /// The columns after `by`.
    public var keyColumns: [Name] = []
  }

  /// What stands between braces.
  public struct Body: Sendable {
    public var statements: [Statement] = []

    /// The comments between the last statement and the closing brace.
    public var closingComments: [Comment] = []

    /// The comment behind the opening brace.
    public var openingComment: Comment?

    /// Where the opening brace stands.
    public var opening: TextRange
  }
}

/// `name: type`, as a key of an entity or a value of the caller's.
public struct Parameter: Sendable {
  public var name: Name
  public var type: TypeSyntax
}

/// A type as it was written.
public indirect enum TypeSyntax: Sendable {
  case named(Name)
  case list(TypeSyntax, TextRange)
  case vector(width: Int, TextRange)

  /// Where it stands.
  public var range: TextRange {
    switch self {
    case .named(let name): name.range
    case .list(_, let range), .vector(_, let range): range
    }
  }
}
