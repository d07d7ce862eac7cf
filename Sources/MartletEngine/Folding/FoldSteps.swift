import MartletAggregates

/// What can be done to the states of some measures, one after the other.
///
///     steps of a ─┐
///     steps of b ─┴─▶ steps of a, then of b
///
/// Steps are strung together and not kept in an array: one call reaches all of them, and nothing is
/// counted up and down on the way to each, which takes longer than most of them.
struct FoldSteps {
  /// Adds those of the rows in the range that count.
  let add: (Range<Int>, FoldRows) -> Void

  /// Joins states that were written.
  let merge: (inout StateReader) throws(StateError) -> Void

  /// Writes the states.
  let encode: (inout StateWriter) -> Void

  /// Begins anew, and keeps nothing.
  let reset: () -> Void

  /// Keeps the states as they are, for `rewind`.
  let keep: () -> Void

  /// Goes back to what was kept.
  let rewind: () -> Void
}

extension FoldSteps {
  /// The steps of no measure.
  private static var none: FoldSteps {
    FoldSteps(
      add: { _, _ in }, merge: { _ throws(StateError) in }, encode: { _ in }, reset: {}, keep: {},
      rewind: {})
  }

  /// The steps of all of `steps`, in their order: of halves of halves, so that no call lies deep in others.
  static func all(_ steps: ArraySlice<FoldSteps>) -> FoldSteps {
    guard let only = steps.first else { return .none }
    guard steps.count > 1 else { return only }
    let middle = steps.startIndex + steps.count / 2
    return all(steps[..<middle]).followed(by: all(steps[middle...]))
  }

  /// These steps, each followed by the same of `next`.
  private func followed(by next: FoldSteps) -> FoldSteps {
    let first = self
    return FoldSteps(
      add: {
        first.add($0, $1)
        next.add($0, $1)
      },
      merge: { (reader: inout StateReader) throws(StateError) in
        try first.merge(&reader)
        try next.merge(&reader)
      },
      encode: {
        first.encode(&$0)
        next.encode(&$0)
      },
      reset: {
        first.reset()
        next.reset()
      },
      keep: {
        first.keep()
        next.keep()
      },
      rewind: {
        first.rewind()
        next.rewind()
      })
  }
}
