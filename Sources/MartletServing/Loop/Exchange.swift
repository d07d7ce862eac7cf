/// What a loop asks of whoever answers requests. Called on the loops' threads, by several at once.
protocol RequestHandler: Sendable {
  /// Looks at a request's head, before its body is read.
  func look(at request: Request) -> Admission

  /// Answers a complete request into `output`, or hands it to a worker.
  func answer(
    _ request: Request, admitted: Admission, _ moment: AnswerMoment, into output: inout ByteQueue
  ) -> Answering

  /// Answers a request for whose job no worker has room.
  func answerBusy(
    _ request: Request, admitted: Admission, _ moment: AnswerMoment, into output: inout ByteQueue)

  /// Answers what is no request, or came too slowly; the connection ends with it.
  func answer(_ fault: ConnectionFault, at date: HTTPDate, into output: inout ByteQueue)
}

/// What a head was good for.
enum Admission {
  /// The body is read, up to a limit, and the request answered.
  case read(limit: Int, route: Route, caller: Caller)

  /// The request will be refused, whatever its body.
  case refuse(Problem, Route?)
}

/// The circumstances of an answer.
struct AnswerMoment {
  var date: HTTPDate

  /// Whether the connection goes on behind the answer.
  var goesOn: Bool

  /// When the request was complete, in nanoseconds of a clock that never goes back.
  var start: UInt64
}

/// Whether an answer is written, or who works on it.
enum Answering {
  case written
  case job(@Sendable (inout ByteQueue) -> Void)
}

/// What ends a connection from our side before a request can be answered.
enum ConnectionFault {
  case refused(RequestRefusal)
  case tooSlow
  /// The request was refused by its head, and its body is too large to be dropped.
  case problem(Problem, Route?)
}
