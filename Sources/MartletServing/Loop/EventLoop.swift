import Glibc

/// One thread's connections: waits for sockets, moves bytes, and lets `Connection` and the handler
/// decide.
///
///     sockets ──▶ Poller ──▶ Peer.connection ──▶ handler ──answer──▶ sockets
///     other threads ──▶ Mailbox ─────▲              └──job──▶ Workers ──▶ Mailbox
///
/// All but the mailbox belongs to the loop's own thread.
final class EventLoop {
  let mailbox: Mailbox
  private let poller: Poller
  private let handler: any RequestHandler
  private let workers: Workers
  private let settings: ServerSettings
  private let counters: ConnectionCounters

  /// By socket number.
  private var peers: [Peer?] = []
  private var peerCount = 0
  private var generation: UInt64 = 0

  private var now: Double
  private var date = HTTPDate(second: 0)
  private var nextSweep = 0.0
  private var drainEnd: Double?

  /// Accepts for all loops, if this one listens.
  private var door: Door?

  private static let bellKey = UInt64.max
  private static let doorKey = UInt64.max - 1

  /// Room for one read; a request that is larger takes several.
  private static let readRoom = 16 * 1024

  init(
    _ mailbox: Mailbox, door: Door?, handler: any RequestHandler, workers: Workers,
    settings: ServerSettings, counters: ConnectionCounters
  ) throws(SocketError) {
    self.mailbox = mailbox
    self.door = door
    self.handler = handler
    self.workers = workers
    self.settings = settings
    self.counters = counters
    now = Double(Clock.nanoseconds) / 1e9
    poller = try Poller()
    try poller.add(mailbox.bell, .input, key: Self.bellKey)
    if let door { try poller.add(door.socket, .input, key: Self.doorKey) }
  }

  /// Goes on until it is drained.
  func run() {
    while true {
      poller.wait(milliseconds: drainEnd == nil ? 500 : 20) { event in
        now = Double(Clock.nanoseconds) / 1e9
        switch event.key {
        case Self.bellKey: readLetters()
        case Self.doorKey: acceptCallers()
        default: serve(event)
        }
      }
      now = Double(Clock.nanoseconds) / 1e9
      if now >= nextSweep { sweep() }
      if let drainEnd, peerCount == 0 || now >= drainEnd {
        for case let peer? in peers { drop(peer) }
        return
      }
    }
  }

  private func refreshDate() {
    let second = Int(Clock.microseconds / 1_000_000)
    if second != date.second { date = HTTPDate(second: second) }
  }
}

// MARK: - Coming and going

extension EventLoop {
  private func acceptCallers() {
    guard let door else { return }
    // A bounded number at a time, so that those who are in are served too.
    for _ in 0..<64 {
      switch door.accept() {
      case .caller(let socket, let mailbox):
        if mailbox === self.mailbox {
          admit(socket)
        } else {
          mailbox.post(.connection(socket))
        }
      case .nobody: return
      case .exhausted:
        // No sockets are left: the door is looked at again when some may have been given back.
        poller.remove(door.socket)
        door.isWatched = false
        return
      }
    }
  }

  private func admit(_ socket: Int32) {
    var yes: Int32 = 1
    setsockopt(
      socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    generation = generation &+ 1 & 0x7FFF_FFFF
    let key = generation << 32 | UInt64(UInt32(bitPattern: socket))
    let transport = Socket(socket)
    let peer = Peer(
      socket, transport, key: key,
      Connection(requests: settings.requests, limits: settings.connections, at: now))
    do {
      try poller.add(socket, .input, key: key)
    } catch {
      // The system has no memory for one more; the caller sees a closed connection.
      transport.close()
      counters.closed()
      return
    }
    let index = Int(socket)
    if index >= peers.count {
      peers.append(contentsOf: repeatElement(nil, count: index + 1 - peers.count))
    }
    peers[index] = peer
    peerCount += 1
    if drainEnd != nil { peer.connection.drain() }
  }

  private func drop(_ peer: Peer) {
    peer.connection.broke()
    peers[Int(peer.socket)] = nil
    peerCount -= 1
    // Closing ends the watching, since nobody else holds the socket.
    peer.transport.close()
    counters.closed()
  }

  private func peer(_ key: UInt64) -> Peer? {
    let index = Int(UInt32(truncatingIfNeeded: key))
    guard index < peers.count, let peer = peers[index], peer.key == key else { return nil }
    return peer
  }

  private func readLetters() {
    for letter in mailbox.empty() {
      switch letter {
      case .connection(let socket): admit(socket)
      case .answer(let key, let answer):
        // The caller may have gone meanwhile.
        guard let peer = peer(key) else { continue }
        peer.connection.answerArrived(
          &answer.bytes, endsConnection: answer.endsConnection, at: now)
        advance(peer)
      case .drain(let end):
        drainEnd = end
        if let door, door.isWatched { poller.remove(door.socket) }
        door = nil
        for case let peer? in peers {
          peer.connection.drain()
          flush(peer)
        }
      }
    }
  }

  /// Ends what has taken too long.
  private func sweep() {
    nextSweep = now + 0.25
    refreshDate()
    if let door, !door.isWatched {
      // Refused where memory is still short; the next sweep tries again.
      door.isWatched = (try? poller.add(door.socket, .input, key: Self.doorKey)) != nil
    }
    for case let peer? in peers {
      guard let expiry = peer.connection.expiry(at: now) else {
        peer.connection.rest(at: now)
        continue
      }
      counters.expired(expiry)
      switch expiry {
      case .idle, .slowCaller: drop(peer)
      case .slowRequest:
        end(peer, with: .tooSlow)
        flush(peer)
      }
    }
  }
}

// MARK: - Serving

extension EventLoop {
  private func serve(_ event: Poller.Event) {
    guard let peer = peer(event.key) else { return }
    if event.canSend, !peer.connection.output.isEmpty {
      guard send(peer) else { return }
    }
    if event.canReceive {
      if !peer.connection.wantsInput {
        // The caller speaks out of turn, and its bytes wait in the system's buffers; or it has gone,
        // and nobody waits for the answer.
        event.isGone ? drop(peer) : settle(peer)
        return
      }
      guard receive(peer) else { return }
    }
    advance(peer)
  }

