import MartletAggregates
import MartletColumns
import MartletEngine
import MartletLanguage
import MartletPlan

/// How a service is answered about one entity: what each lookup gives, what is worked out from that, and
/// which of all this is asked for.
///
///     part 0 ──▶ value, value, …  ┐
///     part 1 ──▶ value, …         ├──▶ computations ──▶ outputs
///     given ──────────────────────┘
final class ServiceCourse: Sendable {
  /// The service's lookups of what is needed.
  let parts: [Part]

  private let computations: [Computation]

  /// For each output, where it comes from.
  private let outputs: [Origin]

  /// Whether the one part's answer is the service's.
  let isLone: Bool

  /// A lookup, and how its value is read.
  final class Part: Sendable {
    let lookup: DirectLookup
    private let lone: LoneReading?
    private let swept: SweptReading?

    fileprivate init(_ lookup: DirectLookup) {
      self.lookup = lookup
      lone = LoneReading(lookup)
      swept = SweptReading(lookup)
    }

    func row(
      _ value: UnsafeRawBufferPointer?, of entity: EntityReader?, at question: Instant
    ) throws(RowsError) -> OnlineRow? {
      if let lone { return try lone.row(value, at: question) }
      return try swept?.row(value, of: entity, at: question)
    }
  }

  /// Where a value comes from.
  private enum Origin: Sendable {
    case part(Int, place: Int)
    case computation(Int, place: Int)
  }

  /// Features that are worked out, and where what they need comes from.
  private struct Computation: Sendable {
    let calculator: Calculator
    let results: [Int]
    let inputs: [Calculation.Input: Input]
  }

  private enum Input: Sendable {
    case question
    case given(Int)
    case value(Origin)
  }

  /// - Returns: `nil` where something is looked up by what another lookup gave.
  init?(_ service: ServicePlan, _ plan: Plan, zones: [String: ZoneRules]) {
    let wanted = service.neededValues
    var parts: [Part] = []
    var computations: [Computation] = []
    var origins: [Origin?] = []
    for stage in service.stages {
      switch stage {
      case .lookup(let lookup):
        let numbers = lookup.features.indices.filter { wanted.contains(origins.count + $0) }
        if numbers.isEmpty {
          origins += lookup.features.map { _ in nil }
          continue
        }
        guard
          let direct = DirectLookup(
            lookup, of: numbers.map { lookup.features[$0].name }, service, plan)
        else { return nil }
        origins += lookup.features.indices.map { feature in
          numbers.firstIndex(of: feature).map { .part(parts.count, place: $0) }
        }
        parts.append(Part(direct))
      case .computation(let computation):
        guard let own = Self.computation(computation, service, origins, zones) else { return nil }
        origins += computation.features.indices.map { .computation(computations.count, place: $0) }
        computations.append(own)
      }
    }
    let outputs = service.outputs.compactMap { origins[$0.value] }
    guard outputs.count == service.outputs.count else { return nil }
    self.parts = parts
    self.computations = computations
    self.outputs = outputs
    isLone =
      parts.count == 1 && parts[0].lookup.outputs.count == outputs.count
      && outputs.enumerated().allSatisfy { index, origin in
        if case .part(0, place: index) = origin { true } else { false }
      }
  }

  private static func computation(
    _ computation: ServicePlan.Computation, _ service: ServicePlan, _ origins: [Origin?],
    _ zones: [String: ZoneRules]
  ) -> Computation? {
    var inputs: [Calculation.Input: Input] = [:]
    for (input, _) in computation.calculation.inputs {
      switch input {
      case .question: inputs[input] = .question
      case .given(let name):
        guard let place = service.given.firstIndex(where: { $0.name == name }) else { return nil }
        inputs[input] = .given(place)
      case .feature, .column:
        guard let number = computation.inputs[input], let origin = origins[number] else {
          return nil
        }
        inputs[input] = .value(origin)
      }
    }
    return Computation(
      calculator: Calculator(computation.calculation, zones: zones), results: computation.results,
      inputs: inputs)
  }

  // MARK: Answering

  /// The answer, once the parts gave theirs.
  func answer(_ found: [OnlineRow], given: [Value], at question: Instant) -> OnlineRow {
    var worked: [[Column]] = []
    worked.reserveCapacity(computations.count)
    for computation in computations {
      let (columns, _) = computation.calculator.values(of: computation.results, rowCount: 1) {
        input, type in
        let value: Value
        switch computation.inputs[input] {
        case .question: value = .time(question)
        case .given(let place): value = given[place]
        case .value(.part(let part, let place)): value = found[part][place]
        case .value(.computation(let number, let place)): return worked[number][place]
        case nil: preconditionFailure("nobody gives \(input)")
        }
        return Column(one: value, type)
      }
      worked.append(columns)
    }
    var row = OnlineRow(capacity: outputs.count)
    for output in outputs {
      switch output {
      case .part(let part, let place): row.append(place, of: found[part])
      case .computation(let number, let place):
        let column = worked[number][place]
        row.append(column[0], column.isNull(at: 0) ? .null : .present)
      }
    }
    return row
  }
}

extension ServicePlan {
  /// The numbers of the values that outputs are, or are worked out from.
  fileprivate var neededValues: Set<Int> {
    var needed = Set(outputs.map(\.value))
    for case .computation(let computation) in stages { needed.formUnion(computation.inputs.values) }
    return needed
  }
}

extension Column {
  /// One row, of a value that is known to be of `type`.
  fileprivate init(one value: Value, _ type: ColumnType) {
    switch value {
    case .int(let number): self.init(.int([number]))
    case .double(let number): self.init(.double([number]))
    case .bool(let flag): self.init(.bool([flag]))
    case .time(let moment): self.init(.time([moment.microseconds]))
    default:
      guard let column = Column(type, [value]) else {
        preconditionFailure("\(value) is no \(type)")
      }
      self = column
    }
  }
}
