import Synchronization

/// Secrets that were shown before and were right, so that whoever comes again is known by their bytes.
///
/// Hashing a secret for each request costs more than what a request asks for. The hash protects what is
/// kept on the disk; a process that is asked with a secret has it in its memory anyway. Whether a record
/// is there and not revoked is looked at each time, so that nothing here outlives it.
final class KnownSecrets: Sendable {
  private let known = Mutex<[String: Entry]>([:])

  private struct Entry {
    var secret: [UInt8]

    /// Of the record that it was compared with.
    var hash: [UInt8]
  }

  /// Whether `token` is the one that `record` is of. Takes as long for every wrong one.
  func isRight(_ token: Token, of record: TokenRecord) -> Bool {
    let entry = known.withLock { $0[record.id] }
    if let entry, entry.hash == record.hash, entry.secret.hasSameBytes(as: token.secret) {
      return true
    }
    guard record.matches(token) else { return false }
    // As many at most as there are tokens: only what is right comes here.
    known.withLock { $0[record.id] = Entry(secret: token.secret, hash: record.hash) }
    return true
  }
}

extension [UInt8] {
  /// Whether both are the same; takes as long wherever they differ.
  func hasSameBytes(as other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    var difference: UInt8 = 0
    for index in indices { difference |= self[index] ^ other[index] }
    return difference == 0
  }
}