  /// Reads what has arrived; `false` when the connection is gone.
  private func receive(_ peer: Peer) -> Bool {
    var transfer = Transfer.wouldWait
    peer.connection.receive(upTo: Self.readRoom, at: now) { room in
      transfer = peer.transport.receive(into: room)
      guard case .moved(let count) = transfer else { return 0 }
      return count
    }
    switch transfer {
    case .moved, .wouldWait: return true
    case .ended:
      peer.connection.inputEnded()
      if peer.connection.phase == .closed {
        drop(peer)
        return false
      }
      return true
    case .broken:
      drop(peer)
      return false
    }
  }

  /// Answers what can be answered and sends it.
  private func advance(_ peer: Peer) {
    while true {
      switch peer.connection.next() {
      case .wait:
        let waited = peer.connection.output.count
        flush(peer)
        // Room was made: there may be more requests in the bytes.
        if waited >= settings.connections.waitingAnswerBytes, peer.connection.output.isEmpty,
          peer.connection.phase == .reading
        {
          continue
        }
        return
      case .look: look(peer)
      case .answer: answer(peer)
      case .refuse(let refusal): end(peer, with: fault(of: peer, or: .refused(refusal)))
      }
    }
  }

  private func look(_ peer: Peer) {
    let admission = handler.look(at: peer.connection.request)
    peer.admission = admission
    switch admission {
    case .read(let limit, _, _): peer.connection.readBody(upTo: limit)
    case .refuse(let problem, let route):
      if peer.connection.reader.canDropBody {
        peer.connection.readBody(upTo: peer.connection.reader.droppedBodyLimit)
      } else {
        end(peer, with: .problem(problem, route))
      }
    }
  }

  /// What was wrong with the head outweighs what is wrong behind it.
  private func fault(of peer: Peer, or later: ConnectionFault) -> ConnectionFault {
    guard case .refuse(let problem, let route)? = peer.admission else { return later }
    return .problem(problem, route)
  }

  /// Answers for the last time.
  private func end(_ peer: Peer, with fault: ConnectionFault) {
    peer.connection.refuse { handler.answer(fault, at: date, into: &$0) }
    peer.admission = nil
  }

  private func answer(_ peer: Peer) {
    guard let admission = peer.admission else { return drop(peer) }
    let start = Clock.nanoseconds
    peer.connection.answer { request, goesOn, output in
      let moment = AnswerMoment(date: date, goesOn: goesOn, start: start)
      switch handler.answer(request, admitted: admission, moment, into: &output) {
      case .written: return .now
      case .job(let job):
        if hand(over: job, peer.key, goesOn) { return .later }
        handler.answerBusy(request, admitted: admission, moment, into: &output)
        return .now
      }
    }
    peer.admission = nil
  }

  private func hand(
    over job: @escaping @Sendable (inout ByteQueue) -> Void, _ key: UInt64, _ goesOn: Bool
  ) -> Bool {
    let mailbox = mailbox
    return workers.submit {
      var answer = ByteQueue()
      job(&answer)
      mailbox.post(.answer(key: key, FinishedAnswer(answer, endsConnection: !goesOn)))
    }
  }

  /// Sends what waits, and settles what is watched for.
  private func flush(_ peer: Peer) {
    guard peer.connection.output.isEmpty ? settleEnd(peer, sent: 0) : send(peer) else { return }
    settle(peer)
  }

  /// Sends what waits; `false` when the connection is gone.
  private func send(_ peer: Peer) -> Bool {
    switch peer.transport.send(peer.connection.output.unsafeBytes) {
    case .moved(let count): return settleEnd(peer, sent: count)
    case .wouldWait: return true
    case .ended, .broken:
      drop(peer)
      return false
    }
  }

  /// Does what the connection wants once bytes are sent; `false` when it is gone.
  private func settleEnd(_ peer: Peer, sent count: Int) -> Bool {
    switch peer.connection.sent(count, at: now) {
    case .goOn: return true
    case .endSending:
      peer.transport.endSending()
      return true
    case .close:
      drop(peer)
      return false
    }
  }

  /// Watches for what the connection waits for now.
  private func settle(_ peer: Peer) {
    var interest: Poller.Interest = []
    if peer.connection.wantsInput { interest.insert(.input) }
    if !peer.connection.output.isEmpty { interest.insert(.output) }
    // While a worker has the request the watching goes on; only a caller that speaks then costs a
    // change.
    guard interest != peer.interest else { return }
    peer.interest = interest
    poller.change(peer.socket, to: interest, key: peer.key)
  }
}
