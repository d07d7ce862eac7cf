/// The flags that every command takes, before or after its name.
enum GlobalFlags {
  static let project = Flag.optional(
    "project", .folder,
    "The project's folder. Without it: this folder or the nearest above that has `featuredefs/`.")
  static let store = Flag.optional(
    "store", .folder,
    "The store's folder. Without it: MARTLET_STORE, what the project says, or `.martlet` in its folder."
  )
  static let zone = Flag.optional(
    "zone", .zone,
    "The zone of times written without one, where their source names none. Without it: MARTLET_ZONE, what the project says, or UTC."
  )
  static let memory = Flag.optional(
    "memory", .size,
    "How much memory a job may take. Without it: MARTLET_MEMORY, what the project says, or a quarter of the machine's."
  )
  static let retain = Flag.optional(
    "retain", .length,
    "For how long sources keep rows that do not say it. Without it: MARTLET_RETAIN, what the project says, or for ever."
  )
  static let json = Flag.switch("json", "Answer in JSON, for machines.")
  static let color = Flag.value(
    "color", .choice, default: ColorChoice.auto,
    "When to use colour; auto: on a terminal, unless NO_COLOR is set.")
  static let progress = Flag.value(
    "progress", .choice, default: ProgressChoice.auto,
    "How to show progress; auto: a line on a terminal; plain: one line every 30 s.")
  static let help = Flag.switch("help", short: "h", "Show how a command is used.")

  static let all: [FlagDefinition] = [
    project.definition, store.definition, zone.definition, memory.definition, retain.definition,
    json.definition, color.definition, progress.definition,
    help.definition,
  ]
}

/// When to use colour.
enum ColorChoice: String, CaseIterable, Sendable { case auto, always, never }

/// How to show progress.
enum ProgressChoice: String, CaseIterable, Sendable { case auto, plain, none }
