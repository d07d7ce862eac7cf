import MartletAggregates
import MartletColumns
import MartletEngine
import MartletLanguage
import MartletPlan

/// How a service is answered about one entity: what each lookup gives, what is worked out from that, and
/// which of all this is asked for. Every value has a slot of a row, of which the first are the outputs:
///
///     lookup 0 ──▶ slot, slot, …  ┐
///     lookup 1 ──▶ slot, …        ├──▶ computations ──▶ slots
///     given ──────────────────────┘
final class ServiceCourse: Sendable {
  /// The service's lookups of what is needed.
  let lookups: [DirectLookup]

  private let computations: [Computation]

  /// The outputs that are other outputs again.
  private let repeats: [(slot: Int, of: Int)]

  /// Slots of all values, and how many of them are outputs.
  let slotCount: Int
  private let outputCount: Int

  /// Features that are worked out, and where what they need comes from.
  private struct Computation: Sendable {
    let calculator: Calculator
    let results: [Int]
    let inputs: [Calculation.Input: Input]

    /// For each of the results that are needed, its place among them and its slot.
    let slots: [(place: Int, slot: Int)]
  }

  private enum Input: Sendable {
    case question
    case given(Int)
    case slot(Int)
  }

  /// - Returns: `nil` where something is looked up by what another lookup gave.
  init?(_ service: ServicePlan, _ plan: Plan, zones: [String: ZoneRules]) {
    let slots = Slots(service)
    var lookups: [DirectLookup] = []
    var computations: [Computation] = []
    var first = 0
    for stage in service.stages {
      switch stage {
      case .lookup(let lookup):
        let wanted = lookup.features.indices.compactMap { place in
          slots.ofValue[first + place].map { (name: lookup.features[place].name, slot: $0) }
        }
        first += lookup.features.count
        if wanted.isEmpty { continue }
        guard
          let direct = DirectLookup(
            lookup, of: wanted.map(\.name), into: wanted.map(\.slot), service, plan)
        else { return nil }
        lookups.append(direct)
      case .computation(let computation):
        let inputs = Self.inputs(of: computation, service, slots)
        guard let inputs else { return nil }
        let wanted = computation.features.indices.compactMap { place in
          slots.ofValue[first + place].map { (place: place, slot: $0) }
        }
        first += computation.features.count
        computations.append(
          Computation(
            calculator: Calculator(computation.calculation, zones: zones),
            results: computation.results, inputs: inputs, slots: wanted))
      }
    }
    self.lookups = lookups
    self.computations = computations
    repeats = slots.repeats
    slotCount = slots.count
    outputCount = service.outputs.count
  }

  private static func inputs(
    of computation: ServicePlan.Computation, _ service: ServicePlan, _ slots: Slots
  ) -> [Calculation.Input: Input]? {
    var inputs: [Calculation.Input: Input] = [:]
    for (input, _) in computation.calculation.inputs {
      switch input {
      case .question: inputs[input] = .question
      case .given(let name):
        guard let place = service.given.firstIndex(where: { $0.name == name }) else { return nil }
        inputs[input] = .given(place)
      case .feature, .column:
        guard let number = computation.inputs[input], let slot = slots.ofValue[number] else {
          return nil
        }
        inputs[input] = .slot(slot)
      }
    }
    return inputs
  }

  // MARK: Answering

  /// Makes `row` the answer, once the lookups have filled their slots.
  func finish(
    _ row: inout OnlineRow, given: UnsafeBufferPointer<OnlineRow.Lent>, at question: Instant
  ) {
    for computation in computations {
      let (columns, _) = computation.calculator.values(of: computation.results, rowCount: 1) {
        input, type in
        let value: Value
        switch computation.inputs[input] {
        case .question: value = .time(question)
        case .given(let place): value = given[place].value
        case .slot(let slot): value = row[slot]
        case nil: preconditionFailure("nobody gives \(input)")
        }
        return Column(one: value, type)
      }
      for (place, slot) in computation.slots {
        let column = columns[place]
        row.set(slot, to: column[0], column.isNull(at: 0) ? .null : .present)
      }
    }
    for (slot, other) in repeats { row.set(slot, toThatOf: other) }
    if slotCount > outputCount { row.removeLast(slotCount - outputCount) }
  }
}

/// Which slot each value of a service has.
private struct Slots {
  /// For each of the service's values; `nil` of those that nobody needs.
  private(set) var ofValue: [Int?]
  private(set) var repeats: [(slot: Int, of: Int)] = []
  private(set) var count: Int

  init(_ service: ServicePlan) {
    var valueCount = 0
    for stage in service.stages {
      switch stage {
      case .lookup(let lookup): valueCount += lookup.features.count
      case .computation(let computation): valueCount += computation.features.count
      }
    }
    ofValue = Array(repeating: nil, count: valueCount)
    count = service.outputs.count
    for (slot, output) in service.outputs.enumerated() {
      if let other = ofValue[output.value] {
        repeats.append((slot, other))
      } else {
        ofValue[output.value] = slot
      }
    }
    for case .computation(let computation) in service.stages {
      for value in computation.inputs.values where ofValue[value] == nil {
        ofValue[value] = count
        count += 1
      }
    }
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
