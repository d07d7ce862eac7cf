import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan
import Synchronization

/// Reads features of events of one entity by a sweep over its value.
final class SweptReading: Sendable {
  private let set: SetPlan
  private let outputs: [Int]

  /// What each output says where nothing is seen.
  private let empty: [Value]

  /// Sweeps that nobody uses at the moment: each serves one thread at a time.
  private let idle: Mutex<[Lent]>

  /// `@unchecked Sendable`: whoever took it out of `idle` is the only one who has it.
  private struct Lent: @unchecked Sendable {
    let sweep: WindowSweep
  }

  init?(_ lookup: DirectLookup) {
    guard case .events(let plan) = lookup.set.answer, let sweep = WindowSweep(lookup.set) else {
      return nil
    }
    set = lookup.set
    outputs = lookup.outputs
    idle = Mutex([Lent(sweep: sweep)])
    empty = plan.features.map { feature in
      plan.measures[feature.place.measure].function.countsEmpty ? .int(0) : .null
    }
  }

  /// The answer; `nil` where rows have to be compared first.
  func row(
    _ value: UnsafeRawBufferPointer?, at question: Instant
  ) throws(RowsError) -> OnlineRow? {
    var values = empty
    var isSeen = false
    if let value {
      let lent = idle.withLock { $0.popLast() }
      guard let sweep = lent?.sweep ?? WindowSweep(set) else { return nil }
      defer { idle.withLock { $0.append(Lent(sweep: sweep)) } }
      let seen = try sweep.sweep(value, at: question.microseconds, of: nil) { values[$0] = $1 }
      guard let seen else { return nil }
      isSeen = seen
    }
    var row = OnlineRow(capacity: outputs.count)
    for output in outputs {
      let value = values[output]
      row.append(value, isSeen ? value == .null ? .null : .present : .missing)
    }
    return row
  }
}
