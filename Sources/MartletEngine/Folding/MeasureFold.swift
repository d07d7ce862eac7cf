import MartletAggregates
import MartletColumns
import MartletLanguage
import MartletPlan

/// The state of some measures while rows and other states are folded into it.
///
/// Where a `MeasurePass` slides over many questions, this answers one: online, with states that were
/// written beforehand. Both use the same aggregates, so both give the same bits.
protocol MeasureFold: AnyObject {
  /// Adds `row` of `rows`, if it counts.
  func add(_ row: Int, of rows: FoldRows)

  /// Joins a state that was written.
  func merge(from reader: inout StateReader) throws(StateError)

  /// Writes the state.
  func encode(into writer: inout StateWriter)

  /// Begins anew.
  func reset()

  /// What `measure`, one of those that share the state, answers at `question`.
  func value(of measure: WindowPlan.Measure, at question: AsOf) -> Value
}

/// The fold of one aggregate.
final class AggregateFold<A: Aggregate>: MeasureFold {
  private let aggregate: A
  private let place: Int?
  private let filter: Int?
  private var state: A.State
  private let input: (FoldRows, Int) -> A.Input
  private let answer: (A.State, WindowPlan.Measure, AsOf) -> Value

  init(
    _ aggregate: A, of measure: WindowPlan.Measure,
    input: @escaping (FoldRows, Int) -> A.Input,
    answer: @escaping (A.State, WindowPlan.Measure, AsOf) -> Value
  ) {
    self.aggregate = aggregate
    place = measure.value
    filter = measure.filter
    state = aggregate.empty
    self.input = input
    self.answer = answer
  }

  func add(_ row: Int, of rows: FoldRows) {
    guard rows.counts(row, value: place, filter: filter) else { return }
    aggregate.add(input(rows, row), to: &state)
  }

  func merge(from reader: inout StateReader) throws(StateError) {
    aggregate.merge(try aggregate.decode(from: &reader), into: &state)
  }

  func encode(into writer: inout StateWriter) { aggregate.encode(state, into: &writer) }

  func reset() { state = aggregate.empty }

  func value(of measure: WindowPlan.Measure, at question: AsOf) -> Value {
    answer(state, measure, question)
  }
}
