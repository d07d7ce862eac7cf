import MartletColumns
import MartletDiagnostics
import MartletOffline
public import MartletPlan
public import MartletRegistry

/// Looks at the rows that a run added to a set, and keeps what they look like with the run.
public enum RunProfile {
  /// So many rows are looked at; of more, parts from all over.
  private static let rowLimit = 1 << 18

  /// Keeps profiles of what `run` added to `sets` with version `data` of the data.
  public static func record(
    _ sets: [SetPlan], run: Int, data: Int, _ project: Project, _ registry: Registry
  ) throws {
    for set in sets {
      let name = SetName(set)
      let before = Set(try registry.contents(of: name, at: data - 1).segments.map(\.number))
      let added = try registry.contents(of: name, at: data).segments.filter {
        !before.contains($0.number)
      }
      let profiles = try profiles(of: added, set, project)
      try registry.record(
        profiles.map { ($0.name, $0.json.text) }, of: set.name, run: run)
    }
  }

  private static func profiles(
    of segments: [SegmentRecord], _ set: SetPlan, _ project: Project
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
        }
      }
    }
    return profiles
  }
}
