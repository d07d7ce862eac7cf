import MartletAggregates
import MartletColumns
import MartletReference
import Testing

struct VisibilityTests {
  @Test func `an event is seen strictly after its time`() {
    #expect(seen(.events, at: 5) == "······██████")
  }

  @Test func `a state is seen from its time on`() {
    #expect(seen(.states, at: 5) == "·····███████")
  }

  @Test func `a late row is seen from the moment it became known`() {
    #expect(seen(.events, at: 5, known: 8) == "········████")
    #expect(seen(.states, at: 5, known: 8) == "········████")
  }

  @Test func `a row known beforehand waits for its own time`() {
    #expect(seen(.events, at: 5, known: 2) == "······██████")
    #expect(seen(.states, at: 5, known: 2) == "·····███████")
    #expect(seen(.events, at: 5, known: 5) == "······██████")
  }

  @Test func `no question sees an event at the end of time`() {
    let end = EventTime(microseconds: .max)
    #expect(Visibility.events.firstQuestion(seeing: end) == nil)
    #expect(Visibility.states.firstQuestion(seeing: end) == AsOf(microseconds: .max))
    #expect(!Visibility.events.shows(end, to: AsOf(microseconds: .max)))
  }

  /// A column for each of the questions 0 to 11, filled where the row is seen, after checking that
  /// the first question to see it is the first such column.
  private func seen(_ visibility: Visibility, at time: Int64, known: Int64? = nil) -> String {
    let event = EventTime(microseconds: time)
    let known = known.map(KnownTime.init)
    let shown = (0..<12).map {
      visibility.shows(event, known: known, to: AsOf(microseconds: Int64($0)))
    }
    let first = visibility.firstQuestion(seeing: event, known: known)
    #expect(first?.microseconds == shown.firstIndex(of: true).map(Int64.init))
    return shown.map { $0 ? "█" : "·" }.joined()
  }
}

struct ExpiryTests {
  @Test func `exactly as old as what is kept is not older`() {
    #expect(!expired(100, at: 109))
    #expect(!expired(100, at: 110))
    #expect(expired(100, at: 111))
  }

  @Test func `ages beyond the range of times are told apart too`() {
    #expect(!expired(.min, at: .min))
    #expect(!expired(.min, at: .min + 10))
    #expect(expired(.min, at: .min + 11))
    #expect(expired(.min, at: .max))
    #expect(!expired(.max, at: .max))
  }

  private func expired(_ time: Int64, at question: Int64) -> Bool {
    EventTime(microseconds: time).isExpired(
      at: AsOf(microseconds: question), keeping: TimeLength(microseconds: 10))
  }
}

struct ValueStatusTests {
  @Test func `a window says missing only when the whole set sees nothing`() {
    #expect(ValueStatus.ofWindow(0, setSeesRows: false) == .missing)
    #expect(ValueStatus.ofWindow(Int?.none, setSeesRows: false) == .missing)
    #expect(ValueStatus.ofWindow(Int?.none, setSeesRows: true) == .null)
    #expect(ValueStatus.ofWindow(0, setSeesRows: true) == .present)
  }

  @Test func `a state says null only while it holds`() {
    #expect(ValueStatus.ofState(1, match: .present) == .present)
    #expect(ValueStatus.ofState(Int?.none, match: .present) == .null)
    #expect(ValueStatus.ofState(Int?.none, match: .expired) == .expired)
    #expect(ValueStatus.ofState(1, match: .missing) == .missing)
  }

  @Test func `statuses keep their numbers, which are on disks`() {
    #expect(
      ValueStatus.allCases.map { "\($0.rawValue) \($0)" } == [
        "0 present", "1 null", "2 expired", "3 missing",
      ])
  }
}
