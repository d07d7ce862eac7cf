import MartletColumns
import Testing

@testable import MartletRegistry

struct TokenTests {
  @Test func `tokens are kept as they were made, and revoked once`() throws {
    try withRegistry { registry, path in
      let all = token("1", "shop", services: nil)
      let some = token("2", "batch", services: ["fraud_check", "offers"])
      let none = token("3", "nobody", services: [])
      for token in [all, some, none] { try registry.add(token) }
      #expect(try Registry(at: path).tokens() == [all, some, none])
      #expect(try registry.revokeToken("shop", at: noon, by: "bob") == .revoked)
      #expect(try registry.revokeToken("shop", at: noon, by: "bob") == .wasRevoked)
      #expect(try registry.revokeToken("show", at: noon, by: "bob") == .unknown)
      #expect(try registry.tokens().map(\.revokedAt) == [noon, nil, nil])
    }
  }

  @Test func `a name is one token's until that is revoked`() throws {
    try withRegistry { registry, _ in
      try registry.add(token("1", "shop", services: nil))
      let refused = #expect(throws: RegistryError.self) {
        try registry.add(token("2", "shop", services: nil))
      }
      #expect(refused?.reason == .nameTaken("shop"))
      #expect(try registry.revokeToken("shop", at: noon, by: "bob") == .revoked)
      try registry.add(token("3", "shop", services: nil))
      #expect(try registry.tokens().map(\.id) == ["1", "3"])
      #expect(try registry.revokeToken("shop", at: noon, by: "bob") == .revoked)
    }
  }

  @Test func `who made and revoked a token stands in the log of changes`() throws {
    try withRegistry { registry, _ in
      try registry.add(token("1", "shop", services: ["offers"]))
      _ = try registry.revokeToken("shop", at: noon, by: "bob")
      _ = try registry.revokeToken("shop", at: noon, by: "eve")
      let log = try registry.audit()
      #expect(log.map(\.action) == ["create token", "revoke token"])
      #expect(log.map(\.subject) == ["shop (1), a reader for offers", "shop (1)"])
      #expect(log.map(\.author) == ["ann", "bob"])
      try registry.verifyAudit()
    }
  }

  private func token(_ id: String, _ name: String, services: [String]?) -> KeptToken {
    KeptToken(
      id: id, name: name, role: "reader", services: services, salt: [1, 2], hash: [3, 0, 4],
      createdAt: noon, author: "ann")
  }
}
