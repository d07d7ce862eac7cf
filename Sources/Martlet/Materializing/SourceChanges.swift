public import MartletRegistry
import MartletSources

/// What is new about a source's files since a set last read them.
public struct SourceChanges: Sendable {
  /// Files that the set has not read, in the order of their paths.
  public internal(set) var new: [FoundFile] = []

  /// Files whose content is another now; they are read again.
  public internal(set) var changed: [FoundFile] = []

  /// Files that are gone; their rows are withdrawn.
  public internal(set) var vanished: [KnownFile] = []

  /// The records of changed and vanished files.
  var withdrawn: [KnownFile] = []

  /// Known files that were only touched, with their new times.
  var touched: [(file: KnownFile, modifiedAt: Int64)] = []

  /// How many files are as they were.
  public internal(set) var unchangedCount = 0

  /// Whether there is nothing to do.
  public var isEmpty: Bool { new.isEmpty && changed.isEmpty && vanished.isEmpty }

  /// The files to read.
  var toRead: [FoundFile] { (new + changed).sorted { $0.path < $1.path } }

  /// What tells `found` from `known`; files whose stamps differ are compared by their content.
  init(
    _ known: [KnownFile], _ found: [FoundFile], checkpoint: @Sendable () throws -> Void
  ) throws {
    var rest = Dictionary(known.map { ($0.file.path, $0) }, uniquingKeysWith: { _, last in last })
    for file in found {
      guard let before = rest.removeValue(forKey: file.path) else {
        new.append(file)
        continue
      }
      let sameStamp =
        before.file.byteCount == file.stamp.byteCount
        && before.file.modifiedAt == file.stamp.modifiedAt
      if sameStamp {
        unchangedCount += 1
      } else if before.file.byteCount == file.stamp.byteCount,
        try LocalFile(file.location).contentHash(checkpoint: checkpoint) == before.file.content
      {
        touched.append((before, file.stamp.modifiedAt))
        unchangedCount += 1
      } else {
        changed.append(file)
        withdrawn.append(before)
      }
    }
    vanished = rest.values.sorted { $0.file.path < $1.file.path }
    withdrawn += vanished
  }

  /// The same of the files at `paths` alone, all of which are read again though they may be as they were.
  ///
  /// - Parameter known: What was known; files that are gone stay for a run over all to withdraw.
  func again(
    _ paths: Set<String>, among known: [KnownFile], _ found: [FoundFile]
  ) -> SourceChanges {
    var changes = self
    let wanted = found.filter { paths.contains($0.path) }
    let before = Dictionary(
      known.map { ($0.file.path, $0) }, uniquingKeysWith: { _, last in last })
    changes.new = wanted.filter { before[$0.path] == nil }
    changes.changed = wanted.filter { before[$0.path] != nil }
    changes.withdrawn = wanted.compactMap { before[$0.path] }
    changes.vanished = []
    changes.unchangedCount = found.count - wanted.count
    return changes
  }
}
