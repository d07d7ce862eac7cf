import Testing

@testable import MartletCommand

/// `get` and `push` while a server holds the online store: what they say is what they would say without.
struct BesideServerTests {
  private static let moment = "1970-01-12T00:00:00Z"

  @Test func `get says the same beside a server as without one`() throws {
    let warehouse = try Warehouse(seed: 71)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    func answers() throws -> [ProgramRun] {
      try ["c1", "c7", "nobody"].flatMap { customer in
        try [["--json"], []].map { form in
          try martlet(
            ["get", "risk", "customer=\(customer)", "--at", Self.moment] + form
              + ["--project", warehouse.folder])
        }
      }
    }
    let without = try answers()
    #expect(without.allSatisfy { $0.exit == 0 })
    let server = try RunningServer(warehouse.folder)
    #expect(try answers() == without)
    // What it prints as JSON is what HTTP answers, to the letter.
    let asked = try server.post(
      "/v1/get", "application/json",
      #"{"service":"risk","entities":{"customer":["c1"]},"at":"\#(Self.moment)"}"#)
    #expect(asked.body + "\n" == without.first?.output)
    #expect(try server.end().exit == 0)
    #expect(try answers() == without)
  }

  @Test func `push gives a server the rows, and says the same as without one`() throws {
    let (alone, beside) = (try Warehouse(seed: 72), try Warehouse(seed: 72))
    defer {
      alone.remove()
      beside.remove()
    }
    for warehouse in [alone, beside] {
      _ = try warehouse.martlet("apply", "--yes")
      try #require(try warehouse.martlet("materialize").exit == 0)
      try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    }
    let server = try RunningServer(beside.folder)
    for form in [["--json"], []] {
      let runs = try [alone, beside].map { warehouse in
        try martlet(
          ["push", "orders", warehouse.folder + "/pushed.csv", "--project", warehouse.folder] + form
        )
      }
      #expect(runs[0].exit == 0 && runs[0] == runs[1], "\(runs)")
    }
    #expect(try beside.got() == alone.got())
    #expect(try server.end().exit == 0)
    #expect(try beside.got() == alone.got())
  }

  @Test func `rollback has the server go back, and says the same as without one`() throws {
    let warehouse = try Warehouse(seed: 74)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let first = try warehouse.got()
    try warehouse.addDay()
    try warehouse.changeCustomers()
    try #require(try warehouse.martlet("materialize").exit == 0)
    let second = try warehouse.got()
    try #require(first != second)
    let server = try RunningServer(warehouse.folder)
    let back = try warehouse.martlet("rollback")
    #expect(back.exit == 0 && back.output.contains("spend: the load before answers again"))
    #expect(try warehouse.got() == first)
    #expect(try warehouse.martlet("rollback").exit == 0)
    #expect(try warehouse.got() == second)
    #expect(try server.end().exit == 0)
    let without = try warehouse.martlet("rollback")
    #expect(without == back)
    #expect(try warehouse.got() == first)
  }

  @Test func `a server that asks for a token is shown the one in MARTLET_TOKEN`() throws {
    let warehouse = try Warehouse(seed: 73)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let made = try warehouse.martlet("token", "create", "ann", "--role", "reader")
    let token = String(made.output.dropLast())
    let server = try RunningServer(warehouse.folder)
    let words = ["get", "risk", "customer=c1", "--project", warehouse.folder]
    let without = try martlet(words)
    #expect(without.exit == 3 && without.talk.contains("MARTLET_TOKEN"), "\(without.talk)")
    #expect(try martlet(words, environment: ["MARTLET_TOKEN": token]).exit == 0)
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    let push = try martlet(
      ["push", "orders", warehouse.folder + "/pushed.csv", "--project", warehouse.folder],
      environment: ["MARTLET_TOKEN": token])
    #expect(push.exit == 3 && push.talk.contains("`writer` does"), "\(push.talk)")
    #expect(try server.end().exit == 0)
  }
}
