public import MartletLanguage

/// A project's definitions lowered to what will run: a value that can be printed and knows no engine.
public struct Plan: Hashable, Sendable {
  /// The sources, in the order of their definition.
  public let sources: [SourcePlan]

  /// The stored feature sets, in the order of their definition.
  public let sets: [SetPlan]

  /// The services, in the order of their definition.
  public let services: [ServicePlan]

  /// The plan of everything in `definitions`.
  public init(_ definitions: Definitions) {
    sources = definitions.sources.compactMap { SourcePlan($0) }
    sets = definitions.featureSets.compactMap { SetPlan($0, in: definitions) }
    services = definitions.services.map { ServicePlan($0, in: definitions) }
  }
}

extension Plan {
  /// The source called `name`. O(n) in sources.
  public func source(_ name: String) -> SourcePlan? { sources.first { $0.name == name } }

  /// The stored set called `name`. O(n) in sets.
  public func set(_ name: String) -> SetPlan? { sets.first { $0.name == name } }

  /// The service called `name`. O(n) in services.
  public func service(_ name: String) -> ServicePlan? { services.first { $0.name == name } }
}
