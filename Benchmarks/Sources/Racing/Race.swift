/// Several ways to the same answer, run side by side.
///
/// Contestants take turns, and whoever began a round ends the next: noise and warm caches fall on
/// all alike. Time without a right answer counts for nothing, so every lap returns a checksum of
/// what it found, and the race fails where two differ.
public struct Race {
  /// One turn: prepares what it needs, measures the part that counts, sums up its answer.
  public typealias Turn = (inout Stopwatch) throws -> UInt64

  private struct Contestant {
    let name: String
    let isPacemaker: Bool
    let turn: Turn
  }

  private var contestants: [Contestant] = []
  private var knownAnswer: UInt64?

  init() {}

  /// Adds a contestant, whose answers must equal all others'.
  public mutating func enter(_ name: String, turn: @escaping Turn) {
    contestants.append(Contestant(name: name, isPacemaker: false, turn: turn))
  }

  /// Adds one that is there for its speed alone, because it answers another question.
  ///
  /// Such as `+=` beside an exact sum. It must still agree with itself from round to round.
  public mutating func pace(_ name: String, turn: @escaping Turn) {
    contestants.append(Contestant(name: name, isPacemaker: true, turn: turn))
  }

  /// Says what the right answer is, where it is known from elsewhere.
  public mutating func expect(_ answer: UInt64) { knownAnswer = answer }

  func run(rounds: Int) throws -> [Outcome.Contestant] {
    precondition(rounds > 0 && !contestants.isEmpty)
    var laps: [[Lap]] = Array(repeating: [], count: contestants.count)
    var agreed = knownAnswer
    var paced: [UInt64?] = Array(repeating: nil, count: contestants.count)

    for round in 0..<rounds {
      for turn in contestants.indices {
        let index = (turn + round) % contestants.count
        let contestant = contestants[index]
        var watch = Stopwatch()
        let answer = try contestant.turn(&watch)
        guard let lap = watch.lap else { throw RaceError.nothingMeasured(contestant.name) }
        laps[index].append(lap)

        let expected = contestant.isPacemaker ? paced[index] : agreed
        if let expected, expected != answer {
          throw RaceError.answersDiffer(contestant.name, answer: answer, expected: expected)
        }
        if contestant.isPacemaker { paced[index] = answer } else { agreed = answer }
      }
    }
    return zip(contestants, laps).map { contestant, laps in
      Outcome.Contestant(name: contestant.name, isPacemaker: contestant.isPacemaker, laps: laps)
    }
  }
}

/// Why a race has no result.
public enum RaceError: Error, Equatable {
  case answersDiffer(String, answer: UInt64, expected: UInt64)
  case nothingMeasured(String)
}

extension RaceError: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .answersDiffer(let name, let answer, let expected):
      "\(name) answered \(String(answer, radix: 16)), not \(String(expected, radix: 16))"
    case .nothingMeasured(let name):
      "\(name) never called `measure`"
    }
  }
}
