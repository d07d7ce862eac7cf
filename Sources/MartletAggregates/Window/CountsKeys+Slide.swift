public import MartletColumns

/// How often each key is among the rows of a window that slides: every key, so that rows can be taken
/// out again, which the bounded state of `CountsKeys` could not.
///
/// Keys are numbered by rank, so that a row comes and goes in one step:
///
///     counts   by rank                  0 2 1 0 0 1
///     held     ranks with rows, in any order    5 1 2
///     places   where each is held           – 1 2 – – 0
private struct HeldKeys {
  private var counts: [Int]
  private var places: [Int]
  private(set) var held: [Int] = []

  init(keyCount: Int) {
    counts = Array(repeating: 0, count: keyCount)
    places = Array(repeating: 0, count: keyCount)
  }

  mutating func add(_ rank: Int) {
    if counts[rank] == 0 {
      places[rank] = held.count
      held.append(rank)
    }
    counts[rank] += 1
  }

  mutating func remove(_ rank: Int) {
    counts[rank] -= 1
    guard counts[rank] == 0, let last = held.popLast(), last != rank else { return }
    held[places[rank]] = last
    places[last] = places[rank]
  }

  mutating func removeAll() {
    for rank in held { counts[rank] = 0 }
    held.removeAll(keepingCapacity: true)
  }

  /// The ranks with rows, ascending, and how many each has.
  var ascending: [(rank: Int, count: Int)] { held.sorted().map { ($0, counts[$0]) } }
}

extension CountsKeys {
  /// Hands `emit` the state of the rows that each question sees through each window.
  public func slide(
    over inputs: Span<Input>, counting: Bitmap? = nil, in frames: Frames,
    emit: (_ window: Int, _ question: Int, State) -> Void
  ) {
    frames.withFramed(inputs, counting: counting) { framed, lowers, uppers in
      var late = LateFold(self, frames.late)
      let (ranks, keys) = ranked(framed)
      for window in lowers.indices {
        var held = HeldKeys(keyCount: keys.count)
        var (lower, upper) = (0, 0)
        for question in uppers.indices {
          let (newLower, newUpper) = (lowers[window][question], uppers[question])
          if newLower >= upper {
            held.removeAll()
            upper = newLower
          } else {
            for row in lower..<newLower { held.remove(ranks[row]) }
          }
          for row in upper..<max(upper, newUpper) { held.add(ranks[row]) }
          (lower, upper) = (newLower, newUpper)
          emit(
            window, question,
            late.joined(
              with: state(of: held, keys), question: question, window: window, inputs,
              counting: counting))
        }
      }
    }
  }

  /// The state of the keys that are held: nothing but that fact where they are too many.
  private func state(of held: HeldKeys, _ keys: [Input]) -> State {
    guard held.held.count <= bound else { return State(entries: nil) }
    return State(
      entries: held.ascending.map {
        State.Entry(key: keys[$0.rank], count: Tally(UInt64($0.count)))
      })
  }

  /// The rank of each input's key among all keys, and the key of each rank.
  private func ranked(_ inputs: Span<Input>) -> (ranks: [Int], keys: [Input]) {
    var order: [Int] = []
    var keyed: [Input] = []
    for index in inputs.indices {
      order.append(index)
      keyed.append(inputs[index].asKey)
    }
    order.sort { keyed[$0].ranksBelow(keyed[$1]) }
    var keys: [Input] = []
    var ranks = [Int](repeating: 0, count: order.count)
    for index in order {
      if keys.last.map({ $0.ranksBelow(keyed[index]) }) ?? true { keys.append(keyed[index]) }
      ranks[index] = keys.count - 1
    }
    return (ranks, keys)
  }
}
