import MartletDiagnostics

extension Checker {
  mutating func checkHook(_ declaration: Declaration) {
    guard let name = declaration.name, hooks[name.text] == name else { return }
    var hook = Hook(
      name: name.text, events: [], subjects: [], actions: [],
      description: description(of: declaration))
    var seen = Seen()
    let findingCount = findingCount
    for statement in declaration.body?.statements ?? [] {
      seen.note(statement, &self)
      switch statement.kind {
      case .on(let events): hook.events += events.compactMap { event(of: $0) }
      case .onNewData:
        report(.unknownEvent(Name(text: "new data", range: statement.range), of: .hook))
      case .of(let names): hook.subjects += names.filter { isSubject($0) }.map(\.text)
      case .every(let length): hook.schedule = positive(length).map { .every($0) }
      case .cron(let line, let zone): hook.schedule = cron(line, zone)
      case .run(let command): hook.actions.append(.run(command.text))
      case .post(let address):
        if Self.isAddress(address.text) {
          hook.actions.append(.post(address.text))
        } else {
          report(.badAddress(address))
        }
      default: break
      }
    }
    if let every = seen.range(.every), let cron = seen.range(.cron) {
      report(.twoSchedules(cron, every))
    }
    // What could not be read may have been what is missing.
    if self.findingCount == findingCount, declaration.body != nil, brokenFiles.isEmpty {
      if hook.events.isEmpty, hook.schedule == nil { report(.hookWithoutOccasion(name)) }
      if hook.actions.isEmpty { report(.hookWithoutAction(name)) }
    }
    definitions.hooks.append(hook)
  }

  private mutating func event(of syntax: HookEventSyntax) -> Hook.Event? {
    if let range = syntax.limitRange, syntax.name.text != "rejects" {
      report(.limitOfEvent(range, syntax.name.text))
      return nil
    }
    guard let event = Hook.Event(syntax.name.text, over: syntax.limit) else {
      report(.unknownEvent(syntax.name, of: .hook))
      return nil
    }
    return event
  }

  private mutating func isSubject(_ name: Name) -> Bool {
    if sets[name.text] != nil || services[name.text] != nil { return true }
    let names = Array(sets.keys) + Array(services.keys)
    report(.unknownSubject(name, near: near(name.text, names)))
    return false
  }

  /// `http://host[:port][/path]`, in characters that need no escaping.
  private static func isAddress(_ text: String) -> Bool {
    guard text.hasPrefix("http://"), text.utf8.count < 2_000 else { return false }
    let rest = text.dropFirst("http://".count)
    guard let first = rest.utf8.first, first != UInt8(ascii: "/"), first != UInt8(ascii: ":") else {
      return false
    }
    return rest.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "@") }
  }
}
