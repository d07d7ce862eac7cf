import Glibc
import MartletOffline

/// What stands where the store should be, seen from outside.
enum StoreHealth: Equatable {
  /// There is no project, so no store to look for.
  case noProject
  case none(at: String)
  /// Something stands there that cannot be the store.
  case unusable(at: String, reason: String)
  /// A store, and which of its three parts are there.
  case present(at: String, parts: [String])

  init(at path: String?) {
    guard let path else {
      self = .noProject
      return
    }
    var facts = stat()
    if stat(path, &facts) != 0 {
      let refusal = SystemError.last
      self =
        refusal.code == ENOENT ? .none(at: path) : .unusable(at: path, reason: refusal.reason)
    } else if facts.st_mode & S_IFMT != S_IFDIR {
      self = .unusable(at: path, reason: "it is not a folder")
    } else if access(path, R_OK | W_OK | X_OK) != 0 {
      self = .unusable(at: path, reason: SystemError.last.reason)
    } else {
      let parts = ["registry.sqlite", "offline", "online"]
      self = .present(at: path, parts: parts.filter { access("\(path)/\($0)", F_OK) == 0 })
    }
  }
}

extension StoreHealth: CustomStringConvertible {
  var description: String {
    switch self {
    case .noProject: "no project here, so no store"
    case .none(let path): "no store yet at \(path)"
    case .unusable(let path, let reason): "\(path) cannot be used: \(reason)"
    case .present(let path, []): "an empty store at \(path)"
    case .present(let path, let parts): "a store at \(path) with \(parts.joined(separator: ", "))"
    }
  }
}
