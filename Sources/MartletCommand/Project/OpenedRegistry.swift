import Glibc
import Martlet
import MartletOffline
import MartletRegistry

extension Registry {
  /// The registry of a call's store, or `nil` while nothing was ever recorded in it: whoever only
  /// looks leaves no trace.
  static func ifThere(of invocation: Invocation) throws -> Registry? {
    guard let store = invocation.settings.store.value else { return nil }
    return access("\(store)/registry.sqlite", F_OK) == 0 ? try opened(of: invocation) : nil
  }

  /// The registry of a call's store; the store's folder is made where it is missing.
  static func opened(of invocation: Invocation) throws -> Registry {
    let attempt = invocation.path.spelled
    guard let store = invocation.settings.store.value else {
      throw CommandError.failed(
        attempt, "there is no `featuredefs/` here or in a folder above, and so no store",
        help: "go to the project's folder, or name it with `--project DIR`",
        "`martlet init DIR` begins one, with a sample")
    }
    guard mkdir(store, 0o777) == 0 || errno == EEXIST else {
      throw CommandError.failed("making the store `\(store)`", SystemError.last)
    }
    do throws(RegistryError) { return try Registry(at: "\(store)/registry.sqlite") } catch {
      throw CommandError(error)
    }
  }
}

extension CommandError {
  /// The registry could not do something; that another process holds it or was quicker is told apart.
  init(_ error: RegistryError) {
    self =
      switch error.reason {
      case .busy: .busy(error.attempt, "\(error.reason)")
      case .moved:
        .busy(error.attempt, "\(error.reason)", help: "`martlet plan` shows what differs now")
      case .notARegistry, .damaged:
        .failed(
          error.attempt, "\(error.reason)",
          help: "put a backup's `registry.sqlite` in its place, then `martlet materialize`")
      case .readOnly:
        .failed(
          error.attempt, "\(error.reason)",
          help: "whoever reads it needs the right to write it, too, and its folder",
          "`--store DIR` names another store")
      default: .failed(error.attempt, "\(error.reason)")
      }
  }
}

/// Runs `body`, what the registry refuses said as a command's error.
func withRegistryErrors<Result>(
  _ body: () throws(RegistryError) -> Result
) throws(CommandError) -> Result {
  do throws(RegistryError) { return try body() } catch { throw CommandError(error) }
}
