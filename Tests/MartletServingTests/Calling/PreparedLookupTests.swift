import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletOnline
import MartletPlan
import Synchronization
import Testing

@testable import MartletServing

/// A prepared lookup answers what the service answers, and follows what is served.
struct PreparedLookupTests {
  @Test func `answers what was pushed, and what is worked out from it`() throws {
    let shop = try Shop()
    let lookup = try PreparedLookup("risk", of: shop.served)
    #expect(lookup.keys == [Field("customer", .string)])
    #expect(lookup.given == [Field("amount", .double)])
    #expect(
      lookup.outputs == [
        Field("spend__paid", .double), Field("spend__orders", .int),
        Field("basket__share", .double), Field("spend__latest", .string),
      ])
    #expect(
      try shop.ask(lookup, "c1", 2) == [.null, .int(0), .null, .null])
    try shop.push("c1", amounts: [1, 3])
    #expect(
      try shop.ask(lookup, "c1", 2) == [.double(4), .int(2), .double(0.5), .string("c1")])
    #expect(try shop.ask(lookup, "c2", 2) == [.null, .int(0), .null, .null])
    #expect(
      try shop.ask(lookup, "c1", nil) == [.double(4), .int(2), .null, .string("c1")])
  }

  @Test func `follows newly served definitions that take and give the same`() throws {
    let shop = try Shop()
    let lookup = try PreparedLookup("risk", of: shop.served)
    try shop.push("c1", amounts: [1, 3])
    #expect(try shop.ask(lookup, "c1", 2)[2] == .double(0.5))
    try shop.serve("2", share: "amount / spend.paid * 10.0")
    #expect(try shop.ask(lookup, "c1", 2)[2] == .double(5))
  }

  @Test func `is refused once the service gives something else`() throws {
    let shop = try Shop()
    let lookup = try PreparedLookup("risk", of: shop.served)
    _ = try shop.ask(lookup, "c1", 2)
    try shop.serve("2", also: "spend.largest")
    let problem = #expect(throws: InProcess.Answer.self) { try shop.ask(lookup, "c1", 2) }
    #expect(problem?.status == 409)
    #expect(problem?.text.contains("changed-service") == true)
    #expect(try shop.ask(PreparedLookup("risk", of: shop.served), "c1", 2).count == 5)
  }

  @Test func `cannot be made of what is not there, or what has no plain values`() throws {
    let shop = try Shop()
    let unknown = #expect(throws: InProcess.Answer.self) {
      try PreparedLookup("rsk", of: shop.served)
    }
    #expect(unknown?.status == 404)
    let lists = #expect(throws: InProcess.Answer.self) {
      try PreparedLookup("lists", of: shop.served)
    }
    #expect(lists?.status == 422)
    #expect(lists?.text.contains("spend__recent") == true)
  }

  /// Every push adds 1 twice: an answer that is made of two moments would have an odd count, or a sum that
  /// is not the count.
  @Test func `many threads ask while others push and serve`() throws {
    let shop = try Shop()
    let lookup = try PreparedLookup("risk", of: shop.served)
    let notes = Notes()
    let threads = try (0..<8).map { number in
      try LoopThread(named: "crowd-\(number)") {
        do {
          if number == 0 {
            while notes.asking.load(ordering: .relaxed) > 0 {
              try shop.push("c1", amounts: [1, 1])
            }
          } else if number == 1 {
            var version = 2
            while notes.asking.load(ordering: .relaxed) > 0 {
              try shop.serve("\(version)")
              version += 1
            }
          } else {
            defer { notes.asking.wrappingSubtract(1, ordering: .relaxed) }
            var last: Int64 = 0
            for _ in 0..<200 {
              let found = try shop.ask(lookup, "c1", 1)
              guard case .int(let count) = found[1] else { throw Odd() }
              let paid: Double = if case .double(let paid) = found[0] { paid } else { 0 }
              if count % 2 != 0 || count < last || paid != Double(count) {
                notes.findings.withLock { $0.append("\(paid) of \(count) after \(last)") }
              }
              last = count
            }
          }
        } catch { notes.findings.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.join() }
    #expect(notes.findings.withLock { $0 } == [])
  }
}

private struct Odd: Error {}

/// What the threads found, and how many still ask.
private final class Notes: Sendable {
  let findings = Mutex<[String]>([])
  let asking = Atomic<Int>(6)
}

/// A shop whose orders are pushed.
private final class Shop: Sendable {
  let served = OnlineServedStore()
  private let store: OnlineStore
  private let pushed = Atomic<Int>(0)

  init() throws {
    store = try .inMemory()
    try serve("1")
    // Where nothing was ever loaded or pushed a service is not ready.
    try push("nobody", amounts: [1])
  }

  func serve(
    _ version: String, share: String = "amount / spend.paid", also output: String = ""
  ) throws {
    let text = """
      entity customer(customer: string)
      events orders {
          from pushes
          at time
          id number
          number: int
          customer: string
          amount: double
          time: time
      }
      features spend of customer from orders {
          paid = sum(amount)
          orders = count()
          largest = max(amount)
          latest = last(customer)
          recent = last(number, 2)
      }
      features basket given (amount: double) { share = \(share) }
      service risk {
          spend.paid
          spend.orders
          basket.share
          spend.latest
          \(output)
      }
      service lists { spend.recent }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    try #require(checked.findings.filter { $0.severity == .error } == [])
    let definitions = checked.value.definitions
    try served.serve(version, definitions, Plan(definitions), over: store)
  }

  func push(_ customer: String, amounts: [Double]) throws {
    let edition = try #require(served.edition)
    let schema = try #require(edition.columns(ofSource: "orders"))
    let first = pushed.wrappingAdd(amounts.count, ordering: .relaxed).oldValue
    let columns = try schema.fields.map { field -> Column in
      let values: [Value] = amounts.indices.map { place in
        switch field.name {
        case "number": .int(Int64(first + place))
        case "customer": .string(customer)
        case "amount": .double(amounts[place])
        default: .time(Instant(microseconds: Int64(first + place)))
        }
      }
      return try #require(Column(field.type, values))
    }
    _ = try served.push(Batch(schema, columns, rowCount: amounts.count), to: "orders")
  }

  func ask(_ lookup: PreparedLookup, _ customer: String, _ amount: Double?) throws -> [Value] {
    var values: [Value] = []
    var customer = customer
    try customer.withUTF8 { name in
      let keys = [OnlineRow.Lent.string(UnsafeRawBufferPointer(name))]
      let given = [amount.map { OnlineRow.Lent.double($0) } ?? .null]
      try keys.withUnsafeBufferPointer { keys in
        try given.withUnsafeBufferPointer { given in
          try lookup.ask(keys: keys, given: given, at: nil) { row in
            for place in 0..<row.count { values.append(row[place]) }
          }
        }
      }
    }
    return values
  }
}
