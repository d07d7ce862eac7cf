/// A setting's value, and where it came from: `martlet doctor` shows both.
struct Setting<Value: Sendable>: Sendable {
  var value: Value
  var origin: SettingOrigin
}

extension Setting: Equatable where Value: Equatable {}

/// Where a setting's value came from, the strongest first.
enum SettingOrigin: Equatable, Sendable {
  /// `--store`
  case flag(String)
  /// `MARTLET_STORE`
  case environment(String)
  case projectFile(String)
  /// Found by looking, as the project is in the folders above.
  case found
  /// Looked for in vain.
  case notFound
  case standard
}

extension SettingOrigin: CustomStringConvertible {
  var description: String {
    switch self {
    case .flag(let name): "flag \(name)"
    case .environment(let name): "environment \(name)"
    case .projectFile(let path): path
    case .found: "found"
    case .notFound: "not found"
    case .standard: "default"
    }
  }
}
