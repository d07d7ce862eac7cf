import Glibc
import Testing

/// `token` beside `serve`, whole processes.
struct TokenCommandTests {
  @Test func `a server sees new and revoked tokens, and asks for them from the first on`() throws {
    let warehouse = try Warehouse(seed: 61)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let server = try RunningServer(warehouse.folder)
    func ask(_ token: String? = nil, for service: String = "risk") throws -> Int {
      try server.post(
        "/v1/get", "application/json",
        #"{"service":"\#(service)","entities":{"customer":["c1"]}}"#, token: token
      ).status
    }
    #expect(try ask() == 200)

    let reader = try made(warehouse, "shop", "--role", "reader", "--service", "risk")
    try eventually { try ask() == 401 }
    #expect(try ask(reader) == 200)
    #expect(try ask(reader, for: "other") == 403)
    let push = try server.post("/v1/push/orders", "application/x-ndjson", "{}", token: reader)
    #expect(push.status == 403)

    let again = try warehouse.martlet("token", "create", "shop", "--role", "admin")
    #expect(again.exit == 3 && again.talk.contains("there is one called `shop`"), "\(again.talk)")
    #expect(try warehouse.martlet("token", "revoke", "shop").exit == 0)
    try eventually { try ask(reader) == 401 }
    // Whoever asked for tokens once does not open to everyone because the last is gone.
    #expect(try ask() == 401)

    let run = try server.end()
    #expect(run.exit == 0)
    #expect(run.talk.contains(#""caller":"","status":401,"code":"token-missing""#), "\(run.talk)")
    #expect(run.talk.contains(#""caller":"shop","status":403,"code":"role-missing""#))
    #expect(!run.talk.contains(reader))
    #expect(try !warehouse.storeText().contains(reader.dropFirst(25)))
  }

  @Test func `beyond this machine a server wants a token, or an open word`() throws {
    let warehouse = try Warehouse(seed: 62)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    let refused = try warehouse.martlet("serve", "--listen", "0.0.0.0:0")
    #expect(refused.exit == 3 && refused.talk.contains("martlet token create"), "\(refused.talk)")
    let open = try RunningServer(warehouse.folder, at: "0.0.0.0:0", ["--open"])
    #expect(try open.post("/v1/get", "application/json", "{}").status == 422)
    let run = try open.end()
    #expect(run.talk.contains("warning: nobody is asked for a token"), "\(run.talk)")
    _ = try made(warehouse, "shop", "--role", "admin")
    let asking = try RunningServer(warehouse.folder, at: "0.0.0.0:0")
    #expect(try asking.post("/v1/get", "application/json", "{}").status == 401)
    #expect(try asking.end().exit == 0)
  }

  @Test func `tokens are listed without their secrets`() throws {
    let warehouse = try Warehouse(seed: 63)
    defer { warehouse.remove() }
    #expect(try warehouse.martlet("token", "list").output.contains("there are no tokens"))
    let token = try made(warehouse, "shop", "--role", "writer", "--service", "risk")
    let listed = try warehouse.martlet("token", "list", "--json").output
    #expect(listed.contains(#""name":"shop""#) && listed.contains(#""services":["risk"]"#))
    #expect(!listed.contains(token.dropFirst(25)))
    #expect(try warehouse.martlet("history", "--audit").output.contains("create token shop"))
    let near = try warehouse.martlet("token", "revoke", "shpo")
    #expect(near.exit == 3 && near.talk.contains("did you mean `shop`?"), "\(near.talk)")
    #expect(try warehouse.martlet("token", "create", "a b", "--role", "reader").exit == 2)
  }

  private func made(_ warehouse: Warehouse, _ words: String...) throws -> String {
    let run = try martlet(["token", "create"] + words + ["--project", warehouse.folder])
    try #require(run.exit == 0, "\(run.talk)")
    return String(run.output.dropLast())
  }

  /// Waits until `holds` does, for as long as the slowest machine may take.
  private func eventually(_ holds: () throws -> Bool) throws {
    for _ in 0..<400 {
      if try holds() { return }
      usleep(50_000)
    }
    Issue.record("it never came")
  }
}

extension Warehouse {
  /// The bytes of the registry, as text.
  func storeText() throws -> String {
    try ["registry.sqlite", "registry.sqlite-wal"].map {
      String(decoding: try bytes(of: ".martlet/\($0)"), as: UTF8.self)
    }.joined()
  }
}
