import Glibc
import MartletColumns

/// A secret that a caller shows, as it is given out once: `martlet_ID_SECRET`, both parts in
/// hexadecimal digits.
///
/// The id finds the record; only the secret's salted hash is kept, so that whoever reads the
/// records cannot ask with them. 256 random bits need no slow hash.
public struct Token: Sendable {
  public let id: String
  let secret: [UInt8]

  /// A new one, of the system's random numbers.
  public init() {
    var random = SystemRandomNumberGenerator()
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in random.next() } }
    id = Hexadecimal.text(bytes(8))
    secret = bytes(32)
  }

  /// Reads a token's text; `nil` for what is none.
  public init?(_ text: String) {
    var text = text
    guard let token = text.withUTF8({ Token($0) }) else { return nil }
    self = token
  }

  /// Reads a token's text, whose parts have a length each: read at every request.
  ///
  ///     martlet_ │ id, 16 │ _ │ secret, 64
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    let start = 8
    guard text.count == start + 16 + 1 + 64, text.starts(with: "martlet_".utf8),
      text[start + 16] == UInt8(ascii: "_"),
      let secret = Hexadecimal.bytes(UnsafeBufferPointer(rebasing: text[(start + 17)...]))
    else { return nil }
    id = String(decoding: text[start..<start + 16], as: UTF8.self)
    self.secret = secret
  }

  /// The text to show once.
  public var text: String { "martlet_\(id)_\(Hexadecimal.text(secret))" }
}

/// What is kept of a token.
public struct TokenRecord: Sendable, Equatable {
  public var id: String
  public var salt: [UInt8]
  public var hash: [UInt8]
  public var caller: Caller
  public var isRevoked: Bool

  /// The record of `token`, under a new salt.
  public init(_ token: Token, for caller: Caller) {
    var random = SystemRandomNumberGenerator()
    id = token.id
    salt = (0..<16).map { _ in random.next() }
    hash = Self.hash(token.secret, salt)
    self.caller = caller
    isRevoked = false
  }

  /// A record as it was kept.
  public init(id: String, salt: [UInt8], hash: [UInt8], caller: Caller, isRevoked: Bool) {
    self.id = id
    self.salt = salt
    self.hash = hash
    self.caller = caller
    self.isRevoked = isRevoked
  }

  /// Whether `token` is the one; takes as long for every wrong one.
  func matches(_ token: Token) -> Bool {
    Self.hash(token.secret, salt).hasSameBytes(as: hash)
  }

  private static func hash(_ secret: [UInt8], _ salt: [UInt8]) -> [UInt8] {
    SHA256.digest(salt + secret)
  }

  /// Of no token: compared with where an id is unknown, so that this takes as long.
  static let nobody = TokenRecord(Token(), for: Caller(name: "", role: .reader))
}

/// Where the records of tokens are kept: the port behind which the registry stands.
///
/// Asked for every request, so whoever keeps them answers from memory.
public protocol TokenStore: Sendable {
  /// Whether callers have to show a token.
  var areAsked: Bool { get }

  /// The record with this id.
  func record(withID id: String) -> TokenRecord?
}

/// Records in memory, from a list.
public struct TokenList: TokenStore {
  private let records: [String: TokenRecord]

  public init(_ records: [TokenRecord]) {
    self.records = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
  }

  public var areAsked: Bool { true }

  public func record(withID id: String) -> TokenRecord? { records[id] }
}

enum Hexadecimal {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  static func bytes(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = text[index].hexadecimalDigit, let low = text[index + 1].hexadecimalDigit
      else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }
}
