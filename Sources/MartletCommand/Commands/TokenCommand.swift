import Martlet
import MartletDiagnostics
import MartletRegistry
import MartletServing

extension Command {
  /// `martlet token`
  static let token = Command(
    "token", "Say who may ask a server, and for what.",
    about: """
      Once there is a token, `martlet serve` asks every caller for one: `Authorization: Bearer TOKEN`. \
      A server that runs sees a new token, and one that was revoked, within a second.
      """,
    commands: [tokenCreate, tokenList, tokenRevoke])

  /// `martlet token create`
  private static let tokenCreate = Command(
    "create", "Make a token, and show it this once.",
    about: """
      A reader may ask for features, a writer may push rows too, an admin may do everything. With \
      --service the token is for these services alone: their features, and the sources that they read. \
      Only a salted hash of the token is kept, so that nobody can show it again.
      """,
    operands: [tokenName], flags: [role, scope],
    examples: [
      Example("martlet token create checkout --role reader --service fraud_check"),
      Example("MARTLET_TOKEN=$(martlet token create events --role writer)", "In a script:"),
    ],
    run: createToken)

  /// `martlet token list`
  private static let tokenList = Command(
    "list", "List the tokens, and what each is for.",
    examples: [Example("martlet token list"), Example("martlet token list --json")],
    run: listTokens)

  /// `martlet token revoke`
  private static let tokenRevoke = Command(
    "revoke", "Make a token open nothing any more.",
    about: "Its name may be given to another token then; that is how a token is replaced.",
    operands: [tokenName], examples: [Example("martlet token revoke checkout")], run: revokeToken)
}

private let tokenName = Operand.required(.tokenName, "What the token is called, in logs too.")
private let role = Flag.required("role", ValueKind<Role>.choice, "What it allows.")
private let scope = Flag.repeated(
  "service", .text("SERVICE"), "A service that it is for; without any it is for all.")

private func createToken(_ invocation: Invocation) throws -> ExitCode {
  let registry = try Registry.opened(of: invocation)
  let services = invocation[scope]
  let caller = Caller(
    name: invocation[tokenName], role: invocation[role],
    services: services.isEmpty ? nil : Set(services))
  let token = Token()
  try withRegistryErrors { () throws(RegistryError) in
    try registry.add(KeptToken(token, for: caller, at: .now, by: userName()))
    try invocation.sayIfUnknown(services, registry)
  }
  switch invocation.form {
  case .text: try invocation.output.line(token.text)
  case .json:
    let document: JSON = [
      "name": .string(caller.name), "id": .string(token.id), "role": .string(caller.role.rawValue),
      "services": caller.services.map { .strings($0.sorted()) } ?? nil,
      "token": .string(token.text),
    ]
    try invocation.output.line(document.text)
  }
  invocation.talk.say("keep it well: it is not shown again")
  return .done
}

private func listTokens(_ invocation: Invocation) throws -> ExitCode {
  var tokens: [KeptToken] = []
  if let registry = try Registry.ifThere(of: invocation) {
    tokens = try withRegistryErrors { () throws(RegistryError) in try registry.tokens() }
  }
  switch invocation.form {
  case .json: for token in tokens { try invocation.output.line(token.json.text) }
  case .text:
    if tokens.isEmpty {
      try invocation.output.line("there are no tokens: a server on this machine asks for none")
      return .done
    }
    var table = Table(
      .left("Token"), .left("Role"), .left("Services"), .left("Made"), .left("By"),
      .left("Revoked"))
    for token in tokens {
      table.append(
        token.name, token.role, token.services?.joined(separator: ", ") ?? "all",
        "\(token.createdAt)", token.author, token.revokedAt.map { "\($0)" } ?? "")
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return .done
}

private func revokeToken(_ invocation: Invocation) throws -> ExitCode {
  let wanted = invocation[tokenName]
  var outcome = Revocation.unknown
  var names: [String] = []
  if let registry = try Registry.ifThere(of: invocation) {
    try withRegistryErrors { () throws(RegistryError) in
      outcome = try registry.revokeToken(wanted, at: .now, by: userName())
      names = try registry.tokens().map(\.name)
    }
  }
  switch outcome {
  case .revoked: invocation.talk.say("`\(wanted)` opens nothing any more")
  case .wasRevoked: invocation.talk.say("`\(wanted)` was revoked before")
  case .unknown:
    let near = nearName(to: wanted, among: names)
    throw CommandError.failed(
      invocation.path.spelled,
      "there is no token `\(wanted)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
  return .done
}

extension Invocation {
  /// A service may be applied later than its token is made; a name that is spelled wrong is more likely.
  fileprivate func sayIfUnknown(
    _ services: [String], _ registry: Registry
  ) throws(RegistryError) {
    let version = try registry.currentVersion()
    guard version > 0 else { return }
    let known = try registry.snapshot(of: version).meanings.keys
      .filter { $0.kind == .service }.map(\.name)
    for service in services where !known.contains(service) {
      talk.say("warning: no service `\(service)` is applied yet")
    }
  }
}

extension KeptToken {
  fileprivate var json: JSON {
    [
      "name": .string(name), "id": .string(id), "role": .string(role),
      "services": services.map { .strings($0) } ?? nil, "created_at": .string("\(createdAt)"),
      "author": .string(author), "revoked_at": revokedAt.map { .string("\($0)") } ?? nil,
    ]
  }
}

extension ValueKind where Value == String {
  /// A token's name: it stands in logs, so that it is one plain word.
  fileprivate static var tokenName: Self {
    ValueKind(placeholder: "NAME", completion: .nothing) { text throws(WrongValue) in
      let isPlain = text.unicodeScalars.allSatisfy { letter in
        letter.isASCII && letter.value > 0x20 && letter.value < 0x7F && letter != "\""
      }
      guard isPlain, !text.isEmpty, text.utf8.count <= 100 else {
        throw WrongValue(expected: "a name of letters, digits and marks such as `-` and `.`")
      }
      return text
    }
  }
}
