/// How large a request may be before it is refused. Each has a default that ordinary callers never
/// meet.
public struct RequestLimits: Sendable, Equatable {
  /// The request line: method, path and query. Beyond it the answer is 414.
  public var requestLineBytes = 8 * 1024

  /// The request line and all fields together. Beyond it the answer is 431.
  public var headBytes = 32 * 1024

  /// Beyond this many fields the answer is 431.
  public var fieldCount = 100

  /// The line that announces a chunk, with its extensions, which nobody reads.
  public var chunkLineBytes = 256

  /// A refused request's body up to this size is read and dropped, so that the connection can go on;
  /// beyond it the connection ends.
  public var droppedBodyBytes = 64 * 1024

  public init() {}
}
