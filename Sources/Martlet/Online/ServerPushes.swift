import Glibc
public import MartletRegistry

extension Registry {
  /// Has the server that holds the online store write to files what was pushed to it, for a run that is
  /// about to begin; where none runs there is nothing to wait for.
  ///
  /// - Parameter checkpoint: Throws when there is no more point in waiting.
  /// - Returns: Whether the run will see all that was pushed; `false` where the server does not answer,
  ///   and where it ended meanwhile: then the online store is free.
  public func collectServerPushes(checkpoint: () throws -> Void) throws -> Bool {
    guard let server = try server(), Self.runs(server.process) else { return true }
    let ask = try askForPushFiles()
    for _ in 0..<Self.pushLookLimit {
      if try hasWrittenPushFiles(since: ask) { return true }
      guard Self.runs(server.process) else { return false }
      try checkpoint()
      usleep(Self.pushLookPause)
    }
    return false
  }

  private static func runs(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

  /// Ten seconds altogether.
  private static let pushLookLimit = 500
  private static let pushLookPause: UInt32 = 20_000
}
