// Windows of questions that are all known beforehand, without taking a row out.
//
//              lower         middle        upper
//                ├── front ────┼─── back ────┤
//      q1        ╎░░░░░░░░░░░░░╎                  all folded backwards, down to q1
//      q2          ╎░░░░░░░░░░░╎▒▒▒╎              the front kept for q2, and a back that grows
//      q3                  ╎░░░╎▒▒▒▒▒▒▒▒▒▒▒╎
//      q4                          ╎░░░░░░░░░░╎   past the middle: q4's end is the next one
//
// 1. When a question's lower end is past the middle, its upper end becomes the middle.
// 2. The questions whose lower ends lie before that are known. From the middle down to the first of
//    them rows are folded backwards, and at each question's lower end the state is kept: its front.
// 3. A question's state is its front, merged with the back, to which rows are added as they enter.
//
// A row is added once to a back and once or twice to a front, and a question costs one merge,
// however long the window. Two stacks are the usual form of this; knowing the questions spares
// keeping a state for each row. For n fronts about 2√n states are in memory: one for each block of
// √n questions, from which the fronts of a block are folded when the block begins.

extension Aggregate {
  /// Hands `emit` the state of `inputs[lowers[question]..<uppers[question]]` for each question.
  ///
  /// Both ends ascend.
  func foldBackAndForth(
    _ inputs: Span<Input>, lowers: [Int], uppers: [Int],
    emit: (_ question: Int, State) -> Void
  ) {
    var fronts = Fronts(of: self)
    var back = empty
    var (middle, reached) = (0, 0)
    for question in lowers.indices {
      let (lower, upper) = (lowers[question], uppers[question])
      if question == 0 || lower >= middle {
        middle = upper
        reached = upper
        back = empty
        fronts.begin(at: question, middle: middle, lowers: lowers, inputs: inputs)
      }
      let front = fronts.front(of: question, lowers: lowers, inputs: inputs)
      guard upper > middle else {
        emit(question, front)
        continue
      }
      add(inputs.extracting(reached..<upper), to: &back)
      reached = upper
      var state = front
      merge(back, into: &state)
      emit(question, state)
    }
  }
}

/// The fronts of the questions whose windows begin before one middle.
private struct Fronts<Folded: Aggregate> {
  private let aggregate: Folded

  /// The questions, and how many make a block.
  private var questions = 0..<0
  private var blockSize = 1
  private var middle = 0

  /// For each block, the state of the rows from the next block's first lower end to the middle.
  private var after: [Folded.State] = []

  /// The fronts of the block that is being asked, its last question first.
  private var block = 0..<0
  private var fronts: [Folded.State] = []

  init(of aggregate: Folded) { self.aggregate = aggregate }

  /// Prepares the questions from `first` on whose lower ends lie before `middle`.
  mutating func begin(
    at first: Int, middle: Int, lowers: [Int], inputs: Span<Folded.Input>
  ) {
    var end = first + 1
    while end < lowers.count, lowers[end] < middle { end += 1 }
    questions = first..<end
    self.middle = middle
    block = first..<first
    blockSize = 16
    while blockSize * blockSize < questions.count { blockSize *= 2 }

    after.removeAll(keepingCapacity: true)
    var state = aggregate.empty
    var reached = middle
    for start in stride(from: first, to: end, by: blockSize).reversed() {
      after.append(state)
      guard start > first else { break }
      aggregate.add(inputs.extracting(lowers[start]..<reached), to: &state)
      reached = lowers[start]
    }
  }

  /// The state of the rows from the lower end of `question` to the middle.
  mutating func front(
    of question: Int, lowers: [Int], inputs: Span<Folded.Input>
  ) -> Folded.State {
    if !block.contains(question) { enterBlock(at: question, lowers: lowers, inputs: inputs) }
    return fronts[block.upperBound - 1 - question]
  }

  private mutating func enterBlock(
    at start: Int, lowers: [Int], inputs: Span<Folded.Input>
  ) {
    block = start..<min(start + blockSize, questions.upperBound)
    var state = after.removeLast()
    var reached = block.upperBound < questions.upperBound ? lowers[block.upperBound] : middle
    fronts.removeAll(keepingCapacity: true)
    for question in block.reversed() {
      aggregate.add(inputs.extracting(lowers[question]..<reached), to: &state)
      reached = lowers[question]
      fronts.append(state)
    }
  }
}
