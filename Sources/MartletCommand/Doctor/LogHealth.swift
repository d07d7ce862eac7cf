import MartletRegistry

/// Whether the registry's log of changes is the one that was written, row by row.
struct LogHealth: Equatable {
  var rowCount: Int

  /// What is wrong with it.
  var problem: String?

  /// What to do about it.
  var help =
    "compare the registry with an older copy; `martlet history --audit` shows the first wrong row"

  /// Whether it could be looked at.
  var isReadable = true

  /// The log in the registry of a call's store; `nil` while there is none.
  static func of(_ invocation: Invocation) -> LogHealth? {
    let registry: Registry
    do {
      guard let found = try Registry.ifThere(of: invocation) else { return nil }
      registry = found
    } catch {
      var health = LogHealth(rowCount: 0, problem: "\(error)", isReadable: false)
      guard let error = error as? CommandError else { return health }
      health.problem = "\(error.attempt): \(error.reason)"
      if let help = error.help.first { health.help = help }
      return health
    }
    do throws(CommandError) {
      let entries = try withRegistryErrors(registry.audit)
      try withRegistryErrors(registry.verifyAudit)
      return LogHealth(rowCount: entries.count)
    } catch {
      return LogHealth(rowCount: 0, problem: "\(error.attempt): \(error.reason)")
    }
  }
}

extension LogHealth: CustomStringConvertible {
  var description: String {
    if !isReadable { return "cannot be read" }
    return problem == nil
      ? "\(count(rowCount, "change")), each as it was written" : "not as it was written"
  }
}
