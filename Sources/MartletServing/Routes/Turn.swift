/// One request's way to its answer: what is needed once its bytes are gone.
struct Turn: Sendable {
  let route: Route?
  let caller: Caller
  let moment: AnswerMoment

  /// A HEAD is answered as its GET would be, without the body.
  let isHead: Bool

  /// HTTP/1.0 must be told that the connection stays.
  let isOld: Bool

  init(_ request: Request, _ route: Route?, _ caller: Caller, _ moment: AnswerMoment) {
    self.route = route
    self.caller = caller
    self.moment = moment
    isHead = request.head.method == .head
    isOld = request.head.version == .oneDotZero
  }

  var persistence: AnswerHead.Persistence {
    if !moment.goesOn { return .saidToEnd }
    return isOld ? .saidToStay : .asExpected
  }
}
