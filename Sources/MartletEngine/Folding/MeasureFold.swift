import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// The state of some measures while rows and other states are folded into it.
///
/// Where a `MeasurePass` slides over many questions, this answers one: online, with states that were
/// written beforehand. Both use the same aggregates, so both give the same bits.
///
/// Closures and not a protocol: those that a generic function makes for one aggregate are code for that
/// aggregate alone, where the methods of a generic class, called through a protocol, look up what they
/// are over row by row.
struct MeasureFold {
  let steps: FoldSteps

  /// What a measure, one of those that share the state, answers at the question.
  let value: (WindowPlan.Measure, AsOf) -> Value
}

/// A state that several closures share.
///
/// It lies in memory of its own, since each of a class's variables is guarded against two who change it
/// at once, which costs more than a step.
private final class FoldState<State> {
  let state: UnsafeMutablePointer<State>
  let kept: UnsafeMutablePointer<State>

  init(_ state: State) {
    self.state = .allocate(capacity: 1)
    kept = .allocate(capacity: 1)
    self.state.initialize(to: state)
    kept.initialize(to: state)
  }

  deinit {
    for place in [state, kept] {
      place.deinitialize(count: 1)
      place.deallocate()
    }
  }
}

extension MeasureFold {
  /// The fold of `aggregate` over what `Input` reads, for `measure` and those that share its state.
  @inline(__always)
  init<A: Aggregate, Input: FoldInput>(
    _ aggregate: A, _ input: Input.Type, of measure: WindowPlan.Measure,
    answer: @escaping (A.State, WindowPlan.Measure, AsOf) -> Value
  ) where Input.Value == A.Input {
    let (place, filter) = (measure.value, measure.filter)
    let held = FoldState(aggregate.empty)
    let add = { (range: Range<Int>, rows: FoldRows) in
      // Taken out while rows are added: in registers, and no copy of what it holds.
      var folded = held.state.move()
      // A measure without a value reads the clock alone.
      let column = place.map { rows.column($0) } ?? rows.clock
      if let filter {
        let filter = rows.column(filter)
        for row in range where filter.isPresent(row) && filter.flag(row) && column.isPresent(row) {
          aggregate.add(Input.read(rows, column, row), to: &folded)
        }
      } else if column.presence != nil {
        for row in range where column.isPresent(row) {
          aggregate.add(Input.read(rows, column, row), to: &folded)
        }
      } else {
        for row in range { aggregate.add(Input.read(rows, column, row), to: &folded) }
      }
      held.state.initialize(to: folded)
    }
    steps = FoldSteps(
      add: add,
      merge: { (reader: inout StateReader) throws(StateError) in
        aggregate.merge(try aggregate.decode(from: &reader), into: &held.state.pointee)
      },
      encode: { aggregate.encode(held.state.pointee, into: &$0) },
      reset: {
        held.state.pointee = aggregate.empty
        held.kept.pointee = aggregate.empty
      },
      keep: { held.kept.pointee = held.state.pointee },
      rewind: { held.state.pointee = held.kept.pointee })
    value = { answer(held.state.pointee, $0, $1) }
  }
}
