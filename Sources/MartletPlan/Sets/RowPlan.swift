public import MartletColumns

/// What a feature set keeps of each row of its source: the row of a segment.
///
/// The numbers are steps of `calculation`.
///
///     source row ──filter──▶ keys │ time │ known │ deleted │ id… │ values…
///
/// The values are everything that the set's features lean on, in an order that only their meanings
/// decide: however the definitions are arranged, the same rows are kept in the same columns.
public struct RowPlan: Hashable, Sendable {
  /// How all of it is worked out from the source's columns.
  public let calculation: Calculation

  /// The bool that keeps a row; `nil` keeps all.
  public let filter: Int?

  /// The entity's keys, in its order.
  public let keys: [Int]

  /// When the row happened or began to hold.
  public let time: Int

  /// When the row became known, where the source says so.
  public let known: Known?

  /// The bool that ends what held, of states.
  public let deleted: Int?

  /// What names the row among those of its entity.
  public let id: [Int]

  /// What the features lean on.
  public let values: [Int]

  /// What each of `values` is called for people; its meaning does not depend on it.
  public let valueNames: [String]

  /// When a row became known.
  public enum Known: Hashable, Sendable {
    /// At the time in this step.
    case at(Int)

    /// So long after its own time.
    case after(TimeLength)
  }
}

extension RowPlan {
  /// The columns of a kept row: the keys, `_time`, `_known`, `_deleted`, `_id…` where there are such,
  /// then the values.
  public func schema(keys fields: [Field]) -> Schema {
    var names = NameTable()
    var result = fields.map { Field(names.unique($0.name), $0.type) }
    result.append(Field(names.unique("_time"), .time))
    if known != nil { result.append(Field(names.unique("_known"), .time)) }
    if deleted != nil { result.append(Field(names.unique("_deleted"), .bool)) }
    for step in id { result.append(Field(names.unique("_id"), calculation.steps[step].type)) }
    for (step, name) in zip(values, valueNames) {
      result.append(Field(names.unique(name), calculation.steps[step].type))
    }
    guard let schema = Schema(result) else { preconditionFailure("names repeat in \(result)") }
    return schema
  }

  /// The same rows, with no values.
  var withoutValues: RowPlan {
    var results = keys + [time] + id
    if case .at(let step) = known { results.append(step) }
    results += [deleted, filter].compactMap { $0 }
    let (calculation, places) = calculation.keeping(results)
    let moved = Dictionary(zip(results, places), uniquingKeysWith: { first, _ in first })
    func place(_ step: Int) -> Int { moved[step] ?? step }
    let known: Known? =
      switch known {
      case .at(let step): .at(place(step))
      case .after, nil: known
      }
    return RowPlan(
      calculation: calculation, filter: filter.map(place), keys: keys.map(place), time: place(time),
      known: known, deleted: deleted.map(place), id: id.map(place), values: [], valueNames: [])
  }

  /// The position in the schema of the first value.
  public var firstValue: Int {
    keys.count + 1 + (known == nil ? 0 : 1) + (deleted == nil ? 0 : 1) + id.count
  }
}

/// Names given so far.
private struct NameTable {
  private var taken: Set<String> = []

  /// `name`, or with the first number behind it that makes it one of its own.
  mutating func unique(_ name: String) -> String {
    var candidate = name
    var number = 1
    while !taken.insert(candidate).inserted {
      number += 1
      candidate = "\(name)_\(number)"
    }
    return candidate
  }
}
