import MartletColumns

/// Late rows, folded as they arrive, so that any window's share of them is merged in a few steps.
///
/// A binary tree over an entity's late rows in the order of their event times. A node is the state
/// of the rows below it that have arrived; a row that arrives is added to each of its ancestors.
/// What a window holds is everything from some row on, since a row at or after the question has not
/// arrived.
///
///                 abcd
///           ab ────┴──── cd             from b on: b, cd
///        a ──┴── b    c ──┴── d
struct LateFold<Folded: Aggregate> {
  private let aggregate: Folded
  private let late: [LateRows]

  private var entity = 0
  private var nodes: [Folded.State] = []
  private var arrived = 0
  private var lastQuestion = 0

  init(_ aggregate: Folded, _ late: [LateRows]) {
    self.aggregate = aggregate
    self.late = late
    plant()
  }

  /// The late rows that `question` sees through `window`, joined with the `punctual` ones.
  ///
  /// Questions ascend, or begin again from the first.
  mutating func joined(
    with punctual: Folded.State, question: Int, window: Int, _ inputs: Span<Folded.Input>,
    counting: Bitmap?
  ) -> Folded.State {
    guard !late.isEmpty else { return punctual }
    if question < lastQuestion { begin(at: 0) }
    lastQuestion = question
    while entity < late.count, late[entity].questions.upperBound <= question {
      begin(at: entity + 1)
    }
    guard entity < late.count, late[entity].questions.contains(question) else { return punctual }
    let rows = late[entity]
    let asked = question - rows.questions.lowerBound
    while arrived < rows.arrivalCounts[asked] {
      let leaf = rows.arrivals[arrived]
      let row = rows.rows[leaf]
      if counting?[row] ?? true { add(inputs[row], at: leaf) }
      arrived += 1
    }
    var state = punctual
    mergeAll(from: rows.lowers[window][asked], into: &state)
    return state
  }

  private mutating func begin(at entity: Int) {
    self.entity = entity
    plant()
  }

  private mutating func plant() {
    arrived = 0
    nodes.removeAll(keepingCapacity: true)
    guard entity < late.count else { return }
    nodes.append(contentsOf: repeatElement(aggregate.empty, count: 2 * late[entity].rows.count))
  }

  private mutating func add(_ input: Folded.Input, at leaf: Int) {
    var node = nodes.count / 2 + leaf
    while node > 0 {
      aggregate.add(input, to: &nodes[node])
      node /= 2
    }
  }

  private func mergeAll(from leaf: Int, into state: inout Folded.State) {
    var (low, high) = (nodes.count / 2 + leaf, nodes.count)
    while low < high {
      if low % 2 == 1 {
        aggregate.merge(nodes[low], into: &state)
        low += 1
      }
      if high % 2 == 1 {
        high -= 1
        aggregate.merge(nodes[high], into: &state)
      }
      low /= 2
      high /= 2
    }
  }
}
