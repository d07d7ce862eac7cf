import Glibc

/// The variables that a process was started with; tests hand in their own.
struct Environment: Sendable {
  private let lookUp: @Sendable (String) -> String?

  /// The variables of this process.
  static let ofProcess = Environment { name in getenv(name).map { String(cString: $0) } }

  init(_ variables: [String: String]) { lookUp = { variables[$0] } }

  private init(lookUp: @escaping @Sendable (String) -> String?) { self.lookUp = lookUp }

  /// The variable's text, or `nil` when it is not set or empty, which users mean the same by.
  subscript(name: String) -> String? {
    guard let text = lookUp(name), !text.isEmpty else { return nil }
    return text
  }
}
