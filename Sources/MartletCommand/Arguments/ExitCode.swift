/// What `martlet` tells the shell when it ends.
enum ExitCode: Int32, Sendable {
  case done = 0
  /// The work was done and the answer is no: findings, drift, a mismatch.
  case no = 1
  case wrongUsage = 2
  /// The world failed: a file is missing, a disk is full.
  case failed = 3
  /// Another run holds what this one needs.
  case busy = 5
  case interrupted = 130
}

extension ExitCode {
  /// What pages say of each.
  static let meanings: [(code: Int32, meaning: String)] = [
    (done.rawValue, "done"), (no.rawValue, "the answer is no: findings, drift, a mismatch"),
    (wrongUsage.rawValue, "wrong usage"),
    (failed.rawValue, "the world failed: a file is missing, a disk is full"),
    (busy.rawValue, "busy: another run holds what this one needs"),
    (interrupted.rawValue, "interrupted"),
  ]
}
