import MartletLanguage
public import MartletPlan
import MartletRegistry
import MartletSources

/// Files of a source that what is stored does not know yet.
public struct WaitingFiles: Sendable, Equatable {
  /// The source.
  public let source: String

  /// A set that would take them in.
  public let set: String

  /// How many were never read.
  public let newCount: Int

  /// How many are of another size or time than when they were read.
  public let changedCount: Int
}

extension StoredData {
  /// The sources of `service` with files that `martlet materialize` would look at.
  ///
  /// By their names, sizes and times alone: no file is read for it.
  public func waitingFiles(of service: ServicePlan) throws -> [WaitingFiles] {
    var found: [WaitingFiles] = []
    for name in sets(of: service) {
      guard let set = project.plan.set(name.name), let contents = contents[set.name],
        let source = project.definitions.source(set.source),
        !found.contains(where: { $0.source == source.name })
      else { continue }
      let known = Dictionary(
        contents.files.map { ($0.file.path, $0.file) }, uniquingKeysWith: { _, last in last })
      let files = try FoundFile.all(of: source, in: project)
      let new = files.count { known[$0.path] == nil }
      let changed = files.count { file in
        known[file.path].map {
          $0.byteCount != file.stamp.byteCount || $0.modifiedAt != file.stamp.modifiedAt
        } ?? false
      }
      guard new + changed > 0 else { continue }
      found.append(
        WaitingFiles(source: source.name, set: set.name, newCount: new, changedCount: changed))
    }
    return found
  }
}
