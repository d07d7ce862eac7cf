import MartletDiagnostics
import ServedExample

@testable import MartletServing

/// Asks a responder without a network: the connection's machine on the one side, jobs run at once on
/// the other.
struct Asked {
  private let responder: Responder

  init(_ responder: Responder) { self.responder = responder }

  struct Answer {
    var status: Int
    var head: String
    var body: String

    /// The problem's code, if it is one.
    var code: String? {
      guard case .string(let code)? = document?["code"] else { return nil }
      return code
    }

    var field: String? {
      guard case .string(let field)? = document?["field"] else { return nil }
      return field
    }

    // A body that is no JSON has no members.
    var document: JSON? { try? JSON(reading: body) }

    /// What the head says of the body.
    var length: Int {
      let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length:") }
      return field.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? -1
    }
  }

  func ask(
    _ method: HTTPMethod, _ path: String, body: String? = nil, type: String? = nil,
    authorization: String? = nil, fields: String = ""
  ) -> Answer {
    var wire = "\(method.rawValue) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)"
    if let type { wire += "Content-Type: \(type)\r\n" }
    if let authorization { wire += "Authorization: \(authorization)\r\n" }
    if let body { wire += "Content-Length: \(body.utf8.count)\r\n" }
    return answer(to: wire + "\r\n" + (body ?? ""))
  }

  /// The first answer to the bytes of a connection.
  func answer(to wire: String) -> Answer {
    var connection = Connection.sample()
    connection.receive(wire)
    var admission: Admission?
    reading: while true {
      switch connection.next() {
      case .wait: break reading
      case .refuse(let refusal):
        connection.refuse {
          responder.answer(.refused(refusal), at: HTTPDate(second: 0), into: &$0)
        }
      case .look:
        let looked = responder.look(at: connection.request)
        admission = looked
        switch looked {
        case .read(let limit, _, _): connection.readBody(upTo: limit)
        case .refuse: connection.readBody(upTo: 1 << 20)
        }
      case .answer:
        guard let admission else { break reading }
        connection.answer { request, goesOn, output in
          let moment = AnswerMoment(date: HTTPDate(second: 0), goesOn: goesOn, start: 0)
          switch responder.answer(request, admitted: admission, moment, into: &output) {
          case .written: break
          case .job(let job): job(&output)
          }
          return .now
        }
      }
    }
    let text = connection.sentText
    let end = text.firstRange(of: "\r\n\r\n")
    return Answer(
      status: Int(text.dropFirst(9).prefix(3)) ?? 0,
      head: String(text[..<(end?.lowerBound ?? text.endIndex)]),
      body: String(text[(end?.upperBound ?? text.endIndex)...]))
  }
}

extension Responder {
  static func sample(
    _ tokens: (any TokenStore)? = nil, store: ExampleStore = ExampleStore(),
    settings: ServerSettings = ServerSettings()
  ) -> Responder {
    Responder(store, gate: Gate(tokens: tokens), settings: settings, log: NoAccessLog())
  }
}

extension JSON {
  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}
