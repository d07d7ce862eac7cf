public import MartletColumns
public import MartletRegistry
import Synchronization

/// The registry's tokens, in memory, as they were when they were last read.
///
/// Whoever keeps a server reads them again and again: a new token opens, and a revoked one no longer
/// does, from then on. Once there was a token callers are asked for one, whatever becomes of it: that
/// the last is revoked, or that the registry is lost, lets nobody in.
public final class RegistryTokens: TokenStore {
  private let state = Mutex(State())

  private struct State {
    var records: [String: TokenRecord] = [:]
    var areAsked = false
  }

  public init() {}

  /// Reads the tokens of `registry`.
  public func update(from registry: Registry) throws(RegistryError) {
    let kept = try registry.tokens()
    let newer = Dictionary(kept.map { ($0.id, TokenRecord($0)) }) { first, _ in first }
    state.withLock { state in
      state.records = newer
      state.areAsked = state.areAsked || !newer.isEmpty
    }
  }

  public var areAsked: Bool { state.withLock(\.areAsked) }

  public func record(withID id: String) -> TokenRecord? { state.withLock { $0.records[id] } }
}

extension TokenRecord {
  /// What was kept. A role that this version does not know, from a newer one, opens nothing.
  fileprivate init(_ kept: KeptToken) {
    let role = Role(rawValue: kept.role)
    self.init(
      id: kept.id, salt: kept.salt, hash: kept.hash,
      caller: Caller(
        name: kept.name, role: role ?? .reader, services: kept.services.map { Set($0) }),
      isRevoked: kept.revokedAt != nil || role == nil)
  }
}

extension KeptToken {
  /// What is kept of `token`, made by `author`.
  public init(_ token: Token, for caller: Caller, at moment: Instant, by author: String) {
    let record = TokenRecord(token, for: caller)
    self.init(
      id: record.id, name: caller.name, role: caller.role.rawValue,
      services: caller.services?.sorted(), salt: record.salt, hash: record.hash,
      createdAt: moment, author: author)
  }
}
