// A feature set answered the long way: for every question every row is looked at.

/// A row of a source, as a test writes it.
public struct ReferenceRow: Hashable, Sendable {
  public var entity: String
  public var times: ReferenceTimes
  public var id: Int64?
  public var isDelete: Bool
  public var cells: [String: ReferenceValue?]

  public init(
    _ entity: String, _ times: ReferenceTimes, id: Int64? = nil, isDelete: Bool = false,
    cells: [String: ReferenceValue?]
  ) {
    self.entity = entity
    self.times = times
    self.id = id
    self.isDelete = isDelete
    self.cells = cells
  }

  /// Whether it stands rather than `other`, which has the same id: the one that can be seen first.
  fileprivate func stands(before other: ReferenceRow, _ columns: [String]) -> Bool {
    let seen = (max(times.event, times.known ?? .min), times.event)
    let otherSeen = (max(other.times.event, other.times.known ?? .min), other.times.event)
    if seen != otherSeen { return seen < otherSeen }
    if times.known != other.times.known { return (times.known ?? 0) < (other.times.known ?? 0) }
    return isBefore(other, columns)
  }

  /// Cell by cell, a null before every value.
  fileprivate func isBefore(_ other: ReferenceRow, _ columns: [String]) -> Bool {
    for column in columns {
      let (one, two) = (cells[column] ?? nil, other.cells[column] ?? nil)
      switch (one, two) {
      case (nil, nil): continue
      case (nil, _): return true
      case (_, nil): return false
      case (let one?, let two?):
        if one.isBefore(two) { return true }
        if two.isBefore(one) { return false }
      }
    }
    return false
  }
}

/// What a feature answers.
public enum ReferenceAnswer: Hashable, Sendable {
  case null
  case one(ReferenceValue)
  case several([ReferenceValue])
  case text(String)
}

/// An entity's rows.
public struct ReferenceEntity: Sendable {
  private let rows: [ReferenceRow]
  private let columns: [String]

  /// The rows of `entity` among `rows`; of those that share an id, one.
  ///
  /// `columns` is the order in which the content of rows that tie is compared.
  public init(_ entity: String, in rows: [ReferenceRow], comparing columns: [String]) {
    var kept: [ReferenceRow] = []
    var standing: [Int64: ReferenceRow] = [:]
    for row in rows where row.entity == entity {
      guard let id = row.id else {
        kept.append(row)
        continue
      }
      if standing[id].map({ row.stands(before: $0, columns) }) ?? true { standing[id] = row }
    }
    self.rows = kept + standing.values
    self.columns = columns
  }

  /// Whether any row can be seen through `window`.
  public func sees(_ window: ReferenceWindow, at question: Int64) -> Bool {
    !referenceEvents(rows.map(\.times), in: window, at: question).isEmpty
  }

  /// What `function` answers of the values of `column` that can be seen through `window`, where the
  /// cell of `filter` is 1.
  public func answer(
    _ function: String, _ column: String?, _ parameter: Double = 0, where filter: String? = nil,
    in window: ReferenceWindow, at question: Int64
  ) -> ReferenceAnswer {
    var seen = referenceEvents(rows.map(\.times), in: window, at: question).map { rows[$0] }
    if let filter { seen = seen.filter { $0.cells[filter] == .int(1) } }
    guard let column else {
      if function == "count" { return .one(.int(Int64(seen.count))) }
      guard let last = seen.map(\.times.event).max() else { return .null }
      return .one(.double(Double(question - last) / 1e6))
    }
    let events = seen.compactMap { row in
      (row.cells[column] ?? nil).map { ReferenceEvent(row.times.event, $0) }
    }
    return Self.answer(function, events, Int(parameter))
  }

  private static func answer(
    _ function: String, _ events: [ReferenceEvent], _ count: Int
  ) -> ReferenceAnswer {
    let values = events.map(\.value)
    let sorted = values.sorted { $0.isBefore($1) }
    switch function {
    case "count": return .one(.int(Int64(values.count)))
    case "distinct": return .one(.int(Int64(Set(values.map(\.asKey)).count)))
    case "approx_distinct": return .one(.int(Int64(Set(values.map(\.asKey)).count)))
    default: break
    }
    guard !values.isEmpty else { return .null }
    switch function {
    case "sum":
      if let doubles = values.doubles { return one(Numbers.sum(doubles)) }
      return .one(.int(values.ints.reduce(0, +)))
    case "avg":
      return one(values.doubles.map { Numbers.average($0) } ?? Numbers.average(values.ints))
    case "variance":
      return one(values.doubles.map { Numbers.variance($0) } ?? Numbers.variance(values.ints))
    case "min": return .one(sorted[0])
    case "max": return .one(sorted[sorted.count - 1])
    case "first": return .one(referenceFirst(1, of: events)[0].value)
    case "last": return .one(referenceLast(1, of: events)[0].value)
    case "first_k": return .several(referenceFirst(count, of: events).map(\.value))
    case "last_k": return .several(referenceLast(count, of: events).map(\.value))
    case "any": return .one(.int(values.contains(.int(1)) ? 1 : 0))
    case "all": return .one(.int(values.allSatisfy { $0 == .int(1) } ? 1 : 0))
    case "top_k":
      let counts = referenceCounts(values)
      let order = counts.indices.sorted {
        (counts[$1].count, $0) < (counts[$0].count, $1)
      }
      return .several(order.prefix(count).map { counts[$0].value })
    case "histogram":
      let members = referenceCounts(values).map { "\"\($0.value.spelled)\":\($0.count)" }
      return .text("{" + members.joined(separator: ",") + "}")
    default: fatalError("no \(function)")
    }
  }

  private static func one(_ value: Double?) -> ReferenceAnswer {
    value.map { .one(.double($0)) } ?? .null
  }

  /// The row that holds at `question`, and its status in words.
  public func state(keep: Int64?, at question: Int64) -> (status: String, row: ReferenceRow?) {
    let order = rows.sorted { $0.isBefore($1, columns) }
    let states = order.enumerated().map { rank, row in
      // Rows that say the same tie, whichever stands.
      ReferenceState(row.times, isDelete: row.isDelete, content: rank)
    }
    let found = referenceState(states, keep: keep, at: question)
    return (found.status, found.content.map { order[$0] })
  }
}

extension ReferenceValue {
  fileprivate var asKey: ReferenceValue {
    if case .double(let bits) = self, Double(bitPattern: bits) == 0 { return .double(UInt64(0)) }
    return self
  }

  fileprivate var spelled: String {
    if case .text(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { "" }
  }
}

extension [ReferenceValue] {
  fileprivate var doubles: [Double]? {
    var doubles: [Double] = []
    for value in self {
      guard case .double(let bits) = value else { return nil }
      doubles.append(Double(bitPattern: bits))
    }
    return doubles
  }

  fileprivate var ints: [Int64] {
    map { value in
      guard case .int(let number) = value else { fatalError("no int") }
      return number
    }
  }
}
