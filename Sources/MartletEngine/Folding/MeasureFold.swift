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
  /// Adds those of the rows in the range that count.
  let add: (Range<Int>, FoldRows) -> Void

  /// Joins a state that was written.
  let merge: (inout StateReader) throws(StateError) -> Void

  /// Writes the state.
  let encode: (inout StateWriter) -> Void

  /// Begins anew.
  let reset: () -> Void

  /// What a measure, one of those that share the state, answers at the question.
  let value: (WindowPlan.Measure, AsOf) -> Value
}

/// A state that several closures share.
private final class FoldState<State> {
  var state: State

  init(_ state: State) { self.state = state }
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
    add = { range, rows in
      // Taken out while rows are added: one access for all of them, and no copy of what it holds.
      var folded = exchange(&held.state, with: aggregate.empty)
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
      held.state = folded
    }
    merge = { (reader: inout StateReader) throws(StateError) in
      aggregate.merge(try aggregate.decode(from: &reader), into: &held.state)
    }
    encode = { aggregate.encode(held.state, into: &$0) }
    reset = { held.state = aggregate.empty }
    value = { answer(held.state, $0, $1) }
  }
}
