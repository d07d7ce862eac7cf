import MartletColumns
import MartletDiagnostics
import MartletOffline
import MartletRegistry

extension Registry {
  /// Ends runs over `sets` that died, and removes what they left in the store at `store`.
  ///
  /// The caller holds the sets' locks: whatever is unfinished of them is nobody's any more.
  func clearUp(after sets: [String], in store: String, at moment: Instant) throws {
    let names = Set(sets)
    for run in try unfinishedRuns()
    where run.subject.split(separator: ",").contains(where: { names.contains(String($0)) }) {
      let report: JSON = ["error": "the process died"]
      try abandon(run: run.number, at: moment, report: report.text)
    }
    try removeUnlisted(of: sets, in: store)
  }

  /// Ends `run` over `sets`, which `error` ended, and removes what it left in the store at `store`. The caller
  /// holds the sets' locks.
  func giveUp(
    _ run: Int, over sets: [String], in store: String, at moment: Instant, because error: any Error
  ) {
    let report: JSON = ["error": .string("\(error)")]
    // What ended the run is what is told, not what may be wrong with the registry too.
    try? abandon(run: run, at: moment, report: report.text)
    // What cannot be cleared up now is by the next run.
    try? removeUnlisted(of: sets, in: store)
  }

  /// Removes what lies in the store at `store` beside the segments that are listed.
  private func removeUnlisted(of sets: [String], in store: String) throws {
    for set in sets {
      let folder = SegmentFolder(of: set, in: store)
      folder.removeLeftovers()
      let known = try segmentNames(of: set)
      for name in folder.segmentNames where !known.contains(name) { folder.remove(name) }
    }
  }
}
