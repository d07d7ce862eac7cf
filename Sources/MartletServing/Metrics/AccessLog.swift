public import MartletColumns
import MartletDiagnostics
import Synchronization

/// What is logged of an answer. Never a token, never a value.
public struct AccessRecord: Sendable, Equatable {
  public var at: Instant
  public var route: String

  /// The token's name; empty where nobody was asked for one.
  public var caller: String
  public var status: Int

  /// Why it was refused; `nil` where it was not.
  public var code: String?
  public var microseconds: UInt64
  public var bodyBytes: Int
}

/// Where answers are logged: a port, since files are somebody else's.
public protocol AccessLog: Sendable {
  /// Whether an answer with `status` is to be logged; asked before anything is put together.
  func wants(_ status: Int) -> Bool

  func write(_ record: AccessRecord)
}

/// Logs nothing.
public struct NoAccessLog: AccessLog {
  public init() {}
  public func wants(_ status: Int) -> Bool { false }
  public func write(_ record: AccessRecord) {}
}

/// Logs every refusal and one in so many answers, a line of JSON each.
public final class SampledAccessLog: AccessLog {
  private let every: UInt64
  private let counter = Atomic<UInt64>(0)
  private let emit: @Sendable (String) -> Void

  /// - Parameters:
  ///   - every: One in so many answers is logged; 0 logs refusals alone.
  ///   - emit: Takes a line, on any thread.
  public init(every: UInt64, emit: @escaping @Sendable (String) -> Void) {
    self.every = every
    self.emit = emit
  }

  public func wants(_ status: Int) -> Bool {
    if status >= 400 { return true }
    return every > 0 && counter.wrappingAdd(1, ordering: .relaxed).oldValue % every == 0
  }

  public func write(_ record: AccessRecord) { emit(record.json.text) }
}
