import Synchronization

/// Whether someone has asked the job to end; work polls it between batches.
///
///     while let batch = try reader.next() {
///       try interruption.check()
///       …
///     }
final class Interruption: Sendable {
  private let requested = Atomic<Bool>(false)

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Asks the job to end.
  func request() { requested.store(true, ordering: .relaxed) }

  /// Ends the job here, if someone has asked for it.
  func check() throws(Interrupted) { if isRequested { throw Interrupted() } }
}

/// The job ended because someone asked for it.
struct Interrupted: Error, Equatable, CustomStringConvertible {
  var description: String { "it was interrupted" }
}
