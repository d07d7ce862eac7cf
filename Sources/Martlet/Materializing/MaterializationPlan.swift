public import MartletColumns
import MartletLanguage
public import MartletPlan
import MartletRegistry
import MartletSources

/// What a run over one source will do: a value that can be shown before anything is done.
public struct MaterializationPlan: Sendable {
  /// The source.
  public let source: SourcePlan

  /// The sets that the run brings up to date, all in one pass.
  public let sets: [SetWork]

  /// When the files were looked at.
  public let lookedAt: Instant

  /// The files to read, each with the places in `sets` of those that want its rows.
  let reads: [(file: FoundFile, sets: [Int])]

  /// Whether only some files are looked at, so that the sets are not up to date afterwards.
  let isPartial: Bool

  /// What is to be done for one set.
  public struct SetWork: Sendable {
    /// The set.
    public let set: SetPlan

    /// What is new for it.
    public let changes: SourceChanges

    /// Whether it keeps its rows in another layout than before, and reads everything again.
    public let isRebuilt: Bool

    /// What it holds now.
    let contents: SetContents

    /// Whether it was ever brought up to date.
    let isFirst: Bool

    /// The latest time that was known before; none where everything is read again, since no row is late
    /// for what begins anew.
    var newest: Instant? {
      isRebuilt ? nil : contents.segments.compactMap(\.span?.upperBound).max()
    }
  }

  /// Whether nothing is to be done.
  public var isEmpty: Bool {
    sets.allSatisfy { $0.changes.isEmpty && !$0.isRebuilt && !$0.isFirst }
  }

  /// The numbers, among `reads`, of files that `work` read before.
  func readAgain(by work: SetWork) -> Set<Int> {
    let changed = Set(work.changes.changed)
    return Set(reads.indices.filter { changed.contains(reads[$0].file) })
  }

  /// What it sets out to do, for the log of its run.
  var line: String {
    func files(_ count: Int) -> String { "\(count) \(count == 1 ? "file" : "files")" }
    let bytes = reads.reduce(0) { $0 + $1.file.stamp.byteCount }
    var line = "reads \(files(reads.count)) of `\(source.name)`, \(bytes) bytes"
    let vanished = sets.map(\.changes.vanished.count).max() ?? 0
    if vanished > 0 { line += "; \(files(vanished)) gone" }
    return line
  }

  /// The plan of bringing `sets`, all of `source`, up to date.
  ///
  /// - Parameters:
  ///   - rebuild: Read everything again, whatever is known.
  ///   - paths: Read these files, again where they were read, and no others.
  init(
    _ source: SourcePlan, _ sets: [SetPlan], _ project: Project, _ registry: Registry,
    rebuild: Bool, only paths: Set<String>? = nil, at moment: Instant
  ) throws {
    self.source = source
    isPartial = paths != nil
    lookedAt = moment
    guard let definition = project.definitions.source(source.name) else {
      preconditionFailure("no source is called \(source.name)")
    }
    let found = try FoundFile.all(of: definition, in: project)
    let data = try registry.currentData()
    var works: [SetWork] = []
    var readers: [FoundFile: [Int]] = [:]
    for (place, set) in sets.enumerated() {
      let contents = try registry.contents(of: SetName(set), at: data)
      let last = try registry.lastRead(of: set.name)
      var changes = try SourceChanges(
        rebuild ? [] : contents.files, found, checkpoint: project.checkpoint)
      if let paths { changes = changes.again(paths, among: contents.files, found) }
      works.append(
        SetWork(
          set: set, changes: changes,
          isRebuilt: last != nil && (rebuild || last?.layout != set.layout), contents: contents,
          isFirst: last == nil))
      for file in changes.toRead { readers[file, default: []].append(place) }
    }
    self.sets = works
    reads = readers.sorted { $0.key.path < $1.key.path }.map { ($0.key, $0.value) }
  }
}

extension SetName {
  /// The name of `set` and of how it keeps its rows.
  init(_ set: SetPlan) { self.init(set.name, layout: set.layout) }
}
