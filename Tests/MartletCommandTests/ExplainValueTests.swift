import MartletColumns
import MartletDiagnostics
import Testing

@testable import MartletCommand

/// `explain SERVICE.FEATURE`, whole processes: the rows that it says count are those of the value.
struct ExplainValueTests {
  @Test func `the rows that count make the value, from files and pushes`() throws {
    let warehouse = try Warehouse(seed: 41)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    try #require(
      try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv").exit == 0)
    // Pushed rows are online alone, so the two differ and say so.
    let pushed = try expectRowsMakeValues(warehouse, exits: [0, 1])
    #expect(pushed.contains(.push) && pushed.contains(.sourceFile))
    try #require(try warehouse.martlet("materialize").exit == 0)
    let stored = try expectRowsMakeValues(warehouse, exits: [0])
    #expect(stored == [.pushedFile, .sourceFile])
  }

  @Test func `what cannot be explained is refused by name`() throws {
    let warehouse = try Warehouse(seed: 42)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    for (words, said) in [
      (["rsik.file__tier", "customer=c1"], "did you mean `risk`?"),
      (["risk.file__teir", "customer=c1"], "did you mean `file__tier`?"),
      (["risk.file__tier"], "`customer` is missing"),
      (["risk.file__tier", "client=c1"], "`risk` takes no `client`"),
    ] {
      let run = try martlet(["explain"] + words + ["--project", warehouse.folder])
      #expect(run.exit != 0 && run.talk.contains(said), "\(run.talk)")
    }
    #expect(try martlet("explain", "cycle").output.hasPrefix("# cycle\n"))
  }

  private enum Origin { case sourceFile, pushedFile, push }

  /// Explains a count, a sum and a state of every customer; returns where counted rows came from.
  private func expectRowsMakeValues(
    _ warehouse: Warehouse, exits: Set<Int32>
  ) throws -> Set<Origin> {
    var origins: Set<Origin> = []
    for number in 0..<12 {
      func explained(_ feature: String) throws -> (answer: JSON, counted: [JSON]) {
        let run = try warehouse.martlet(
          "explain", "risk.\(feature)", "customer=c\(number)", "--at", "1970-01-06T00:00:00Z",
          "--json")
        #expect(exits.contains(run.exit), "\(run.talk)")
        let document = try JSON(reading: run.output)
        guard case .array(let parts)? = document["parts"],
          case .array(let rows)? = parts.first?["rows"]
        else { throw CommandError.failed("reading", run.output) }
        let text = try warehouse.martlet(
          "explain", "risk.\(feature)", "customer=c\(number)", "--at", "1970-01-06T00:00:00Z")
        #expect(text.output.contains("\(rows.count) row"), "\(text.output)")
        return (try #require(document["online"]), rows.filter { $0["use"] == .string("counts") })
      }
      let orders = try explained("spend__orders_400d")
      #expect(orders.answer["value"] == .int(Int64(orders.counted.count)))
      for row in orders.counted {
        if case .string(let path)? = row["file"] {
          origins.insert(path.contains("/pushes/") ? .pushedFile : .sourceFile)
        } else {
          origins.insert(.push)
        }
      }
      let paid = try explained("spend__paid_1d")
      let most = try explained("spend__most_1d")
      #expect(paid.counted.count == most.counted.count)
      #expect(most.answer["value"]?.number == paid.counted.compactMap { $0["value"]?.number }.max())
      let tier = try explained("file__tier")
      #expect(tier.counted.count == (tier.answer["status"] == .string("present") ? 1 : 0))
      if let row = tier.counted.first { #expect(row["value"] == tier.answer["value"]) }
    }
    return origins
  }
}

extension JSON {
  /// The member called `name`.
  fileprivate subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  fileprivate var number: Double? {
    switch self {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}
