/// What stands before an answer's body.
///
///     HTTP/1.1 200 OK
///     Date: Sat, 21 Nov 2026 08:00:00 GMT
///     Content-Type: application/json
///     Content-Length:        512
///
/// The length is known last and written last, into room that was left for it: blanks before a value
/// mean nothing, and so the body is written where it is sent from.
struct AnswerHead {
  var status: HTTPStatus
  var contentType: StaticString

  /// Further fields, each whole, with its line's end.
  var fields = ""

  /// What becomes of the connection; HTTP/1.0 and 1.1 take silence for different things.
  var persistence = Persistence.asExpected

  enum Persistence {
    case asExpected
    case saidToStay
    case saidToEnd
  }

  /// The most digits of a length.
  private static let room = 12

  /// Appends the head; `body` then appends the body, whose size is returned.
  func append(
    to queue: inout ByteQueue, at date: HTTPDate, body: (inout ByteQueue) -> Void
  ) -> Int {
    queue.append("HTTP/1.1 ")
    queue.append(status.line)
    queue.append("\r\nDate: ")
    queue.append(text: date.text)
    queue.append("\r\nContent-Type: ")
    queue.append(contentType)
    switch persistence {
    case .asExpected: break
    case .saidToStay: queue.append("\r\nConnection: keep-alive")
    case .saidToEnd: queue.append("\r\nConnection: close")
    }
    queue.append("\r\n")
    if !fields.isEmpty { queue.append(text: fields) }
    queue.append("Content-Length:             ")
    let digits = queue.count
    queue.append("\r\n\r\n")
    let start = queue.count
    body(&queue)
    Self.write(queue.count - start, before: digits, in: &queue)
    return queue.count - start
  }

  private static func write(_ length: Int, before end: Int, in queue: inout ByteQueue) {
    var rest = length
    var place = end
    repeat {
      place -= 1
      precondition(end - place <= room, "a body of \(length) bytes")
      queue.replace(at: place, with: UInt8(truncatingIfNeeded: rest % 10) + 0x30)
      rest /= 10
    } while rest > 0
  }
}
