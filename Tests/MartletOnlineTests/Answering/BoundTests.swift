import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

@testable import MartletOnline

/// What counts different values beyond its bound is null, in training as in serving.
struct BoundTests {
  @Test(arguments: [0, 1, 1_024, 1_025, 3_000])
  func `distinct is exact up to its bound, and null beyond it`(kinds: Int64) throws {
    let plan = try Self.plan()
    let set = try #require(plan.set("kinds"))
    let source = try #require(plan.source("taps"))
    let store = try OnlineStore.inMemory()
    let features = try OnlineFeatures(plan, of: store)
    try store.load(set, [], in: "memory", holdingPushesUpTo: 0)
    var offline = ReplayTraining(plan)
    for start in stride(from: 0, to: kinds, by: 500) {
      let numbers = Array(start..<min(start + 500, kinds))
      let batch = try Self.batch(source, numbers)
      try features.push(batch, to: source)
      offline.add(batch, of: source.name)
    }
    let keys = [Column(.int([7]))]
    let times = Column(.time([.max]))
    let wanted: Value = kinds <= 1_024 ? .int(kinds) : .null
    for found in [
      try features.answers(of: set, keys: keys, at: times),
      try offline.answers(of: set, keys: keys, at: times),
    ] {
      #expect(found.columns[0][0] == wanted)
      let status: ValueStatus = kinds == 0 ? .missing : wanted == .null ? .null : .present
      #expect(found.statuses(of: 0)[0] == status)
    }
  }

  private static func batch(_ source: SourcePlan, _ numbers: [Int64]) throws -> Batch {
    let columns = try source.schema.fields.map { field -> Column in
      switch field.name {
      case "person": Column(.int(Buffer(repeating: 7, count: numbers.count)))
      case "at_time": Column(.time(Buffer(numbers)))
      default: try #require(Column(field.type, numbers.map { .int($0) }))
      }
    }
    return Batch(source.schema, columns, rowCount: numbers.count)
  }

  private static func plan() throws -> Plan {
    let text = """
      entity someone(person: int)
      events taps {
          from pushes
          at at_time
          person: int
          number: int
          at_time: time
      }
      features kinds of someone from taps {
          kinds = distinct(number)
      }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    try #require(checked.findings.filter { $0.severity == .error } == [])
    return Plan(checked.value.definitions)
  }
}
