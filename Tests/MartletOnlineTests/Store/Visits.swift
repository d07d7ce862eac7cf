import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

@testable import MartletOnline

/// Visits of people, counted: small enough that what is right can be said beforehand.
struct Visits {
  let plan: Plan

  init() throws {
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: Self.definitions)]))
    try #require(checked.findings.filter { $0.severity == .error } == [])
    plan = Plan(checked.value.definitions)
  }

  func source() throws -> SourcePlan { try #require(plan.source("visits")) }

  func set() throws -> SetPlan { try #require(plan.set("person_visits")) }

  func service() throws -> ServicePlan { try #require(plan.service("visitors")) }

  /// Visits of `person`, numbered from `first` on.
  func batch(_ person: String, from first: Int64, count: Int) throws -> Batch {
    let schema = try source().schema
    let numbers = (0..<Int64(count)).map { first + $0 }
    let columns = try schema.fields.map { field -> Column in
      switch field.name {
      case "person": try #require(Column(.string, numbers.map { _ in .string(person) }))
      case "number": try #require(Column(.int, numbers.map { .int($0) }))
      default: try #require(Column(.time, numbers.map { .time(Instant(microseconds: $0)) }))
      }
    }
    return Batch(schema, columns, rowCount: count)
  }

  /// How many visits of `person` count, and what their numbers add up to.
  func answer(
    _ person: String, from features: OnlineFeatures, at time: Int64 = .max
  ) throws -> (count: Int64, sum: Int64) {
    let keys = try #require(Column(.string, [.string(person)]))
    let found = try features.answers(of: set(), keys: [keys], at: Column(.time([time])))
    guard case .int(let count) = found.columns[0][0] else { return (-1, -1) }
    if case .int(let sum) = found.columns[1][0] { return (count, sum) }
    return (count, 0)
  }

  private static let definitions = """
    entity someone(person: string)
    events visits {
        from pushes
        at at_time
        id number
        person: string
        number: int
        at_time: time
    }
    features person_visits of someone from visits {
        visits = count()
        numbers = sum(number)
    }
    service visitors {
        person_visits.*
    }
    """
}
