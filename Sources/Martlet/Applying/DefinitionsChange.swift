public import MartletLanguage
public import MartletRegistry

/// What applying definitions would change.
public struct DefinitionsChange: Hashable, Sendable {
  /// What is created, changed and removed: in this order, and then in that of kinds and names.
  public let edits: [Edit]

  /// Definitions that say what they said, and mean something else since what they lean on does.
  public let reached: [DefinitionsSnapshot.Name]

  /// How many definitions mean what they meant.
  public let unchangedCount: Int

  /// What callers of services that are applied would notice.
  public let breaks: [ServiceBreak]

  /// Whether only texts differ.
  public let isOnlyText: Bool

  /// One definition that is another afterwards.
  public struct Edit: Hashable, Sendable {
    public let kind: Kind
    public let name: DefinitionsSnapshot.Name

    /// The features and services that mean something else because of it.
    public let reaches: [DefinitionsSnapshot.Name]

    /// What becomes of it.
    public enum Kind: String, CaseIterable, Sendable { case create, change, remove }
  }

  /// What leads from `standing`, which means `before` as far as that can still be told, to `wanted`,
  /// which means `after`.
  public init(
    from standing: DefinitionsSnapshot?, meaning before: Definitions?,
    to wanted: DefinitionsSnapshot, meaning after: Definitions
  ) {
    let old = standing?.meanings ?? [:]
    let new = wanted.meanings
    let differing = Set(new.filter { old[$0.key] != nil && old[$0.key] != $0.value }.keys)
    let created = new.keys.filter { old[$0] == nil }
    let removed = old.keys.filter { new[$0] == nil }
    let dependents = Dependents(of: after)
    let formerDependents = before.map { Dependents(of: $0) } ?? dependents
    var changed = DefinitionsSnapshot.differingByThemselves(before, after).intersection(differing)
    // Something that nothing explains, as another setting, is a change of its own.
    let causes = created + removed + changed
    let explained = causes.reduce(into: Set<DefinitionsSnapshot.Name>()) { explained, name in
      explained.formUnion(dependents.all(of: name))
      explained.formUnion(formerDependents.all(of: name))
    }
    // A set means something else when one of its features does.
    let setsOfOthers = Set(
      (created + removed + differing).filter { $0.kind == .feature }.map { $0.ofSet })
    let unexplained = differing.subtracting(changed).subtracting(explained)
      .subtracting(setsOfOthers)
    let beneath = unexplained.filter { $0.kind == .source || $0.kind == .entity }
    changed.formUnion(beneath.isEmpty ? unexplained : beneath)

    func reach(_ name: DefinitionsSnapshot.Name) -> [DefinitionsSnapshot.Name] {
      dependents.all(of: name).union(formerDependents.all(of: name)).filter {
        $0 != name && differing.contains($0) && ($0.kind == .feature || $0.kind == .service)
      }.inOrder
    }
    edits =
      created.inOrder.map { Edit(kind: .create, name: $0, reaches: reach($0)) }
      + changed.inOrder.map { Edit(kind: .change, name: $0, reaches: reach($0)) }
      + removed.inOrder.map { Edit(kind: .remove, name: $0, reaches: reach($0)) }
    reached = differing.subtracting(changed).inOrder
    unchangedCount = new.count - created.count - differing.count
    breaks = before.map { ServiceBreak.all(from: $0, to: after) } ?? []
    isOnlyText = edits.isEmpty && standing?.files != wanted.files
  }

  /// Whether there is nothing to apply.
  public var isEmpty: Bool { edits.isEmpty && !isOnlyText }

  /// What is created, changed or removed.
  public func names(of kind: Edit.Kind) -> [DefinitionsSnapshot.Name] {
    edits.filter { $0.kind == kind }.map(\.name)
  }

  /// The services whose answers may be others: they are new, or mean something else.
  public var reachedServices: [String] {
    (names(of: .create) + names(of: .change) + reached).filter { $0.kind == .service }
      .map(\.name).sorted()
  }
}

extension DefinitionsSnapshot {
  /// The definitions of both that say something else by themselves.
  fileprivate static func differingByThemselves(
    _ before: Definitions?, _ after: Definitions
  ) -> Set<Name> {
    guard let before else { return [] }
    let (old, new) = (meaningsByThemselves(of: before), meaningsByThemselves(of: after))
    return Set(new.filter { old[$0.key] != nil && old[$0.key] != $0.value }.keys)
  }

  private static func meaningsByThemselves(of definitions: Definitions) -> [Name: Identity] {
    var result: [Name: Identity] = [:]
    for entity in definitions.entities {
      result[Name(kind: .entity, name: entity.name)] = entity.identity
    }
    for source in definitions.sources {
      result[Name(kind: .source, name: source.name)] = source.identity
    }
    for set in definitions.featureSets {
      result[Name(kind: .features, name: set.name)] = .byItself(set)
      for (feature, identity) in zip(set.features, Identity.ofFeatures(byThemselves: set)) {
        result[Name(kind: .feature, name: "\(set.name).\(feature.name)")] = identity
      }
    }
    for service in definitions.services {
      result[Name(kind: .service, name: service.name)] = .byItself(service)
    }
    return result
  }
}

extension DefinitionsSnapshot.Name {
  /// The set of a feature.
  fileprivate var ofSet: Self {
    Self(kind: .features, name: name.split(separator: ".").first.map(String.init) ?? name)
  }
}

extension Collection<DefinitionsSnapshot.Name> {
  /// Those names in the order of their kinds, then as they are spelled.
  var inOrder: [DefinitionsSnapshot.Name] {
    let kinds = DefinitionsSnapshot.Kind.allCases
    func rank(_ name: DefinitionsSnapshot.Name) -> (Int, String) {
      (kinds.firstIndex(of: name.kind) ?? 0, name.name)
    }
    return sorted { rank($0) < rank($1) }
  }
}
