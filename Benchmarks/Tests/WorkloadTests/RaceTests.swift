import Testing

@testable import Racing

struct RaceTests {
  @Test func `a wrong answer ends the race`() {
    expectRace(
      { race in
        race.enter("right") { watch in watch.measure { 1 } }
        race.enter("wrong") { watch in watch.measure { 2 } }
      }, failsWith: .answersDiffer("wrong", answer: 2, expected: 1))
  }

  @Test func `a known answer binds the only contestant too`() {
    expectRace(
      { race in
        race.expect(7)
        race.enter("wrong") { watch in watch.measure { 2 } }
      }, failsWith: .answersDiffer("wrong", answer: 2, expected: 7))
  }

  @Test func `a pacemaker may answer otherwise`() {
    expectRace(
      { race in
        race.enter("exact") { watch in watch.measure { 1 } }
        race.pace("rough") { watch in watch.measure { 2 } }
      }, failsWith: nil)
  }

  @Test func `a pacemaker that contradicts itself ends the race`() {
    var turn: UInt64 = 0
    expectRace(
      { race in
        race.pace("fickle") { watch in
          turn += 1
          return watch.measure { turn }
        }
      }, failsWith: .answersDiffer("fickle", answer: 2, expected: 1))
  }

  @Test func `a turn that measures nothing is refused`() {
    expectRace({ race in race.enter("idle") { _ in 1 } }, failsWith: .nothingMeasured("idle"))
  }

  private func expectRace(_ arrange: (inout Race) -> Void, failsWith expected: RaceError?) {
    var race = Race()
    arrange(&race)
    do throws(any Error) {
      _ = try race.run(rounds: 2)
      #expect(expected == nil)
    } catch {
      #expect(error as? RaceError == expected)
    }
  }
}
