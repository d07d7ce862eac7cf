import MartletColumns
import MartletLanguage

/// Does what a hook says, and gives what went wrong; `nil` where it was told.
struct HookAction: Sendable {
  /// Where commands run.
  let folder: String

  /// How long a command may take; it may be one that trains a model.
  var commandLimit = TimeLength(microseconds: 3_600_000_000)

  /// How long a receiver may take to answer, in seconds.
  var patience = 60

  /// - Parameter isEnding: Asked while a command runs: whether it is to be ended.
  func tell(
    _ actions: [Hook.Action], key: String, event: String, body: String,
    until isEnding: () -> Bool = { false }
  ) -> String? {
    for action in actions {
      let trouble =
        switch action {
        case .run(let command):
          HookCommand(command, in: folder, limit: commandLimit).run(
            key: key, event: event, body: body, until: isEnding)
        case .post(let address):
          Webhook(address)?.post(key: key, body: body, patience: patience) ?? nil
        }
      if let trouble { return trouble }
    }
    return nil
  }
}
