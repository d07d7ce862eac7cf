/// How long a connection may do nothing, or too little, before it is ended.
public struct ConnectionLimits: Sendable, Equatable {
  /// Between requests.
  public var idleSeconds = 75.0

  /// From a request's first byte to the end of its head.
  public var headSeconds = 10.0

  /// From its first byte to the end of its body, besides what the bytes themselves take at
  /// `leastBytesPerSecond`.
  public var bodySeconds = 20.0

  /// For a caller to take an answer, besides the same.
  public var answerSeconds = 20.0

  /// A caller that sends or takes less than this on the average is too slow.
  public var leastBytesPerSecond = 4_096.0

  /// After the last answer, for the caller to see it and close.
  public var lingerSeconds = 2.0

  /// Answers that wait to be sent; beyond it nothing more is read.
  public var waitingAnswerBytes = 256 * 1024

  public init() {}
}
