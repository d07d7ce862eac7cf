/// One connection without its socket: bytes go in, requests come out; answers go in, bytes come out.
///
///              ┌────────────────answered───────────────┐
///              ▼                                       │
///     reading ──head──▶ admitted ──complete──▶ asked ──┴─handed over──▶ waiting
///        │                                       │                        │
///        └──refused, drained, or the caller's last one: its answer──▶ ending
///                                                  ending ──sent──▶ lingering ──▶ closed
///
/// Whoever holds the socket calls `next` for what is to be done and says what has happened. Time is a
/// parameter, and so the tests need neither.
struct Connection: ~Copyable {
  private(set) var reader: RequestReader

  /// Answers that wait to be sent.
  private(set) var output = ByteQueue()

  private(set) var phase = Phase.reading
  private let limits: ConnectionLimits
  private var isDraining = false
  private var hasInputEnded = false

  /// When what is measured now began, and how many bytes it has moved since.
  private var began: Seconds
  private var movedBytes = 0

  /// A moment of a clock that never goes back.
  typealias Seconds = Double

  enum Phase: Equatable {
    /// Between requests, or in the middle of one.
    case reading

    /// A head has been shown, and its request is being read on.
    case admitted

    /// Someone else works on the answer.
    case waiting

    /// Nothing more is read; what waits is sent.
    case ending

    /// Everything is sent, and what the caller still sends is dropped, so that it sees the last answer
    /// rather than a reset.
    case lingering

    case closed
  }

  /// What is to be done.
  enum Step: Equatable {
    /// Wait for bytes, for the answer, or for room.
    case wait

    /// Look at the head and call `readBody`, or answer with `refuse`.
    case look

    /// Answer the request.
    case answer

    /// Answer that the bytes are no request; the connection ends with it.
    case refuse(RequestRefusal)
  }

  init(requests: RequestLimits, limits: ConnectionLimits, at now: Seconds) {
    reader = RequestReader(limits: requests)
    self.limits = limits
    began = now
  }

  /// The request at hand; its places are good until the connection is next changed.
  var request: Request { Request(reader.head, in: reader.queue.unsafeBytes, body: reader.body) }

  /// Whether the connection goes on after the answer to the request at hand.
  var goesOn: Bool { reader.head.keepsAlive && !isDraining && phase != .ending }

  /// Whether bytes that arrive now are wanted.
  var wantsInput: Bool {
    switch phase {
    case .reading, .admitted: !hasInputEnded && output.count < limits.waitingAnswerBytes
    case .lingering: true
    case .waiting, .ending, .closed: false
    }
  }
}

// MARK: - Bytes in

extension Connection {
  /// Takes what `read` puts into room for at least `room` bytes; it returns how many it put there.
  mutating func receive(
    upTo room: Int, at now: Seconds, reading read: (UnsafeMutableRawBufferPointer) -> Int
  ) {
    let isFirst = phase == .reading && !reader.isInTheMiddle && output.isEmpty
    let before = reader.queue.count
    reader.queue.append(upTo: room, writing: read)
    let count = reader.queue.count - before
    if isFirst, count > 0 { (began, movedBytes) = (now, 0) }
    movedBytes += count
    if phase == .lingering { reader.queue.removeFirst(reader.queue.count) }
  }

  /// The caller will send nothing more. What it has sent is answered all the same.
  mutating func inputEnded() {
    hasInputEnded = true
    if phase == .lingering { phase = .closed }
  }

  /// What is to be done next.
  mutating func next() -> Step {
    switch phase {
    case .reading, .admitted:
      if output.count >= limits.waitingAnswerBytes { return .wait }
      switch reader.next() {
      case .more:
        if hasInputEnded || isDraining && !reader.isInTheMiddle { end() }
        return .wait
      case .head:
        phase = .admitted
        return .look
      case .complete: return .answer
      case .refused(let refusal): return .refuse(refusal)
      }
    case .waiting, .ending, .lingering, .closed: return .wait
    }
  }

