public import MartletColumns

/// A value and when it happened.
///
/// Ranked by time, and values of one time by themselves: what arrived first plays no part.
public struct Timed<Value: Ranked>: Sendable {
  public var time: EventTime
  public var value: Value

  /// What happened at `time`.
  public init(_ value: Value, at time: EventTime) {
    self.time = time
    self.value = value
  }
}

extension Timed: Equatable {
  public static func == (one: Timed, other: Timed) -> Bool { one.isSame(as: other) }
}

extension Timed: Ranked {
  public func ranksBelow(_ other: Timed) -> Bool {
    if time != other.time { return time.microseconds < other.time.microseconds }
    return value.ranksBelow(other.value)
  }

  public var normalized: Timed { Timed(value.normalized, at: time) }

  public func write(to writer: inout StateWriter) {
    writer.write(signed: time.microseconds)
    value.write(to: &writer)
  }

  public static func read(from reader: inout StateReader) throws(StateError) -> Timed {
    let time = EventTime(microseconds: try reader.readSigned("time"))
    return Timed(try Value.read(from: &reader), at: time)
  }
}
