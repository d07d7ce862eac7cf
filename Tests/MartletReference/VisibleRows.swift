// The laws of visibility, read aloud: every row is asked on its own, in arithmetic that cannot
// overflow.

/// A row's two clocks.
public struct ReferenceTimes: Hashable, Sendable {
  public var event: Int64
  public var known: Int64?

  public init(event: Int64, known: Int64? = nil) {
    self.event = event
    self.known = known
  }

  func isKnown(at question: Int64) -> Bool {
    guard let known else { return true }
    return known <= question
  }
}

/// A window: `length` and `step` in microseconds, no length for everything.
public struct ReferenceWindow: Hashable, Sendable {
  public var length: Int64?
  public var step: Int64

  public init(length: Int64?, step: Int64 = 1) {
    self.length = length
    self.step = step
  }

  /// Where the window starts at `question`, however far below the range of times that is.
  public func start(at question: Int64) -> Int128? {
    guard let length else { return nil }
    let exact = Int128(question) - Int128(length)
    var steps = exact / Int128(step)
    while steps * Int128(step) > exact { steps -= 1 }
    return steps * Int128(step)
  }
}

/// The events of `rows` that a feature over `window` may see at `question`.
public func referenceEvents(
  _ rows: [ReferenceTimes], in window: ReferenceWindow, at question: Int64
) -> [Int] {
  rows.indices.filter { index in
    let row = rows[index]
    guard row.event < question, row.isKnown(at: question) else { return false }
    guard let start = window.start(at: question) else { return true }
    return Int128(row.event) >= start
  }
}

/// A state: its clocks, whether it ends what held, and what it says.
public struct ReferenceState: Hashable, Sendable {
  public var times: ReferenceTimes
  public var isDelete: Bool
  public var content: Int?

  public init(_ times: ReferenceTimes, isDelete: Bool = false, content: Int?) {
    self.times = times
    self.isDelete = isDelete
    self.content = content
  }

  var rank: (Int64, Int64, Int, Int) {
    (times.event, times.known ?? .min, isDelete ? 1 : 0, content ?? .min)
  }
}

/// What a feature of states answers at `question`: its status in words, and its value.
public func referenceState(
  _ rows: [ReferenceState], keep: Int64?, at question: Int64
) -> (status: String, content: Int?) {
  let visible = rows.filter { $0.times.event <= question && $0.times.isKnown(at: question) }
  guard let newest = visible.max(by: { $0.rank < $1.rank }), !newest.isDelete else {
    return ("missing", nil)
  }
  if let keep, Int128(question) - Int128(newest.times.event) > Int128(keep) {
    return ("expired", nil)
  }
  return (newest.content == nil ? "null" : "present", newest.content)
}
