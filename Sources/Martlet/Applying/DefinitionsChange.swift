public import MartletLanguage
public import MartletRegistry

/// What applying definitions would change.
public struct DefinitionsChange: Hashable, Sendable {
  /// Definitions that there were not, that mean something else, and that are gone; each in the order
  /// of kinds and names.
  public let created: [DefinitionsSnapshot.Name]
  public let changed: [DefinitionsSnapshot.Name]
  public let removed: [DefinitionsSnapshot.Name]

  /// How many definitions mean what they meant.
  public let unchangedCount: Int

  /// The services whose answers may be others: they are new or changed, or give a feature that is, or
  /// look up a key by one.
  public let reachedServices: [String]

  /// Whether only texts differ.
  public let isOnlyText: Bool

  /// What leads from `standing` to `wanted`, which means `definitions`.
  public init(
    from standing: DefinitionsSnapshot?, to wanted: DefinitionsSnapshot,
    meaning definitions: Definitions
  ) {
    let before = standing?.meanings ?? [:]
    let after = wanted.meanings
    created = after.keys.filter { before[$0] == nil }.inOrder
    let changed = after.keys.filter { name in
      before[name].map { $0 != after[name] } ?? false
    }
    self.changed = changed.inOrder
    removed = before.keys.filter { after[$0] == nil }.inOrder
    unchangedCount = after.count - created.count - changed.count
    let touched = Set(created + changed)
    reachedServices = definitions.services.filter { $0.isTouched(by: touched, definitions) }
      .map(\.name).sorted()
    isOnlyText =
      created.isEmpty && changed.isEmpty && removed.isEmpty && standing?.files != wanted.files
  }

  /// Whether there is nothing to apply.
  public var isEmpty: Bool {
    created.isEmpty && changed.isEmpty && removed.isEmpty && !isOnlyText
  }
}

extension Collection<DefinitionsSnapshot.Name> {
  fileprivate var inOrder: [DefinitionsSnapshot.Name] {
    let kinds = DefinitionsSnapshot.Kind.allCases
    func rank(_ name: DefinitionsSnapshot.Name) -> (Int, String) {
      (kinds.firstIndex(of: name.kind) ?? 0, name.name)
    }
    return sorted { rank($0) < rank($1) }
  }
}

extension Service {
  /// Whether the service or something that it reads is among `touched`.
  fileprivate func isTouched(
    by touched: Set<DefinitionsSnapshot.Name>, _ definitions: Definitions
  ) -> Bool {
    if touched.contains(DefinitionsSnapshot.Name(kind: .service, name: name)) { return true }
    var pending: [(set: String, feature: String)] = items.map { ($0.set, $0.feature) }
    for case .feature(let set, let feature) in items.flatMap(\.keys) {
      pending.append((set, feature))
    }
    var seen: Set<String> = []
    while let (set, feature) = pending.popLast() {
      let name = "\(set).\(feature)"
      guard seen.insert(name).inserted else { continue }
      if touched.contains(DefinitionsSnapshot.Name(kind: .feature, name: name)) { return true }
      guard let owner = definitions.featureSet(set), case .computed = owner.kind else { continue }
      // A computed set's features may read each other and what its `let`s read: all of it counts.
      var expressions = owner.locals.map(\.value)
      for case .value(let value) in owner.features.map(\.computation) { expressions.append(value) }
      for expression in expressions { pending += expression.readFeatures }
    }
    return false
  }
}
