import Glibc
import HTTPCaller
import MartletDiagnostics
import Synchronization
import Testing

@testable import MartletCommand

/// A server that is asked and pushed to all the time, while what it serves changes under it and it is killed.
///
/// Two rounds each; a hundred with `MARTLET_NIGHTLY` set.
struct ServeUnderLoadTests {
  private static let rounds = getenv("MARTLET_NIGHTLY") == nil ? 2 : 100

  @Test func `versions and data change under load, and no answer is wrong or mixed`() throws {
    let warehouse = try Warehouse(seed: 91)
    defer { warehouse.remove() }
    try warehouse.write("customers.csv", customers(generation: 0))
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let definitions = String(
      decoding: try warehouse.bytes(of: "featuredefs/a.martlet"), as: UTF8.self)
    let server = try RunningServer(warehouse.folder)
    let askers = Askers(count: 2) { wrong in
      let wire = try Wire(to: server.port)
      var newest: Int64 = 0
      return {
        wire.send(Self.question)
        guard let answer = wire.answer(), answer.status == 200 else { return wrong("no answer") }
        guard let seen = Seen(answer.body) else { return wrong(answer.body) }
        // Versions with an even number leave the first set out.
        if seen.hasSpend == seen.version.isMultiple(of: 2) { wrong("mixed: \(answer.body)") }
        if Set(seen.tiers).count != 1 || seen.tiers.count != 12 { wrong("mixed: \(answer.body)") }
        if let tier = seen.tiers.first {
          if tier < newest { wrong("\(tier) after \(newest)") }
          newest = tier
        }
      }
    }
    for round in 1...Self.rounds {
      for spend in [true, false] {
        let service = spend ? "spend.*\n    file.*" : "file.*"
        try warehouse.write(
          "featuredefs/a.martlet",
          definitions.replacing("spend.*\n    file.*", with: service + " # \(round)"))
        _ = try warehouse.martlet("apply", "--yes")
      }
      try warehouse.write("customers.csv", customers(generation: round))
      let run = try warehouse.martlet("materialize")
      #expect(run.exit == 0, "\(run.talk)")
    }
    // The newest is served within a second or two.
    let wire = try Wire(to: server.port)
    var newest: Int64?
    for _ in 0..<600 where newest != Int64(Self.rounds) {
      usleep(50_000)
      wire.send(Self.question)
      newest = wire.answer().flatMap { Seen($0.body)?.tiers.first }
    }
    #expect(newest == Int64(Self.rounds))
    let (asked, wrong) = askers.end()
    #expect(wrong == [] && asked > 0)
    #expect(try server.end().exit == 0)
  }

