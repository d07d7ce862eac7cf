import MartletLanguage

/// Does what a hook says, and gives what went wrong; `nil` where it was told.
struct HookAction: Sendable {
  /// Where commands run.
  let folder: String

  /// How long a receiver may take, in seconds.
  var patience = 60

  func tell(_ actions: [Hook.Action], key: String, event: String, body: String) -> String? {
    for action in actions {
      let trouble =
        switch action {
        case .run(let command):
          HookCommand(command, in: folder, patience: patience).run(
            key: key, event: event, body: body)
        case .post(let address):
          Webhook(address)?.post(key: key, body: body, patience: patience) ?? nil
        }
      if let trouble { return trouble }
    }
    return nil
  }
}
