import Synchronization

/// Who is let in to which route.
struct Gate: Sendable {
  /// Where tokens are known from; `nil` where everyone is let in.
  let tokens: (any TokenStore)?

  private let known = KnownSecrets()

  init(tokens: (any TokenStore)?) { self.tokens = tokens }

  /// The caller of a request to `route`, or why there is none.
  ///
  /// - Parameter authorization: The field's value, if the head has one.
  func caller(of route: Route.Rule, showing authorization: String?) throws(Problem) -> Caller {
    guard case .role(let needed) = route.access, let tokens, tokens.areAsked else { return .open }
    guard let authorization else { throw .noToken }
    guard let token = Self.token(in: authorization) else { throw .badToken }
    let record = tokens.record(withID: token.id)
    guard let record, known.isRight(token, of: record), !record.isRevoked else {
      // An unknown id takes as long as a wrong secret.
      if record == nil { _ = TokenRecord.nobody.matches(token) }
      throw .badToken
    }
    guard record.caller.role >= needed else { throw .role(needed).by(record.caller) }
    return record.caller
  }

  private static func token(in authorization: String) -> Token? {
    var text = authorization
    return text.withUTF8 { text in
      let scheme: StaticString = "bearer "
      let count = scheme.utf8CodeUnitCount
      // Letters of the scheme's name are of either case.
      guard text.count > count,
        scheme.withUTF8Buffer({ scheme in
          scheme.indices.allSatisfy { text[$0] | 0x20 == scheme[$0] }
        })
      else { return nil }
      return Token(UnsafeBufferPointer(rebasing: text[count...]))
    }
  }
}
