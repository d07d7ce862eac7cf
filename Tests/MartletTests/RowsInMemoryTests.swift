import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

/// The join over rows that the caller holds, without a file.
struct RowsInMemoryTests {
  @Test func `rows in memory answer as of each row's time`() throws {
    let project = try Project.shop()
    let service = try #require(project.plan.service("risk"))
    let orders = [
      try orders([("a", 2.0, 10), ("b", 5.0, 20)]), try orders([("a", 3.0, 30), ("a", -1.0, 31)]),
    ]
    let rows = try RowsInMemory(project, ["orders": orders])
    let times = Column(.time([10_000_000, 11_000_000, 40_000_000, 40_000_000]))
    let keys = try #require(Column(.string, ["a", "a", "a", "b"].map { .string($0) }))
    let (answers, report) = try rows.answers(of: service, at: times) { _ in keys }
    #expect(answers.columns[0] == Column(.int([0, 1, 2, 1])))
    // The order of -1.0 is not as expected, and is dropped.
    #expect(
      answers.columns[1]
        == Column(.double([0, 2, 5, 5]), validity: Bitmap([false, true, true, true])))
    #expect(answers.statuses[1].map { "\($0)" } == ["missing", "present", "present", "present"])
    #expect(report.sets.map(\.dropped) == [1])
  }

  @Test func `rows of nobody's source, or without a column, are refused`() throws {
    let project = try Project.shop()
    #expect(throws: DraftError.self) { try RowsInMemory(project, ["purchases": []]) }
    let schema = try #require(Schema([Field("customer", .string)]))
    let keys = try #require(Column(.string, [.string("a")]))
    do {
      _ = try RowsInMemory(project, ["orders": [Batch(schema, [keys], rowCount: 1)]])
      Issue.record("rows without a time were taken")
    } catch {
      #expect("\(error)" == "taking rows of `orders`: they have no column `amount` of double")
    }
  }

  @Test func `a source without rows has none`() throws {
    let project = try Project.shop()
    let service = try #require(project.plan.service("risk"))
    let keys = try #require(Column(.string, [.string("a")]))
    let (answers, _) = try RowsInMemory(project, [:])
      .answers(of: service, at: Column(.time([0]))) { _ in keys }
    #expect(answers.columns[0] == Column(.int([0])))
  }
}

extension Project {
  /// Orders of customers, which nobody wrote to a file.
  fileprivate static func shop() throws -> Project {
    let text = """
      entity customer(customer: string)
      events orders {
          from "orders.parquet"
          at event_time
          expect amount >= 0.0 or drop
          customer: string
          amount: double
          event_time: time
      }
      features spend of customer from orders {
          orders = count()
          paid = sum(amount)
      }
      service risk {
          spend.*
      }
      """
    let checked = compile(TextFiles([TextFile(path: "featuredefs/a.martlet", text: text)]))
    #expect(checked.findings.filter { $0.severity == .error } == [])
    return try Project(
      folder: "/nowhere", store: "/nowhere", checked.value.definitions,
      forEach: { count, body in for index in 0..<count { body(index) } }, checkpoint: {})
  }
}

/// A batch of orders: customer, amount, second.
private func orders(_ rows: [(String, Double, Int64)]) throws -> Batch {
  let schema = try #require(
    Schema([Field("customer", .string), Field("amount", .double), Field("event_time", .time)]))
  return Batch(
    schema,
    [
      try #require(Column(.string, rows.map { .string($0.0) })),
      Column(.double(Buffer(rows.map { $0.1 }))),
      Column(.time(Buffer(rows.map { $0.2 * 1_000_000 }))),
    ], rowCount: rows.count)
}
