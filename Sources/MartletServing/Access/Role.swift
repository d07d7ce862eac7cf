/// What a token allows. Each allows what those before it do.
public enum Role: String, Sendable, CaseIterable, Comparable {
  case reader
  case writer
  case admin

  private var rank: Int {
    switch self {
    case .reader: 0
    case .writer: 1
    case .admin: 2
    }
  }

  public static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }
}

/// Who asks.
public struct Caller: Sendable, Equatable {
  /// The token's name, for logs; never the token.
  public var name: String
  public var role: Role

  /// The services that it may ask; `nil` for all.
  public var services: Set<String>?

  public init(name: String, role: Role, services: Set<String>? = nil) {
    self.name = name
    self.role = role
    self.services = services
  }

  /// Anyone, where the server asks for no tokens.
  static let open = Caller(name: "", role: .admin)

  func mayAsk(_ service: String) -> Bool { services?.contains(service) ?? true }
}
