public import MartletDiagnostics

/// One statement between braces.
public struct Statement: Sendable {
  /// What it says.
  public var kind: Kind

  /// All of it.
  public var range: TextRange

  /// The comments around it.
  public var surroundings: Surroundings
}

extension Statement {
  /// Everything that can be said between braces. Which belongs where is `StatementWord`'s matter.
  public enum Kind: Sendable {
    // Of sources.
    case column(Name, TypeSyntax, label: TextRange?)
    case from(Origin)
    case at(Name)
    case known(Known)
    case id([Name])
    case deleted(when: ExpressionSyntax)
    case retain(Quantity)
    case zone(TextLiteral)
    case expect(ExpressionSyntax, Reaction, TextRange)

    // Of features.
    case `where`(ExpressionSyntax)
    case `let`(Name, ExpressionSyntax)
    case feature(FeatureSyntax)
    case keep(Quantity)
    case every(Quantity)
    case cron(TextLiteral, zone: TextLiteral?)
    case fresh(Quantity)

    // Of services.
    case item(ServiceItemSyntax)

    // Of feature sets, when their sources have new data.
    case onNewData

    // Of hooks.
    case on([HookEventSyntax])
    case of([Name])
    case run(TextLiteral)
    case post(TextLiteral)

    // Of the project.
    case store(TextLiteral)
    case memory(Quantity)

    // Of nearly all.
    case owner(TextLiteral)
    case about(TextLiteral)
    case tags([TextLiteral])

    /// What could not be read, and has been reported.
    case broken
  }

  /// Where a source's rows come from.
  public enum Origin: Sendable {
    case files([TextLiteral], table: TextLiteral?)
    case pushes
  }

  /// When a row became known.
  public enum Known: Sendable {
    case column(Name)
    case after(Quantity)
  }

  /// What becomes of a row that does not meet an expectation.
  public enum Reaction: String, CaseIterable, Sendable {
    case drop, warn, fail
  }
}

/// `name = expression over windows`, or a column by itself.
public struct FeatureSyntax: Sendable {
  public var name: Name
  public var value: ExpressionSyntax?
  public var over: Over?

  /// The windows after `over`.
  public struct Over: Sendable {
    /// The windows, in order; empty for `all`.
    public var windows: [Quantity]

    /// Where `all` stands.
    public var all: TextRange?

    /// The length after `step`.
    public var step: Quantity?

    /// All of it, from the word `over` on.
    public var range: TextRange
  }
}

/// What a hook waits for: `failure`, `rejects over 100`.
public struct HookEventSyntax: Sendable {
  public var name: Name

  /// The number after `over`, and where it stands.
  public var limit: Int?
  public var limitRange: TextRange?
}

/// `set.feature as name`, `set.*`, `set.* except a, b`, each with `by key` where it is looked up.
public struct ServiceItemSyntax: Sendable {
  public var set: Name

  /// The feature; `nil` for all of them, `*`.
  public var feature: Name?

  /// Where the feature's name or the star stands.
  public var featureRange: TextRange

  public var except: [Name] = []

  /// What the entity's keys are read from: the caller's names, or features.
  public var keys: [KeySyntax] = []

  public var alias: Alias?

  /// `name` or `set.feature` after `by`.
  public struct KeySyntax: Sendable {
    public var set: Name?
    public var name: Name

    /// All of it.
    public var range: TextRange {
      guard let set else { return name.range }
      return set.range.through(name.range)
    }
  }

  /// `as name`, or `as before_*`.
  public struct Alias: Sendable {
    public var name: Name
    public var hasStar: Bool
  }
}

/// The words that begin statements, and where each belongs.
enum StatementWord: String, CaseIterable {
  case from, at, known, id, deleted, retain, zone, expect
  case `where`, `let`, keep, every, cron, fresh
  case store, memory
  case owner, about, tags
  case on, of, run, post

  /// What a block of which kind may say so.
  var places: Set<Declaration.Kind> {
    switch self {
    case .from, .at, .known, .id, .expect: [.events, .states]
    case .deleted: [.states]
    case .retain: [.events, .states, .project]
    case .zone: [.events, .states, .project]
    case .where, .let, .keep: [.features]
    case .every, .cron, .on: [.features, .hook]
    case .of, .run, .post: [.hook]
    case .fresh: [.features, .service]
    case .store, .memory: [.project]
    case .owner, .about, .tags: [.entity, .events, .states, .features, .service, .hook]
    }
  }
}
