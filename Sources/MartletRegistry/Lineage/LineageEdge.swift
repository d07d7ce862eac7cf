import MartletColumns
public import MartletLanguage

/// That one thing is made from another.
///
///     service ──▶ feature ──▶ set ──▶ entity
///                    │         ├────▶ source ──▶ file
///                    └─────────┴────▶ column ──▶ file
///
/// A source leans on the columns that say which of its rows there are and when, a set on those that are its
/// keys and its `where`, a feature on those it is computed from: what is lost with a column is what leans
/// on it, and no more.
public struct LineageEdge: Hashable, Sendable {
  /// What is made.
  public var user: LineageNode

  /// From what.
  public var uses: LineageNode

  /// That `user` is made from `uses`.
  public init(_ user: LineageNode, uses: LineageNode) {
    self.user = user
    self.uses = uses
  }
}

/// A thing that others are made from, or that is made from others.
public struct LineageNode: Hashable, Sendable {
  /// What it is.
  public var kind: Kind

  /// What it is called; columns and features have their source's or set's name before them.
  public var name: String

  /// The thing of that kind and name.
  public init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  /// What there is. The raw values are written to disk and never change.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// A pattern of files, or one file.
    case file
    case column, entity, source, features, feature, service
    case trainingSet = "training-set"
    case run
  }
}

extension LineageNode: Comparable {
  public static func < (one: Self, other: Self) -> Bool {
    func rank(_ node: Self) -> Int { Kind.allCases.firstIndex(of: node.kind) ?? 0 }
    return (rank(one), one.name) < (rank(other), other.name)
  }
}

extension LineageEdge {
  /// What the things that `definitions` define are made from; each edge once.
  public static func all(of definitions: Definitions) -> Set<LineageEdge> {
    var edges: Set<LineageEdge> = []
    for source in definitions.sources { add(source, to: &edges) }
    for set in definitions.featureSets { add(set, to: &edges) }
    for service in definitions.services {
      let user = LineageNode(.service, service.name)
      for item in service.items {
        edges.insert(LineageEdge(user, uses: .feature(item.set, item.feature)))
        for case .feature(let set, let feature) in item.keys {
          edges.insert(LineageEdge(user, uses: .feature(set, feature)))
        }
      }
    }
    return edges
  }

  private static func add(_ source: Source, to edges: inout Set<LineageEdge>) {
    let user = LineageNode(.source, source.name)
    if case .files(let patterns, table: let table) = source.origin {
      for pattern in patterns {
        let file = LineageNode(.file, pattern + (table.map { " table \($0)" } ?? ""))
        edges.insert(LineageEdge(user, uses: file))
        for column in source.columns {
          edges.insert(LineageEdge(.column(source.name, column.name), uses: file))
        }
      }
    }
    var columns = Set([source.at] + source.id)
    if case .column(let known) = source.known { columns.insert(known) }
    for expression in source.expectations.map(\.condition) + [source.deletedWhen].compactMap({ $0 })
    {
      columns.formUnion(expression.reads([:]).columns)
    }
    for column in columns {
      edges.insert(LineageEdge(user, uses: .column(source.name, column)))
    }
  }

  private static func add(_ set: FeatureSet, to edges: inout Set<LineageEdge>) {
    let user = LineageNode(.features, set.name)
    if let entity = set.entity {
      edges.insert(LineageEdge(user, uses: LineageNode(.entity, entity)))
    }
    var source: String?
    // A `let` stands for what it reads, itself or by way of those before it.
    var locals: [String: ExpressionReads] = [:]
    for local in set.locals { locals[local.name] = local.value.reads(locals) }
    if case .stored(let stored) = set.kind {
      source = stored.source
      edges.insert(LineageEdge(user, uses: LineageNode(.source, stored.source)))
      let filtered = stored.filter?.reads(locals).columns ?? []
      for column in filtered.union(stored.keyColumns) {
        edges.insert(LineageEdge(user, uses: .column(stored.source, column)))
      }
    }
    for feature in set.features {
      let own = LineageNode.feature(set.name, feature.name)
      edges.insert(LineageEdge(own, uses: user))
      for expression in feature.computation.expressions {
        let reads = expression.reads(locals)
        for other in reads.features where other != own {
          edges.insert(LineageEdge(own, uses: other))
        }
        guard let source else { continue }
        for column in reads.columns {
          edges.insert(LineageEdge(own, uses: .column(source, column)))
        }
      }
    }
  }
}

extension LineageNode {
  /// The feature called `name` of `set`.
  public static func feature(_ set: String, _ name: String) -> Self {
    Self(.feature, "\(set).\(name)")
  }

  /// The column called `name` of `source`.
  public static func column(_ source: String, _ name: String) -> Self {
    Self(.column, "\(source).\(name)")
  }
}

/// What an expression reads.
private struct ExpressionReads {
  var columns: Set<String> = []
  var features: Set<LineageNode> = []
}

extension Expression {
  /// What it reads, where `locals` says what its `let`s do.
  fileprivate func reads(_ locals: [String: ExpressionReads]) -> ExpressionReads {
    switch kind {
    case .column(let name): return ExpressionReads(columns: [name])
    case .feature(let set, let name): return ExpressionReads(features: [.feature(set, name)])
    case .local(let name): return locals[name] ?? ExpressionReads()
    case .call(_, let operands):
      var all = ExpressionReads()
      for operand in operands {
        let reads = operand.reads(locals)
        all.columns.formUnion(reads.columns)
        all.features.formUnion(reads.features)
      }
      return all
    case .literal, .given: return ExpressionReads()
    }
  }
}
