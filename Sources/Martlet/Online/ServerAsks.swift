import Glibc
public import MartletRegistry

/// What a process asks, through the registry, of the server that holds the online store.
extension Registry {
  /// Has the server that holds the online store write to files what was pushed to it, for a run that is
  /// about to begin; where none runs there is nothing to wait for.
  ///
  /// - Parameter checkpoint: Throws when there is no more point in waiting.
  /// - Returns: Whether the run will see all that was pushed; `false` where the server does not answer,
  ///   and where it ended meanwhile: then the online store is free.
  public func collectServerPushes(checkpoint: () throws -> Void) throws -> Bool {
    guard let server = try server(), server.isAlive else { return true }
    let ask = try askForPushFiles()
    let answer = try answer(of: server, checkpoint) {
      try hasWrittenPushFiles(since: ask) ? true : nil
    }
    return answer ?? false
  }

  /// Has the server go back to the load before for the sets called `names`, or for all that have one.
  ///
  /// - Returns: What became of it; `nil` where the server does not answer, and will not do it later.
  public func haveServerGoBack(
    _ names: [String], checkpoint: () throws -> Void
  ) throws -> GoingBack? {
    guard let server = try server() else { return nil }
    let ask = try askToGoBack(names)
    var answer: GoingBack?
    defer {
      // Nobody waits for it any more; a server that begins anew forgets it as well.
      if answer == nil { try? withdrawGoingBack(ask) }
    }
    answer = try self.answer(of: server, checkpoint) { try answerToGoingBack(ask) }
    return answer
  }

  /// The answer of `server`, looked for during ten seconds, as long as it lives.
  private func answer<Answer>(
    of server: ServerRecord, _ checkpoint: () throws -> Void, _ look: () throws -> Answer?
  ) throws -> Answer? {
    for _ in 0..<Self.lookLimit {
      if let answer = try look() { return answer }
      guard server.isAlive else { return nil }
      try checkpoint()
      usleep(Self.lookPause)
    }
    return nil
  }

  /// Ten seconds altogether.
  private static let lookLimit = 500
  private static let lookPause: UInt32 = 20_000
}

extension ServerRecord {
  /// Whether the process is there.
  public var isAlive: Bool { kill(process, 0) == 0 || errno == EPERM }
}
