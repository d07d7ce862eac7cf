extension Command {
  /// All commands, in the order in which help lists them.
  static let martlet: Command = Command(
    "martlet",
    "A feature store: features are defined once, the same offline and online.",
    commands: [
      initialize, describe, check, format, plan, apply, preview, materialize, run, status, runs,
      pause, resume, hooks, backfill,
      compact,
      train, snapshot, trainingSets, get, push, rollback, serve, token, verify, list, show, search,
      lineage, stats,
      history, explain, file,
      doctor, selftest,
      version,
      completions, help, complete,
      reference,
    ])
}
