/// How a server runs. Every limit has a default that an ordinary service never meets.
public struct ServerSettings: Sendable {
  /// How large requests may be.
  public var requests = RequestLimits()

  /// How slow callers may be.
  public var connections = ConnectionLimits()

  /// Connections beyond this are turned away with 503.
  public var connectionLimit = 20_000

  /// Threads that serve connections; as many as the machine has processors for us, if not said.
  public var loopCount: Int?

  /// Threads for what may wait for a disk.
  public var workerCount = 4

  /// Requests that wait for these threads; beyond it the answer is 503.
  public var workerQueueLimit = 1_024

  /// Of these, as many may be of one token; beyond it the answer is 429.
  public var waitingLimitOfCaller = 256

  /// The largest body that asks for features.
  public var questionBytes = 8 * 1024 * 1024

  /// The largest body that pushes rows.
  public var pushBytes = 64 * 1024 * 1024

  /// Entities that may be asked for in one request.
  public var rowLimit = 10_000

  public init() {}
}
