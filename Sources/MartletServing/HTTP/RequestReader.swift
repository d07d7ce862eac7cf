/// Cuts requests out of one connection's bytes, however these were cut on the way.
///
///     bytes ──▶ head ──readBody──▶ body ──▶ complete ──finish──▶ next request's head
///                 └── refused: nothing more is read
///
/// The head is shown before the body is read, so that who may not ask, or asks for nothing that is
/// there, is told before a body of any size has come.
struct RequestReader: ~Copyable {
  /// The bytes of the request at hand, and of those behind it.
  var queue = ByteQueue()
  private let limits: RequestLimits
  private var parser = HeadParser()
  private var stage = Stage.head

  private enum Stage {
    case head
    case undecided
    case body(end: Int)
    case chunks(ChunkReader, limit: Int)
    case complete(end: Int)
    case refused(RequestRefusal)
  }

  /// What there is to do.
  enum Event: Equatable {
    /// More bytes are needed.
    case more

    /// The head is complete; `readBody` goes on.
    case head

    /// The request is complete; `finish` goes on.
    case complete

    /// There will be no further request.
    case refused(RequestRefusal)
  }

  init(limits: RequestLimits) { self.limits = limits }

  /// The head, once it is complete.
  var head: RequestHead { parser.head }

  /// Where the body lies in the queue, once it is complete.
  var body: Range<Int> {
    guard case .complete(let end) = stage else { return 0..<0 }
    return parser.byteCount..<end
  }

  /// Whether the bytes held begin a request that is not complete.
  var isInTheMiddle: Bool {
    switch stage {
    case .head: !queue.isEmpty
    default: true
    }
  }

  /// Goes as far as the bytes held allow.
  mutating func next() -> Event {
    do {
      return try advance()
    } catch {
      stage = .refused(error)
      return .refused(error)
    }
  }

  private mutating func advance() throws(RequestRefusal) -> Event {
    switch stage {
    case .head:
      var parser = parser
      let isComplete = try parser.advance(queue.span, limits)
      self.parser = parser
      guard isComplete else { return .more }
      stage = .undecided
      return .head
    case .undecided:
      return .head
    case .body(let end):
      guard queue.count >= end else { return .more }
      stage = .complete(end: end)
      return .complete
    case .chunks(var chunks, let limit):
      let isComplete = try chunks.advance(&queue, bodyLimit: limit, limits)
      stage = isComplete ? .complete(end: chunks.bodyEnd) : .chunks(chunks, limit: limit)
      return isComplete ? .complete : .more
    case .complete:
      return .complete
    case .refused(let refusal):
      throw refusal
    }
  }

  /// Reads the body, which may have `limit` bytes; `next` says when it is there.
  mutating func readBody(upTo limit: Int) {
    guard case .undecided = stage else { preconditionFailure("there is no head to read on from") }
    switch head.body {
    case .none: stage = .complete(end: parser.byteCount)
    case .length(let length):
      stage =
        length <= limit
        ? .body(end: parser.byteCount + length) : .refused(.bodyTooLarge(limit: limit))
    case .chunked: stage = .chunks(ChunkReader(from: parser.byteCount), limit: limit)
    }
  }

  /// Whether the body that has not been read is small enough to be read and dropped.
  var canDropBody: Bool {
    switch head.body {
    case .none: true
    case .length(let length): length <= limits.droppedBodyBytes && !head.expectsContinue
    case .chunked: !head.expectsContinue
    }
  }

  /// How much of a refused request's body is read all the same.
  var droppedBodyLimit: Int { limits.droppedBodyBytes }

  /// Takes the complete request away and begins the next one.
  mutating func finish() {
    guard case .complete(let end) = stage else { preconditionFailure("no request is complete") }
    queue.removeFirst(end)
    parser = HeadParser()
    stage = .head
  }
}
