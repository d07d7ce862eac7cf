import Martlet
import MartletDiagnostics
import MartletLanguage
import MartletRegistry
import MartletSources

extension Project {
  /// The project of a call with the definitions that were last applied, whatever the files say now,
  /// and the number of their version; with those of version `wanted`, if one is.
  static func applied(
    of invocation: Invocation, version wanted: Int? = nil, threads: Int?
  ) throws -> (project: Project, registry: Registry, version: Int) {
    let attempt = invocation.path.spelled
    guard let registry = try Registry.ifThere(of: invocation),
      case let current = try withRegistryErrors(registry.currentVersion), current > 0
    else {
      // Whoever is not in a project hears of that first.
      _ = try DefinitionFiles.read(of: invocation, attempting: attempt)
      throw CommandError.failed(
        attempt, "no definitions are applied yet", help: "`martlet apply` records them")
    }
    let version = wanted ?? current
    let snapshot = try withRegistryErrors { () throws(RegistryError) in
      try registry.snapshot(of: version)
    }
    let files = snapshot.files.sorted { $0.key < $1.key }
    let definitions = try Definitions.compiled(
      TextFiles(files.map { TextFile(path: $0.key, bytes: $0.value) }), for: invocation)
    if wanted == nil { invocation.sayIfUnapplied(snapshot) }
    return (try Project(definitions, of: invocation, threads: threads), registry, version)
  }
}

extension Invocation {
  /// Says so where the files mean something else than what is applied, since that is easily forgotten.
  fileprivate func sayIfUnapplied(_ applied: DefinitionsSnapshot) {
    guard let files = try? DefinitionFiles.read(of: self, attempting: path.spelled) else { return }
    let program = compile(files)
    guard !program.findings.contains(where: { $0.severity == .error }) else { return }
    if DefinitionsSnapshot(files, program.value.definitions).meanings != applied.meanings {
      talk.say("the definitions in `featuredefs/` are not those applied; `martlet plan` compares")
    }
  }
}
