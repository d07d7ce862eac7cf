public import MartletDiagnostics
public import MartletLanguage

/// Definitions as they are applied: their texts, and what each of them means.
public struct DefinitionsSnapshot: Hashable, Sendable {
  /// The texts by their paths below the project's folder.
  public let files: [String: [UInt8]]

  /// What each definition means.
  public let meanings: [Name: Identity]

  /// What is made from what.
  public let lineage: Set<LineageEdge>

  /// A definition by its kind and name; a feature's name has its set's before it.
  public struct Name: Hashable, Sendable {
    public let kind: Kind
    public let name: String

    /// The definition of that kind and name.
    public init(kind: Kind, name: String) {
      self.kind = kind
      self.name = name
    }
  }

  /// What is defined. The raw values are written to disk and never change.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case entity, source, features, feature, service
  }

  init(files: [String: [UInt8]], meanings: [Name: Identity], lineage: Set<LineageEdge>) {
    self.files = files
    self.meanings = meanings
    self.lineage = lineage
  }

  /// The snapshot of `files`, which mean `definitions`.
  public init(_ files: TextFiles, _ definitions: Definitions) {
    self.files = Dictionary(
      files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    var meanings: [Name: Identity] = [:]
    for entity in definitions.entities {
      meanings[Name(kind: .entity, name: entity.name)] = entity.identity
    }
    for source in definitions.sources {
      meanings[Name(kind: .source, name: source.name)] = source.identity
    }
    for set in definitions.featureSets {
      meanings[Name(kind: .features, name: set.name)] = set.identity
      for feature in set.features {
        meanings[Name(kind: .feature, name: "\(set.name).\(feature.name)")] = feature.identity
      }
    }
    for service in definitions.services {
      meanings[Name(kind: .service, name: service.name)] = service.identity
    }
    self.meanings = meanings
    lineage = LineageEdge.all(of: definitions)
  }
}
