import MartletAggregates
import MartletColumns
import MartletReference
import Testing

struct WindowTests {
  @Test func `a window holds its start and not its end`() {
    #expect(span(length: 10, at: 25) == 15..<25)
  }

  @Test func `a step moves the start down to a whole step`() {
    #expect(span(length: 10, step: 7, at: 23) == 7..<23)
    #expect(span(length: 10, step: 7, at: 24) == 14..<24)
    #expect(span(length: 10, step: 7, at: 25) == 14..<25)
  }

  @Test func `steps go down before 1970 too`() {
    #expect(span(length: 10, step: 7, at: 9) == -7..<9)
    #expect(span(length: 10, step: 7, at: 3) == -7..<3)
    #expect(span(length: 10, step: 7, at: 2) == -14..<2)
  }

  @Test func `everything starts at the beginning of time`() {
    #expect(Window.all.span(at: AsOf(microseconds: 7)) == .min..<7)
  }

  @Test func `windows at the ends of time hold what exact arithmetic says`() {
    let moments: [Int64] = [.min, .min + 1, .min + 9, .min + 30, -1, 0, 1, .max - 1, .max]
    let lengths: [Int64] = [1, 2, 10, 1 << 40, .max]
    for moment in moments {
      for length in lengths {
        for step in [1, 7, 1 << 41, .max] as [Int64] {
          let start = ReferenceWindow(length: length, step: step).start(at: moment) ?? 0
          #expect(
            span(length: length, step: step, at: moment)
              == Int64(max(start, Int128(Int64.min)))..<moment)
        }
      }
    }
  }

  private func span(length: Int64, step: Int64? = nil, at question: Int64) -> Range<Int64> {
    Window.last(TimeLength(microseconds: length), step: step.map(TimeLength.init))
      .span(at: AsOf(microseconds: question))
  }
}
