import Martlet
import MartletRegistry

/// Whether what the store keeps is what was written into it: that it is there, or byte by byte.
struct DataHealth: Equatable {
  /// Whether every byte was looked at.
  var isDeep: Bool
  var segmentCount: Int
  var byteCount: Int

  /// Files among the segments that the registry does not know.
  var strangers: [String]

  /// What is wrong.
  var problems: [Checkup.Problem]

  /// That of a call's store; `nil` while there is no registry.
  static func of(_ invocation: Invocation, isDeep: Bool) throws -> DataHealth? {
    guard let store = invocation.settings.store.value,
      let registry = try Registry.ifThere(of: invocation)
    else { return nil }
    let check = try withProjectErrors {
      try StoreCheck(
        registry, store: store, isDeep ? .pages : .sizes,
        checkpoint: { try invocation.interruption.check() })
    }
    let faults = isDeep ? try withRegistryErrors(registry.faults) : []
    var problems = faults.map { fault in
      Checkup.Problem(
        title: "the registry is damaged: \(fault)",
        help: "put an older copy of `registry.sqlite` in its place, then `martlet materialize`")
    }
    problems += check.problems.map { problem in
      Checkup.Problem(
        title: "\(problem.set): \(problem.words)",
        help: problem.isCurrent
          ? "`martlet materialize --repair`"
          : "only older versions of the data have it; `martlet materialize --repair` gives it up")
    }
    return DataHealth(
      isDeep: isDeep, segmentCount: check.segmentCount, byteCount: check.byteCount,
      strangers: check.strangers,
      problems: problems)
  }
}

extension DataHealth: CustomStringConvertible {
  var description: String {
    var words = "\(count(segmentCount, "segment")), \(byteCount.asSize), "
    switch (isDeep, problems.isEmpty) {
    case (true, true): words += "each as it was written"
    case (true, false): words += "not all as they were written"
    case (false, true): words += "each there"
    case (false, false): words += "not all there"
    }
    if !strangers.isEmpty {
      words += "; \(count(strangers.count, "file")) more, which the next run removes"
    }
    return words
  }
}
