import MartletColumns
import MartletDiagnostics

extension Responder {
  /// Writes an answer whose body `body` appends, and counts it.
  func write(
    _ turn: Turn, status: HTTPStatus = .ok, type: StaticString, refusing problem: Problem? = nil,
    into output: inout ByteQueue, body: (inout ByteQueue) -> Void
  ) {
    let head = AnswerHead(
      status: status, contentType: type, fields: problem?.headFields ?? "",
      persistence: turn.persistence)
    let size = head.append(to: &output, at: turn.moment.date, body: body)
    if turn.isHead { output.removeLast(size) }
    note(turn, status, problem, bodyBytes: size)
  }

  /// Writes a document.
  func write(_ document: JSON, _ turn: Turn, into output: inout ByteQueue) {
    write(turn, type: "application/json", into: &output) { $0.append(text: document.text) }
  }

  /// Writes why there is no answer, in the shape that the route's callers read.
  func write(_ problem: Problem, _ turn: Turn, into output: inout ByteQueue) {
    if turn.route == .feastGet || turn.route == .feastPush || turn.route == .feastWrite {
      // Feast's clients read a text that holds JSON.
      let words: JSON = [
        "module": "martlet", "class": .string(problem.code), "message": .string(problem.detail),
      ]
      write(
        turn, status: problem.status, type: "application/json", refusing: problem, into: &output
      ) { $0.append(quoted: words.text) }
    } else {
      write(
        turn, status: problem.status, type: "application/problem+json", refusing: problem,
        into: &output
      ) { $0.append(text: problem.json.text) }
    }
  }

  private func note(
    _ turn: Turn, _ status: HTTPStatus, _ problem: Problem?, bodyBytes: Int
  ) {
    let nanoseconds = Clock.nanoseconds &- turn.moment.start
    metrics.count(turn.route, status, nanoseconds: nanoseconds)
    if log.wants(status.rawValue) {
      log.write(
        AccessRecord(
          at: Instant(microseconds: Clock.microseconds), route: turn.route?.name ?? "none",
          caller: turn.caller == .open ? problem?.caller ?? "" : turn.caller.name,
          status: status.rawValue, code: problem?.code, microseconds: nanoseconds / 1_000,
          bodyBytes: bodyBytes))
    }
  }

  func answerBusy(
    _ request: Request, admitted: Admission, _ moment: AnswerMoment, into output: inout ByteQueue
  ) {
    guard case .read(_, let route, let caller) = admitted else { return }
    waiting.end(caller)
    write(.busy, Turn(request, route, caller, moment), into: &output)
  }

  func answer(_ fault: ConnectionFault, at date: HTTPDate, into output: inout ByteQueue) {
    let (problem, route): (Problem, Route?) =
      switch fault {
      case .refused(let refusal): (.refused(refusal), nil)
      case .tooSlow: (.tooSlow, nil)
      case .problem(let problem, let route): (problem, route)
      }
    let moment = AnswerMoment(date: date, goesOn: false, start: Clock.nanoseconds)
    let turn = Turn(Request(RequestHead(), in: Self.nothing, body: 0..<0), route, .open, moment)
    write(problem, turn, into: &output)
  }

  private static var nothing: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: nil, count: 0)
  }
}
