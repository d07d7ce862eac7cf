import Synchronization

/// What came of pieces of work that several threads did.
final class Outcomes<Success: Sendable>: Sendable {
  private let slots: Mutex<[Result<Success, any Error>?]>

  init(count: Int) { slots = Mutex(Array(repeating: nil, count: count)) }

  /// Does a piece of work and notes what comes of it.
  func set(_ number: Int, _ work: () throws -> Success) {
    let outcome = Result { try work() }
    slots.withLock { $0[number] = outcome }
  }

  /// Everything, in the order of the pieces, or the first error in that order.
  func all() throws -> [Success] {
    try slots.withLock { slots in
      try slots.enumerated().map { number, outcome in
        guard let outcome else { preconditionFailure("nobody did piece \(number)") }
        return try outcome.get()
      }
    }
  }
}
