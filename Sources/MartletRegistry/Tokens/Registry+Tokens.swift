public import MartletColumns

/// What is kept of a token: who may show it and what for, and never the secret, only its salted hash.
public struct KeptToken: Hashable, Sendable {
  /// The part of the token's text that finds it.
  public var id: String

  /// What people call it.
  public var name: String

  /// What it allows: reader, writer, admin.
  public var role: String

  /// The services that it is for; `nil` for all.
  public var services: [String]?
  public var salt: [UInt8]
  public var hash: [UInt8]
  public var createdAt: Instant
  public var author: String

  /// Since when it opens nothing any more.
  public var revokedAt: Instant?

  /// A token, good from now on.
  public init(
    id: String, name: String, role: String, services: [String]?, salt: [UInt8], hash: [UInt8],
    createdAt: Instant, author: String
  ) {
    self.id = id
    self.name = name
    self.role = role
    self.services = services
    self.salt = salt
    self.hash = hash
    self.createdAt = createdAt
    self.author = author
  }
}

/// What came of revoking a token by its name.
public enum Revocation: Hashable, Sendable {
  case revoked

  /// It had been revoked before.
  case wasRevoked

  /// None ever had this name.
  case unknown
}

extension Registry {
  /// All tokens, revoked ones too, in the order in which they were made.
  public func tokens() throws(RegistryError) -> [KeptToken] {
    var tokens: [KeptToken] = []
    try connection.rows(
      """
      SELECT id, name, role, services, salt, hash, created_at, author, revoked_at FROM tokens
      ORDER BY created_at, id
      """, attempting: "listing the tokens"
    ) { (row) throws(RegistryError) in
      var token = KeptToken(
        id: row.text(0), name: row.text(1), role: row.text(2),
        services: row.isNull(3) ? nil : row.text(3).split(separator: " ").map(String.init),
        salt: row.bytes(4), hash: row.bytes(5), createdAt: Instant(microseconds: row.int(6)),
        author: row.text(7))
      if !row.isNull(8) { token.revokedAt = Instant(microseconds: row.int(8)) }
      tokens.append(token)
    }
    return tokens
  }

  /// Keeps `token`. Of tokens that are not revoked each has a name of its own.
  public func add(_ token: KeptToken) throws(RegistryError) {
    let attempt = "making the token `\(token.name)`"
    try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      let standing = try connection.number(
        "SELECT count(*) FROM tokens WHERE name = ? AND revoked_at IS NULL", [.text(token.name)],
        attempting: attempt)
      guard standing == 0 else {
        throw RegistryError(attempt: attempt, reason: .nameTaken(token.name))
      }
      try connection.rows(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        [
          .text(token.id), .text(token.name), .text(token.role),
          token.services.map { .text($0.joined(separator: " ")) } ?? .null, .bytes(token.salt),
          .bytes(token.hash), .int(token.createdAt.microseconds), .text(token.author),
        ], attempting: attempt)
      let scope = token.services.map { " for " + $0.joined(separator: ", ") } ?? ""
      try log(
        "create token", "\(token.name) (\(token.id)), a \(token.role)\(scope)",
        at: token.createdAt, by: token.author)
    }
  }

  /// Revokes the token called `name`; its row stays, so that its name stays known in logs.
  public func revokeToken(
    _ name: String, at: Instant, by author: String
  ) throws(RegistryError) -> Revocation {
    let attempt = "revoking the token `\(name)`"
    return try connection.transaction(attempting: attempt) { () throws(RegistryError) in
      var id: String?
      try connection.rows(
        "UPDATE tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL RETURNING id",
        [.int(at.microseconds), .text(name)], attempting: attempt
      ) { (row) throws(RegistryError) in id = row.text(0) }
      if let id {
        try log("revoke token", "\(name) (\(id))", at: at, by: author)
        return .revoked
      }
      let known = try connection.number(
        "SELECT count(*) FROM tokens WHERE name = ?", [.text(name)], attempting: attempt)
      return known == 0 ? .unknown : .wasRevoked
    }
  }
}
