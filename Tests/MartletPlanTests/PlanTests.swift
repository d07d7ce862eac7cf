import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletPlan
import Testing

struct PlanTests {
  @Test func `a value used twice is one step, and what is not used is none`() throws {
    let set = try plan(shop).set("spend").unwrapped
    #expect(
      "\(set.rows.calculation)" == """
        0  column amount: double
        1  double(0.92): double
        2  * #0, #1: double
        3  column customer: string
        4  column time: time
        5  column status: string
        6  string("settled"): string
        7  == #5, #6: bool
        """)
    #expect(set.rows.valueNames == ["euros"])
    #expect(set.schema.fields.map(\.name) == ["customer", "_time", "euros"])
  }

  @Test func `an int becomes a double where it meets one`() throws {
    let set = try plan(shop.replacing("amount * 0.92", with: "amount * 2")).set("spend").unwrapped
    #expect("\(set.rows.calculation)".contains("double(2.0): double"))
    let column = shop.replacing("amount: double", with: "amount: int")
    let widened = try plan(column).set("spend").unwrapped
    #expect("\(widened.rows.calculation)".contains("double #"))
    let called = column.replacing("amount * 0.92", with: "sqrt(amount)")
    #expect(
      try "\(plan(called).set("spend").unwrapped.rows.calculation)".hasPrefix(
        """
        0  column amount: int
        1  double #0: double
        2  sqrt #1: double
        """))
  }

  @Test func `what tells whom a set knows needs no value`() throws {
    let bare = try plan(shop).set("spend").unwrapped.withoutValues
    #expect(bare.schema.fields.map(\.name) == ["customer", "_time"])
    #expect(bare.rows.calculation.columns.sorted() == ["customer", "status", "time"])
    #expect(bare.rows.filter.map { bare.rows.calculation.steps[$0].type } == .bool)
  }

  @Test func `measures and windows are planned once, features keep their order`() throws {
    let set = try plan(shop).set("spend").unwrapped
    guard case .events(let windows) = set.answer else {
      Issue.record("no events")
      return
    }
    #expect(windows.windows.count == 2)
    #expect(windows.measures.map(\.function) == [.sum, .count])
    #expect(set.features.map(\.name) == ["total_1h", "total_24h", "number_1h"])
    #expect(windows.features.map(\.place.measure) == [0, 0, 1])
    #expect(windows.features.map(\.place.window) == [0, 1, 0])
    #expect(set.reach == TimeLength(microseconds: .day))
  }

  @Test(arguments: [
    ["euros", "converted"],
    [
      "total  = sum(euros) over 1h, 24h\n    number = count() over 1h",
      "number = count() over 1h\n    total  = sum(euros) over 24h, 1h",
    ],
    ["amount: double\n    status: string", "status: string\n    amount: double"],
    ["owner \"a@b.c\"", "owner \"d@e.f\""],
    ["over 1h, 24h", "over 1h, 7d"],  // other windows over the rows that are kept already
  ])
  func `an arrangement that keeps the same rows keeps the layout`(_ edits: [String]) throws {
    #expect(try layout(after: edits) == layout(after: []), "\(edits)")
  }

  @Test(arguments: [
    ["0.92", "0.93"], ["settled", "refused"], ["sum(euros)", "sum(amount)"],
    ["from \"orders.parquet\"", "from \"other.parquet\""],
    ["orders.parquet\"\n    at time", "orders.parquet\"\n    at booked"],
    ["    where status == \"settled\"\n", ""],
  ])
  func `a change of what is kept changes the layout`(_ edits: [String]) throws {
    #expect(try layout(after: edits) != layout(after: []), "\(edits)")
  }

  @Test func `a service's stages come in the order of what they need`() throws {
    let service = try plan(shop).service("risk").unwrapped
    let stages = service.stages.map { stage in
      switch stage {
      case .lookup(let lookup): "\(lookup.set) by \(lookup.keys): \(lookup.features.map(\.name))"
      case .computation(let computation):
        "\(computation.set): \(computation.features.map(\.name))"
      }
    }
    #expect(
      stages == [
        "file by [MartletPlan.ServicePlan.Key.caller(\"customer\")]: [\"home\"]",
        "land by [MartletPlan.ServicePlan.Key.value(0)]: [\"risk\"]",
        "spend by [MartletPlan.ServicePlan.Key.caller(\"customer\")]: [\"number_1h\", \"total_1h\"]",
        "rates: [\"each\"]",
      ])
    #expect(service.outputs.map(\.name) == ["spend__number_1h", "rates__each", "land__risk"])
    #expect(service.outputs.map(\.value) == [2, 4, 1])
  }

  private func layout(after edits: [String]) throws -> Identity {
    var text = shop
    for index in stride(from: 0, to: edits.count, by: 2) {
      #expect(text.contains(edits[index]), "\(edits[index])")
      text = text.replacing(edits[index], with: edits[index + 1])
    }
    return try plan(text).set("spend").unwrapped.layout
  }
}

private let shop = """
  entity customer(customer: string)
  entity country(code: string)
  events orders {
      from "orders.parquet"
      at time
      customer: string
      amount: double
      status: string
      time: time
      booked: time
  }
  states files {
      from "files.parquet"
      at time
      customer: string
      home: string
      time: time
  }
  states lands {
      from "lands.parquet"
      at time
      code: string
      risk: double
      time: time
  }
  features spend of customer from orders {
      where status == "settled"
      let euros = amount * 0.92
      total  = sum(euros) over 1h, 24h
      number = count() over 1h
      owner "a@b.c"
  }
  features file of customer from files { home }
  features land of country from lands { risk }
  features rates {
      let sum = spend.total_1h
      unused = sum + 1.0
      each = sum / spend.number_1h
  }
  service risk {
      spend.number_1h
      rates.each
      land.risk by file.home
  }
  """

private func plan(_ text: String) throws -> Plan {
  let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
  #expect(checked.findings.filter { $0.severity == .error } == [])
  return Plan(checked.value.definitions)
}

extension Optional {
  fileprivate var unwrapped: Wrapped { get throws { try #require(self) } }
}
