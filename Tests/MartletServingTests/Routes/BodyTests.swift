import MartletColumns
import MartletDiagnostics
import ServedExample
import Testing

@testable import MartletServing

/// A body, and how it is refused.
struct RefusedBody: Sendable {
  var body: String
  var status: Int
  var code: String
  var field: String?

  init(_ body: String, _ status: Int, _ code: String, _ field: String? = nil) {
    (self.body, self.status, self.code, self.field) = (body, status, code, field)
  }

  static let all: [RefusedBody] = [
    // What is no JSON
    .init("", 400, "malformed-json"),
    .init("{", 400, "malformed-json"),
    .init(#"{"service":"wide""#, 400, "malformed-json"),
    .init(#"{"service":"wide"} x"#, 400, "malformed-json"),
    .init(#"{"service":"\ud800"}"#, 400, "malformed-json"),
    .init(#"{"entities":{"a":[01]}}"#, 400, "malformed-json"),
    .init(#"{"service":"a","service":"b"}"#, 400, "duplicate-name"),
    .init(
      #"{"service":"wide","entities":{"customer_id":[],"customer_id":[]}}"#, 400, "duplicate-name"),
    .init(String(repeating: "[", count: 100_000), 422, "wrong-type"),
    .init("{\"given\":{\"a\":" + String(repeating: "[", count: 100_000), 400, "json-too-deep"),

    // What is JSON and means nothing
    .init("[]", 422, "wrong-type"),
    .init("{}", 422, "missing-member", "service"),
    .init(#"{"service":1}"#, 422, "wrong-type", "service"),
    .init(#"{"servce":"wide"}"#, 422, "unknown-member", "servce"),
    .init(#"{"service":"wide"}"#, 422, "missing-entity", "entities.customer_id"),
    .init(#"{"service":"wide","entities":[]}"#, 422, "wrong-type", "entities"),
    .init(
      #"{"service":"wide","entities":{"customer_id":"c1"}}"#, 422, "wrong-type",
      "entities.customer_id"),
    .init(
      #"{"service":"wide","entities":{"customer_id":["c1",2]}}"#, 422, "wrong-type",
      "entities.customer_id[1]"),
    .init(
      #"{"service":"wide","entities":{"customer_id":["c1",null]}}"#, 422, "null-key",
      "entities.customer_id[1]"),
    .init(
      #"{"service":"wide","entities":{"customer_i":["c1"]}}"#, 422, "unknown-entity",
      "entities.customer_i"),
    .init(
      #"{"service":"wide","entities":{"customer_id":["c1"]},"given":{"x":[1]}}"#, 422,
      "unknown-given", "given.x"),
    .init(
      #"{"service":"fraud_check","entities":{"customer_id":["c1"]},"given":{"amount":[1]}}"#, 422,
      "missing-given", "given.at_hour"),
    .init(
      #"{"service":"fraud_check","entities":{"customer_id":["c1"]},"given":{"amount":[1,2],"at_hour":[3]}}"#,
      422, "unequal-lengths", "given.amount"),
    .init(
      #"{"service":"fraud_check","entities":{"customer_id":["c1"]},"given":{"amount":[1e400],"at_hour":[3]}}"#,
      422, "wrong-type", "given.amount[0]"),
    .init(
      #"{"service":"fraud_check","entities":{"customer_id":["c1"]},"given":{"amount":["1"],"at_hour":[3]}}"#,
      422, "wrong-type", "given.amount[0]"),
    .init(
      #"{"service":"fraud_check","entities":{"customer_id":["c1"]},"given":{"amount":[1],"at_hour":[3.0]}}"#,
      422, "wrong-type", "given.at_hour[0]"),
    .init(
      #"{"service":"fraud_check","entities":{"customer_id":["c1"]},"given":{"amount":[1],"at_hour":[9223372036854775808]}}"#,
      422, "wrong-type", "given.at_hour[0]"),

    .init(
      #"{"service":"wide","at":7,"entities":{"customer_id":["c1"]}}"#, 422, "wrong-type", "at"),
    .init(
      #"{"service":"wide","at":"noon","entities":{"customer_id":["c1"]}}"#, 422, "wrong-type", "at"),

    // What is not there
    .init(
      #"{"service":"wid","entities":{"customer_id":["c1"]}}"#, 404, "unknown-service", "service"),

    // Too much
    .init(
      #"{"service":"wide","entities":{"customer_id":["a","b","c","d"]}}"#, 413, "too-many-rows",
      "entities"),
  ]
}

struct BodyTests {
  @Test(arguments: RefusedBody.all.indices)
  func `says what is wrong with a question, and where`(index: Int) {
    let example = RefusedBody.all[index]
    var settings = ServerSettings()
    settings.rowLimit = 3
    let answer = Asked(.sample(settings: settings)).ask(
      .post, "/v1/get", body: example.body, type: "application/json")
    #expect(answer.status == example.status, "\(example.body.prefix(100)): \(answer.body)")
    #expect(answer.code == example.code, "\(example.body.prefix(100)): \(answer.body)")
    if let field = example.field { #expect(answer.field == field, "\(answer.body)") }
  }

  @Test func `answers column by column, in the service's order, with a status for every value`() {
    let answer = Asked(.sample()).ask(
      .post, "/v1/get",
      body: #"{"given":{"at_hour":[3,14],"amount":[12.5,80]},"#
        + #""entities":{"customer_id":["c7","nobody"]},"service":"fraud_check"}"#,
      type: "application/json; charset=utf-8")
    #expect(answer.status == 200)
    let features = answer.document?["features"]
    #expect(features?["spend__f0"] == [7.25, nil])
    #expect(features?["spend__f1"] == [9, nil])
    #expect(features?["spend__f2"] == ["v1", nil])
    #expect(answer.document?["statuses"]?["spend__f0"] == ["present", "missing"])
    #expect(answer.document?["rows"] == 2)
    guard case .object(let members)? = features else {
      Issue.record("no features")
      return
    }
    #expect(members.map(\.name) == (0..<10).map { "spend__f\($0)" })
  }

  @Test func `an answer is of the moment that is asked about`() {
    let answer = Asked(.sample()).ask(
      .post, "/v1/get",
      body:
        #"{"at":"2026-01-31T01:00:00+01:00","service":"wide","entities":{"customer_id":["c1"]}}"#,
      type: "application/json")
    #expect(answer.document?["at"] == "2026-01-31T00:00:00Z", "\(answer.body)")
  }

  @Test func `values of every type go in and come out as they are`() {
    let given = """
      {"flag":[true,null],"whole":[9007199254740993,-1],"real":[0.1,"NaN"],"text":["é\\u0000",""],\
      "moment":["2026-01-31T23:59:59.5Z",null],"raw":["AP8B",""],"list":[[1,null],null],\
      "vector":[[0.5,1],null]}
      """
    let answer = Asked(.sample()).ask(
      .post, "/v1/get", body: #"{"service":"kinds","entities":{"id":[1,2]},"given":\#(given)}"#,
      type: "application/json")
    #expect(answer.status == 200, "\(answer.body)")
    // JSON cannot say which numbers are floats: a vector's 1 comes back as 1.0.
    let expected = given.replacing("[0.5,1]", with: "[0.5,1.0]")
    #expect(answer.body.contains("\"features\":\(expected)"), "\(answer.body)")
  }

  @Test func `no entities are none, and nothing is wrong with that`() {
    let answer = Asked(.sample()).ask(
      .post, "/v1/get", body: #"{"service":"wide","entities":{"customer_id":[]}}"#,
      type: "application/json")
    #expect(answer.status == 200)
    #expect(answer.document?["rows"] == 0)
    #expect(answer.document?["features"]?["wide__f0"] == [])
  }

  @Test func `a wrong type of body, and a compressed one, are told apart from a wrong body`() {
    func status(_ type: String?, _ fields: String = "") -> Int {
      Asked(.sample()).ask(.post, "/v1/get", body: "{}", type: type, fields: fields).status
    }
    #expect(status(nil) == 415)
    #expect(status("text/plain") == 415)
    #expect(status("application/x-ndjson") == 415)
    #expect(status("application/json", "Content-Encoding: gzip\r\n") == 415)
    #expect(status("Application/JSON;x=y", "Content-Encoding: identity\r\n") == 422)
  }

  @Test func `what is not ready says so, and what refuses is not a wrong request`() {
    let store = ExampleStore()
    let responder = Responder.sample(store: store)
    func ready() -> Asked.Answer { Asked(responder).ask(.get, "/readyz") }
    #expect(ready().status == 200)
    store.hinder(["the registry is not open"])
    #expect(ready().status == 503)
    #expect(ready().body.contains("the registry is not open"))
    store.hinder([])
    store.apply(version: nil)
    #expect(ready().status == 503)
    let answer = Asked(responder).ask(
      .post, "/v1/get", body: #"{"service":"wide","entities":{"customer_id":[]}}"#,
      type: "application/json")
    #expect(answer.status == 503)
    #expect(answer.head.contains("Retry-After"))
    #expect(Asked(responder).ask(.get, "/healthz").status == 200)
  }
}

struct PushTests {
  @Test func `takes JSON Lines and arrays`() throws {
    let store = ExampleStore()
    let asked = Asked(.sample(store: store))
    let line = #"{"transaction_id":"t1","amount":1.5,"event_time":"2026-01-01T00:00:00Z"}"#
    let lines = asked.ask(
      .post, "/v1/push/transactions", body: "\(line)\r\n\n{\"transaction_id\":\"t2\"}\n",
      type: "application/x-ndjson")
    #expect(lines.document?["accepted"] == 2, "\(lines.body)")
    let array = asked.ask(
      .post, "/v1/push/transactions", body: "[\(line)]", type: "application/json")
    #expect(array.document?["accepted"] == 1)
    let pushed = store.pushed(to: "transactions")
    #expect(pushed.map(\.rowCount) == [2, 1])
    let first = try #require(pushed.first)
    #expect(first.columns[0][1] == .string("t2"))
    #expect(first.columns[2][1] == .null)
    #expect(first.columns[3][0] == .time(Instant(microseconds: 1_767_225_600_000_000)))
  }

  @Test func `names the row and the column of what is wrong, and takes nothing`() {
    let store = ExampleStore()
    func ask(_ body: String, _ path: String = "/v1/push/transactions") -> Asked.Answer {
      Asked(.sample(store: store)).ask(.post, path, body: body, type: "application/x-ndjson")
    }
    let good = #"{"transaction_id":"t1"}"# + "\n"
    #expect(ask(good + #"{"amont":1}"#).field == "row 2.amont")
    #expect(ask(good + #"{"amont":1}"#).status == 422)
    #expect(ask(good + #"{"amount":"1"}"#).status == 422)
    #expect(ask(good + #"{"amount":"1"}"#).field == "row 2.amount")
    #expect(ask(good + #"{"amount":1,"amount":2}"#).code == "duplicate-name")
    #expect(ask(good + #"{"amount":"#).status == 400)
    #expect(ask(good + "[]").status == 422)
    #expect(ask(good, "/v1/push/transaction").code == "unknown-source")
    #expect(ask(good, "/v1/push/profiles").status == 409)
    #expect(ask(good, "/v1/push/%zz").status == 404)
    #expect(store.pushed(to: "transactions").isEmpty)
    #expect(ask(good, "/v1/push/trans%61ctions").status == 200)
  }
}

struct FeastTests {
  @Test func `answers a service with keys first, then its features`() {
    let answer = Asked(.sample()).ask(
      .post, "/get-online-features",
      body: #"{"feature_service":"fraud_check","full_feature_names":true,"#
        + #""entities":{"customer_id":["c1","x"],"amount":[1,2],"at_hour":[1,2]}}"#,
      type: "application/json")
    #expect(answer.status == 200, "\(answer.body)")
    let names = answer.document?["metadata"]?["feature_names"]
    #expect(names == .strings(["customer_id"] + (0..<10).map { "spend__f\($0)" }))
    guard case .array(let results)? = answer.document?["results"] else {
      Issue.record("no results")
      return
    }
    #expect(results.count == 11)
    #expect(results[0]["values"] == ["c1", "x"])
    #expect(results[1]["values"] == [1.25, nil])
    #expect(results[1]["statuses"] == ["PRESENT", "NOT_FOUND"])
    #expect(results[1]["event_timestamps"] == ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
  }

  @Test func `answers single features in the order in which they were asked for`() {
    let answer = Asked(.sample()).ask(
      .post, "/get-online-features",
      body: #"{"features":["spend:f3","spend:f1"],"entities":{"customer_id":["c1"]},"#
        + #""include_feature_view_version_metadata":false,"full_feature_names":false}"#,
      type: "application/json")
    #expect(
      answer.document?["metadata"]?["feature_names"] == ["customer_id", "f3", "f1"],
      "\(answer.body)")
  }

  @Test func `rows for a view go to its source, by Feast's names or its own`() throws {
    for (names, moment) in [
      (["event_timestamp"], "2026-01-02T00:00:00Z"),
      (["event_time", "event_timestamp"], "2026-01-01T00:00:00Z"),
      (["event_timestamp", "event_time"], "2026-01-01T00:00:00Z"),
    ] {
      let store = ExampleStore()
      let columns = names.map { name in
        "\"\(name)\":[\"2026-01-0\(name == "event_time" ? 1 : 2)T00:00:00\"]"
      }
      let answer = Asked(.sample(store: store)).ask(
        .post, "/write-to-online-store",
        body: #"{"feature_view_name":"wide","df":{"transaction_id":["t1"],"created":[null],"#
          + columns.joined(separator: ",") + "}}", type: "application/json")
      #expect(answer.status == 200, "\(answer.body)")
      let rows = try #require(store.pushed(to: "transactions").first)
      #expect(rows.columns[3][0] == .time(try Instant(moment)), "\(names)")
    }
  }

  @Test func `nothing asked for is nothing that can be answered`() {
    let answer = Asked(.sample()).ask(
      .post, "/get-online-features", body: #"{"features":[],"entities":{"customer_id":["c1"]}}"#,
      type: "application/json")
    #expect(answer.status == 422)
  }

  @Test func `refuses with a text that holds JSON, as its clients expect`() throws {
    let answer = Asked(.sample()).ask(
      .post, "/get-online-features",
      body: #"{"features":["nope:x"],"entities":{"customer_id":["c1"]}}"#, type: "application/json")
    #expect(answer.status == 404)
    guard case .string(let text)? = answer.document else {
      Issue.record("no text: \(answer.body)")
      return
    }
    #expect(try JSON(reading: text)["message"] == "there is no feature nope:x")
  }

  @Test func `takes pushed columns, and drops those that only its clients know`() {
    let store = ExampleStore()
    let answer = Asked(.sample(store: store)).ask(
      .post, "/push",
      body: #"{"push_source_name":"transactions","df":{"transaction_id":["t1"],"amount":[2],"#
        + #""created":["x"]},"to":"online","allow_registry_cache":true}"#,
      type: "application/json")
    #expect(answer.status == 200, "\(answer.body)")
    #expect(store.pushed(to: "transactions").first?.columns[2][0] == .double(2))
  }
}
