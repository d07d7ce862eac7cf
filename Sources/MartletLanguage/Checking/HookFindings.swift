import MartletDiagnostics

extension Diagnostic {
  static func unknownEvent(_ name: Name, of kind: Declaration.Kind) -> Diagnostic {
    let finding = Diagnostic.error("unknown-event", "nothing happens that is called `\(name.text)`")
    guard kind == .hook else {
      return finding.pointing(at: name.range, "a feature set waits for `new data`")
        .help("`on new data`")
    }
    return finding.pointing(at: name.range, "not an event")
      .help("events are \(Hook.Event.names.spokenList)")
  }

  static func limitOfEvent(_ range: TextRange, _ event: String) -> Diagnostic {
    .error("limit-of-event", "`\(event)` has no number that it could be over")
      .pointing(at: range, "only rejected rows are counted")
      .help("`on \(event)`, or `on rejects over 100`")
  }

  static func unknownSubject(_ name: Name, near: String?) -> Diagnostic {
    .error("unknown-subject", "there is no feature set or service `\(name.text)`")
      .pointing(at: name.range, "not found")
      .help(near.map { "did you mean `\($0)`?" })
  }

  static func hookWithoutOccasion(_ name: Name) -> Diagnostic {
    .error("hook-without-occasion", "`\(name.text)` waits for nothing")
      .pointing(at: name.range, "does not say when")
      .help("`on failure`, or a schedule: `every 1d`")
  }

  static func hookWithoutAction(_ name: Name) -> Diagnostic {
    .error("hook-without-action", "`\(name.text)` does nothing")
      .pointing(at: name.range, "does not say what")
      .help("`run \"command\"`, or `post \"http://…\"`")
  }

  static func badAddress(_ address: TextLiteral) -> Diagnostic {
    .error("bad-address", "this is no address that can be posted to")
      .pointing(at: address.range, "must begin with `http://` and a host")
      .help(
        "for https and for names and passwords run a command: `run \"curl --data @- https://…\"`")
  }
}
