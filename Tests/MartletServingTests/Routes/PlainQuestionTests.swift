import ServedExample
import Testing

@testable import MartletServing

/// Questions about one entity are answered in one pass where they are plain. What they mean must not
/// depend on that: a store that has to be waited for is asked the other way.
struct PlainQuestionTests {
  private let plain = Asked(.sample(store: ExampleStore()))
  private let close = Asked(.sample(store: ExampleStore(waits: true)))

  static let bodies = [
    #"{"service":"fraud_check","entities":{"customer_id":["c17"]},"given":{"amount":[12.5],"at_hour":[3]}}"#,
    #"{ "given" : { "at_hour" : [ -7 ] , "amount" : [ 1 ] } , "entities":{"customer_id":["x"]}, "service":"fraud_check"}"#,
    #"{"service":"wide","entities":{"customer_id":["c999"]}}"#,
    #"{"service":"wide","entities":{"customer_id":["c9"]},"given":{}}"#,
    #"{"service":"kinds","entities":{"id":[1]},"given":{"flag":[true]}}"#,
  ]

  @Test(arguments: bodies.indices)
  func `is answered as one that is looked at closely`(index: Int) {
    expectSame(Self.bodies[index])
  }

  @Test func `and so is one in which anything is changed`() {
    var random = SystemRandomNumberGenerator()
    let pieces = Array(#"{}[]",:\ 0-1.5etruefalsenull"c17"service"given"entities"amount"é"#.utf8)
    for body in Self.bodies {
      for _ in 0..<400 {
        var bytes = Array(body.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
          switch Int.random(in: 0..<4, using: &random) {
          case 0: bytes[place] = piece
          case 1: bytes.insert(piece, at: place)
          case 2: bytes.remove(at: place)
          default:
            let end = Int.random(in: place..<bytes.count, using: &random)
            bytes.insert(contentsOf: bytes[place...end], at: place)
          }
        }
        expectSame(String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  /// The two ways give the same status and the same body, but for the moment.
  private func expectSame(_ body: String) {
    func answer(_ asked: Asked) -> (Int, String) {
      let answer = asked.ask(.post, "/v1/get", body: body, type: "application/json")
      let parts = answer.body.split(separator: #""at":""#, maxSplits: 1)
      guard parts.count == 2 else { return (answer.status, answer.body) }
      return (answer.status, "\(parts[0])\(parts[1].drop { $0 != "\"" })")
    }
    let (one, other) = (answer(plain), answer(close))
    #expect(one == other, "\(body)")
  }
}
