import Glibc
import Testing

/// `serve` beside the commands that change what it serves, whole processes.
struct ServeCommandTests {
  @Test func `what is pushed to a server is training's with the next run beside it`() throws {
    let warehouse = try Warehouse(seed: 51)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let before = try warehouse.stored()
    let server = try RunningServer(warehouse.folder)
    for batch in 0..<3 {
      let push = try server.post("/v1/push/orders", "application/x-ndjson", order(batch))
      #expect(push.status == 200, "\(push.body)")
    }
    let run = try warehouse.martlet("materialize")
    #expect(run.exit == 0 && run.talk == "", "\(run.talk)")
    let beside = try warehouse.stored()
    #expect(beside != before)
    #expect(try beside == warehouse.drafted())
    // One that comes after the run is left to the next, whatever becomes of the server.
    let late = try server.post("/v1/push/orders", "application/x-ndjson", order(3))
    #expect(late.status == 200, "\(late.body)")
    #expect(try server.end().exit == 0)
    #expect(try warehouse.martlet("materialize").exit == 0)
    let after = try warehouse.stored()
    #expect(after != beside)
    #expect(try after == warehouse.drafted())
  }

  @Test func `a server that was killed keeps no run waiting, and loses nothing`() throws {
    let warehouse = try Warehouse(seed: 52)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let before = try warehouse.stored()
    let server = try RunningServer(warehouse.folder)
    #expect(try server.post("/v1/push/orders", "application/x-ndjson", order(0)).status == 200)
    #expect(try server.end(SIGKILL).exit == -SIGKILL)
    let run = try warehouse.martlet("materialize")
    #expect(run.exit == 0 && !run.talk.contains("does not answer"), "\(run.talk)")
    #expect(try warehouse.stored() != before)
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  @Test func `a server explains values and tells of lineage as the commands do`() throws {
    let warehouse = try Warehouse(seed: 53)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let moment = "1970-01-03T00:00:00Z"
    let server = try RunningServer(warehouse.folder)
    let explained = try server.post(
      "/v1/explain", "application/json",
      #"{"service":"risk","feature":"spend__paid_400d","entities":{"customer":["c1"]},"at":"\#(moment)"}"#
    )
    let lineage = try server.get("/v1/lineage/orders%2F1.csv")
    #expect(try server.get("/v1/lineage/nothing").status == 404)
    #expect(try server.end().exit == 0)

    let said = try warehouse.martlet(
      "explain", "risk.spend__paid_400d", "customer=c1", "--at", moment, "--json")
    #expect(said.output.contains("\"use\":\"counts\""), "\(said.output)")
    #expect(explained.status == 200)
    #expect(
      explained.body + "\n"
        == #"{"service":"risk","version":"1","at":"\#(moment)","# + said.output.dropFirst())
    #expect(lineage.status == 200)
    #expect(
      try lineage.body + "\n" == warehouse.martlet("lineage", "orders/1.csv", "--json").output)
  }

  @Test func `a server that keeps some of the past refuses what is older, and one after it too`()
    throws
  {
    let warehouse = try Warehouse(seed: 53)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let old = #"{"service":"risk","entities":{"customer":["c1"]},"at":"1970-01-12T00:00:00Z"}"#
    let now = #"{"service":"risk","entities":{"customer":["c1"]}}"#
    for flags in [["--past", "30d"], []] {
      let server = try RunningServer(warehouse.folder, flags)
      let refused = try server.post("/v1/get", "application/json", old)
      #expect(refused.status == 422 && refused.body.contains("answers exactly from"), "\(refused)")
      #expect(try server.post("/v1/get", "application/json", now).status == 200)
      #expect(try server.end().exit == 0)
    }
  }

  /// An order that every customer of the spine made, early enough to be seen.
  private func order(_ batch: Int) -> String {
    (0..<12).map { customer in
      #"{"number":\#(1_000_000 + batch * 100 + customer),"customer":"c\#(customer)","amount":\#(batch + 1).25,"#
        + #""item":"pushed","event_time":"1970-01-02T00:0\#(batch):00Z","#
        + #""known_at":"1970-01-02T00:0\#(batch):00Z"}"#
    }.joined(separator: "\n") + "\n"
  }
}
