import ServedExample
import Testing

@testable import MartletServing

struct WaitingRequestsTests {
  @Test func `a caller with too many requests waiting is told so, and others are not`() {
    let (busy, quiet) = (Token(), Token())
    let records = TokenList([
      TokenRecord(busy, for: Caller(name: "busy", role: .reader)),
      TokenRecord(quiet, for: Caller(name: "quiet", role: .reader)),
    ])
    var settings = ServerSettings()
    settings.waitingLimitOfCaller = 2
    let responder = Responder.sample(records, store: ExampleStore(waits: true), settings: settings)
    func status(_ token: Token) -> Int {
      Asked(responder).ask(
        .post, "/v1/get", body: #"{"service":"wide","entities":{"customer_id":["c1"]}}"#,
        type: "application/json", authorization: "Bearer \(token.text)"
      ).status
    }
    // What is answered does not count any more.
    for _ in 0..<5 { #expect(status(busy) == 200) }
    let caller = Caller(name: "busy", role: .reader)
    #expect(responder.waiting.begin(caller))
    #expect(responder.waiting.begin(caller))
    #expect(status(busy) == 429)
    #expect(status(quiet) == 200)
    responder.waiting.end(caller)
    #expect(status(busy) == 200)
  }
}
