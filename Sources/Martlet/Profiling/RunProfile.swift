import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletOffline
public import MartletPlan
public import MartletRegistry

/// Looks at the rows that a run added to a set, and keeps with the run what they and the set's features
/// look like.
///
///     rows added ──some stretches──▶ columns' profiles
///                         └──some entities, their moments──▶ asked of what is stored ──▶ features' profiles
///
/// Rows are looked at once they are stored, not on their way there: what is read again is a part that is as
/// large for ten million rows as for a hundred thousand, and it is what later readers will find.
public enum RunProfile {
  /// So many rows are looked at; of more, parts from all over.
  private static let rowLimit = 1 << 16

  /// Features are looked at for so many entities where all that is stored is soon read; for fewer where a
  /// page or two of each segment must be read for each: a run that adds little to much stays a short one.
  private static let entityLimit = 1_024
  private static let scatteredEntityLimit = 128
  private static let scatteredReadLimit = 256
  private static let soonRead = 1 << 21

  /// Keeps profiles of what `run` added to `sets` with version `data` of the data.
  public static func record(
    _ sets: [SetPlan], run: Int, data: Int, _ project: Project, _ registry: Registry
  ) throws {
    let stored = try StoredData(project, registry, at: data)
    for set in sets {
      let name = SetName(set)
      let before = Set(try registry.contents(of: name, at: data - 1).segments.map(\.number))
      let segments = try registry.contents(of: name, at: data).segments
      let added = segments.filter { !before.contains($0.number) }
      guard !added.isEmpty else { continue }
      var sample = MomentSample(set, limit: entityLimit)
      let columns = try profiles(of: added, set, project, &sample)
      try registry.record(
        .column, columns.map { ($0.name, JSON.object($0.facts).text) }, of: set.name, run: run)
      let rowCount = segments.reduce(0) { $0 + $1.rowCount }
      let features = try profiles(
        of: set, &sample, storedRows: rowCount, inSegments: segments.count, stored)
      try registry.record(.feature, features, of: set.name, run: run)
    }
  }

  private static func profiles(
    of segments: [SegmentRecord], _ set: SetPlan, _ project: Project, _ sample: inout MomentSample
  ) throws -> [ColumnProfile] {
    let rowCount = segments.reduce(0) { $0 + $1.rowCount }
    let step = max(1, (rowCount + rowLimit - 1) / rowLimit)
    let folder = SegmentFolder(of: set.name, in: project.store)
    var profiles: [ColumnProfile] = []
    var place = 0
    for segment in segments {
      let reader = try SegmentReader(
        set, SegmentFacts(segment), in: folder, withdrawn: segment.withdrawn)
      for stretch in reader.stretches(of: 1) {
        defer { place += 1 }
        guard place % step == 0 else { continue }
        try reader.read(stretch) { batch in
          try project.checkpoint()
          if profiles.isEmpty { profiles = batch.schema.fields.map { ColumnProfile($0.name) } }
          for (index, column) in batch.columns.enumerated() { profiles[index].add(column) }
          sample.add(batch)
        }
      }
    }
    return profiles
  }

  /// What the features of `set` look like, each as of the moments of `sample`: as a training set of these
  /// rows would have them.
  private static func profiles(
    of set: SetPlan, _ sample: inout MomentSample, storedRows: Int,
    inSegments segmentCount: Int, _ stored: StoredData
  ) throws -> [(name: String, facts: String)] {
    let isLittle = storedRows <= soonRead
    let asked = sample.questions(
      limit: isLittle
        ? entityLimit : min(scatteredEntityLimit, max(8, scatteredReadLimit / segmentCount)),
      rowLimit: isLittle ? .max : rowLimit)
    guard let asked, asked.times.count > 0 else { return [] }
    let answers = try stored.answers(of: set, keys: asked.keys, at: asked.times)
    return set.features.enumerated().map { place, feature in
      var profile = ColumnProfile(feature.name)
      profile.add(answers.columns[place])
      let counts = answers.statuses(of: place).counts()
      let statuses = ValueStatus.allCases.map { JSON.Member("\($0)", .count(counts[$0] ?? 0)) }
      let facts = profile.facts + [JSON.Member("statuses", .object(statuses))]
      return (feature.name, JSON.object(facts).text)
    }
  }
}
