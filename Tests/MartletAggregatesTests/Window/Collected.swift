import MartletAggregates

/// Every input, kept: the state that tells apart any two sets of rows.
struct Collected: Aggregate {
  typealias Input = Int64
  typealias State = [Int64]

  var empty: [Int64] { [] }

  func add(_ input: Int64, to state: inout [Int64]) {
    state.append(input)
    state.sort()
  }

  func merge(_ other: [Int64], into state: inout [Int64]) { state = (state + other).sorted() }

  func value(of state: [Int64]) -> [Int64]? { state.isEmpty ? nil : state }

  func encode(_ state: [Int64], into writer: inout StateWriter) {
    for value in state { writer.write(signed: value) }
  }

  func decode(from reader: inout StateReader) throws(StateError) -> [Int64] { [] }
}

/// The same, and rows can be taken out. A row that is not there is noticed.
struct RemovableCollected: RemovableAggregate {
  typealias Input = Int64
  typealias State = [Int64]

  private let collected = Collected()

  var empty: [Int64] { [] }
  func add(_ input: Int64, to state: inout [Int64]) { collected.add(input, to: &state) }
  func merge(_ other: [Int64], into state: inout [Int64]) { collected.merge(other, into: &state) }
  func value(of state: [Int64]) -> [Int64]? { collected.value(of: state) }

  func remove(_ input: Int64, from state: inout [Int64]) {
    guard let index = state.firstIndex(of: input) else { return state.append(-1) }
    state.remove(at: index)
  }

  func subtract(_ other: [Int64], from state: inout [Int64]) {
    for input in other { remove(input, from: &state) }
  }

  func encode(_ state: [Int64], into writer: inout StateWriter) {
    collected.encode(state, into: &writer)
  }

  func decode(from reader: inout StateReader) throws(StateError) -> [Int64] { [] }
}
