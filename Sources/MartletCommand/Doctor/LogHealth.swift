import MartletRegistry

/// Whether the registry's log of changes is the one that was written, row by row.
struct LogHealth: Equatable {
  var rowCount: Int

  /// What is wrong with it.
  var problem: String?

  let help =
    "compare the registry with an older copy; `martlet history --audit` shows the first wrong row"

  /// The log in the registry of a call's store; `nil` while there is none.
  static func of(_ invocation: Invocation) -> LogHealth? {
    do {
      guard let registry = try Registry.ifThere(of: invocation) else { return nil }
      let entries = try withRegistryErrors(registry.audit)
      try withRegistryErrors(registry.verifyAudit)
      return LogHealth(rowCount: entries.count)
    } catch let error as CommandError {
      return LogHealth(rowCount: 0, problem: "\(error.attempt): \(error.reason)")
    } catch {
      return LogHealth(rowCount: 0, problem: "\(error)")
    }
  }
}

extension LogHealth: CustomStringConvertible {
  var description: String {
    problem == nil
      ? "\(count(rowCount, "change")), each as it was written" : "not as it was written"
  }
}