  /// Reads the request's body, which may have `limit` bytes.
  mutating func readBody(upTo limit: Int) {
    if reader.head.expectsContinue { output.append("HTTP/1.1 100 Continue\r\n\r\n") }
    reader.readBody(upTo: limit)
  }
}

// MARK: - Answers

extension Connection {
  /// Calls `answer` with the request at hand and the room for its answer, then goes on.
  mutating func answer(_ answer: (Request, _ goesOn: Bool, inout ByteQueue) -> Answered) {
    let goesOn = goesOn
    switch answer(request, goesOn, &output) {
    case .now:
      reader.finish()
      phase = .reading
      if !goesOn { end() }
    case .later:
      phase = .waiting
    }
  }

  /// Whether an answer is written, or will be.
  enum Answered {
    case now
    case later
  }

  /// Appends the answer that somebody else has worked out, and goes on.
  mutating func answerArrived(
    _ answer: inout ByteQueue, endsConnection: Bool, at now: Seconds
  ) {
    guard phase == .waiting else { return }
    // Nearly always nothing else waits, and the memory itself goes over.
    if output.isEmpty { swap(&output, &answer) } else { output.append(answer.unsafeBytes) }
    reader.finish()
    phase = .reading
    (began, movedBytes) = (now, 0)
    if endsConnection || isDraining { end() }
  }

  /// Appends a last answer, which `write` writes: what follows in the bytes is not looked at.
  mutating func refuse(_ write: (inout ByteQueue) -> Void) {
    write(&output)
    end()
  }

  /// Lets nothing begin that has not begun.
  mutating func drain() {
    isDraining = true
    if phase == .reading, !reader.isInTheMiddle { end() }
  }

  private mutating func end() {
    if phase != .closed { phase = .ending }
  }
}

// MARK: - Bytes out

extension Connection {
  /// What the socket is to do when all that can be sent has been.
  enum AfterSending {
    case goOn
    case endSending
    case close
  }

  /// The caller has taken the first `count` bytes of `output`.
  mutating func sent(_ count: Int, at now: Seconds) -> AfterSending {
    output.removeFirst(count)
    movedBytes += count
    guard output.isEmpty else { return .goOn }
    if count > 0 { (began, movedBytes) = (now, 0) }
    guard phase == .ending else { return .goOn }
    if hasInputEnded {
      phase = .closed
      return .close
    }
    phase = .lingering
    reader.queue.removeFirst(reader.queue.count)
    return .endSending
  }

  /// The socket is of no more use.
  mutating func broke() { phase = .closed }

  /// Gives back memory that holds nothing and has not been needed for a second: a caller that asks all
  /// the time keeps its own.
  mutating func rest(at now: Seconds) {
    guard phase == .reading, now - began > 1 else { return }
    output.releaseIfEmpty()
    reader.queue.releaseIfEmpty()
  }
}

// MARK: - Time

extension Connection {
  /// Why a connection has been going on for too long.
  enum Expiry: Equatable {
    /// Nothing was asked; it is closed without a word.
    case idle

    /// A request takes too long to arrive, and 408 says so.
    case slowRequest

    /// The caller does not take its answer, or does not go away.
    case slowCaller
  }

  /// Whether a limit is passed at `now`.
  func expiry(at now: Seconds) -> Expiry? {
    let elapsed = now - began
    let transfer = Double(movedBytes) / limits.leastBytesPerSecond
    if !output.isEmpty { return elapsed > limits.answerSeconds + transfer ? .slowCaller : nil }
    switch phase {
    case .reading where !reader.isInTheMiddle: return elapsed > limits.idleSeconds ? .idle : nil
    case .reading: return elapsed > limits.headSeconds ? .slowRequest : nil
    case .admitted: return elapsed > limits.bodySeconds + transfer ? .slowRequest : nil
    case .waiting: return nil
    case .ending, .lingering: return elapsed > limits.lingerSeconds ? .slowCaller : nil
    case .closed: return .slowCaller
    }
  }
}