  @Test func `a server that is killed again and again has every push that it acknowledged`() throws
  {
    let warehouse = try Warehouse(seed: 92)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let pushes = Pushes()
    for _ in 0..<Self.rounds {
      let server = try RunningServer(warehouse.folder)
      let askers = Askers(count: 3) { _ in
        let wire = try Wire(to: server.port)
        return {
          wire.send(Self.push(1_000_000 + pushes.begin()))
          guard let answer = wire.answer() else { return }
          if answer.status == 200 { pushes.acknowledge() }
        }
      }
      usleep(700_000)
      #expect(try server.end(SIGKILL).exit == -SIGKILL)
      _ = askers.end()
      let again = try RunningServer(warehouse.folder)
      let (sent, acknowledged) = pushes.counts
      let answer = try again.post(
        "/v1/get", "application/json",
        #"{"service":"risk","entities":{"customer":["k"]},"at":"1970-01-12T00:00:00Z"}"#)
      let count = try #require(Seen.number("spend__orders_400d", in: answer.body))
      #expect(acknowledged...sent ~= Int(count), "\(count) of \(acknowledged) to \(sent)")
      #expect(acknowledged > 0)
      #expect(try again.end().exit == 0)
    }
    // And training has them with the next run.
    #expect(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  private static let question: String = {
    let keys = (0..<12).map { "\"c\($0)\"" }.joined(separator: ",")
    let body =
      #"{"service":"risk","entities":{"customer":[\#(keys)]},"at":"1970-01-12T00:00:00Z"}"#
    return head("/v1/get", "application/json", body)
  }()

  private static func push(_ number: Int) -> String {
    head(
      "/v1/push/orders", "application/x-ndjson",
      #"{"number":\#(number),"customer":"k","amount":1.5,"item":"i","#
        + #""event_time":"1970-01-02T00:00:00Z","known_at":"1970-01-02T00:00:00Z"}"#)
  }

  private static func head(_ path: String, _ type: String, _ body: String) -> String {
    "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// What is known of each customer: the generation, as their tier.
  private func customers(generation: Int) -> String {
    "customer,tier,gone,since\n"
      + (0..<12).map { "c\($0),\(generation),false,1970-01-0\(1 + generation / 50)T00:00:00Z\n" }
      .joined()
  }
}

/// What an answer says of its version, and of whether it is of one piece.
private struct Seen {
  var version: Int
  var hasSpend: Bool
  var tiers: [Int64]

  init?(_ body: String) {
    // What is no JSON is a wrong answer.
    guard let document = try? JSON(reading: body),
      case .string(let text)? = Self.member("version", of: document),
      let version = Int(text), let features = Self.member("features", of: document),
      case .array(let tiers)? = Self.member("file__tier", of: features)
    else { return nil }
    self.version = version
    hasSpend = Self.member("spend__paid_1d", of: features) != nil
    self.tiers = tiers.compactMap { if case .int(let tier) = $0 { tier } else { nil } }
  }

  /// The first value of a column.
  static func number(_ name: String, in body: String) -> Int64? {
    guard let document = try? JSON(reading: body),  // as above
      let features = member("features", of: document),
      case .array(let values)? = member(name, of: features), case .int(let number)? = values.first
    else { return nil }
    return number
  }

  private static func member(_ name: String, of document: JSON) -> JSON? {
    guard case .object(let members) = document else { return nil }
    return members.first { $0.name == name }?.value
  }
}

/// How many rows were pushed, and how many of these the server said it has.
private final class Pushes: Sendable {
  private let state = Mutex((sent: 0, acknowledged: 0))

  var counts: (sent: Int, acknowledged: Int) { state.withLock { ($0.sent, $0.acknowledged) } }

  func begin() -> Int {
    state.withLock { state in
      state.sent += 1
      return state.sent
    }
  }

  func acknowledge() { state.withLock { $0.acknowledged += 1 } }
}

/// Threads that do the same again and again until they are told to end.
private final class Askers: Sendable {
  private struct State {
    var asked = 0
    var running: Int
    var mustEnd = false
    var wrong: [String] = []
  }

  private let state: Mutex<State>

  /// - Parameter make: Makes what one thread does; it may say what was wrong.
  init(
    count: Int, _ make: @escaping @Sendable (@escaping (String) -> Void) throws -> () -> Void
  ) {
    state = Mutex(State(running: count))
    for _ in 0..<count {
      startThread { [self] in
        let say: (String) -> Void = { [self] words in
          state.withLock { state in
            if state.wrong.count < 5 { state.wrong.append(words) }
          }
        }
        do {
          let step = try make(say)
          while !state.withLock({ $0.mustEnd }) {
            step()
            state.withLock { $0.asked += 1 }
          }
        } catch {
          say("\(error)")
        }
        state.withLock { $0.running -= 1 }
      }
    }
  }

  /// Ends the threads; how often they did it, and what was wrong.
  func end() -> (asked: Int, wrong: [String]) {
    state.withLock { $0.mustEnd = true }
    while state.withLock({ $0.running > 0 }) { usleep(5_000) }
    return state.withLock { ($0.asked, $0.wrong) }
  }
}
