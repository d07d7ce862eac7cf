import Glibc
import Martlet
import MartletColumns
import MartletDiagnostics
import MartletOnline
import MartletRegistry
import MartletServing

extension Command {
  /// `martlet serve`
  static let serve = Command(
    "serve", "Answer features over HTTP, and take pushed rows in.",
    about: """
      Owns the online store while it runs. What is applied or materialized meanwhile is served within \
      a second or two; a request is answered by one version from its first byte to its last. Ends on \
      SIGTERM or Ctrl-C, when what has begun is answered.

      Callers are asked for a token as soon as there is one (`martlet token create`). While there is \
      none, only this machine can reach it. Every refusal is logged on standard error, a line of JSON \
      each, without the token.

      With --past, questions about earlier moments are refused, also by a server that begins later, and \
      what only they could see is given up where rows are put in order and with the next load.

      With --keep-one-in some lookups are kept in the store, and `martlet verify` compares them with what \
      training would say.
      """,
    flags: [listen, open, drain, threads, past, logged, kept, keptSize, schedule]
      + ScheduleFlags.all,
    examples: [
      Example("martlet serve"),
      Example("martlet serve --listen 127.0.0.1:9000 --drain 30s"),
      Example("martlet serve --schedule", "And keep the schedules, as `martlet run` does:"),
      Example("martlet serve --keep-one-in 1000 --keep-one-in fraud_check=10"),
      Example("curl -s localhost:8080/readyz"),
    ],
    run: serveFeatures)
}

private let listen = Flag.value(
  "listen", .address, default: ListenAddress(host: "127.0.0.1", port: 8_080),
  "Listen here; port 0 is any that is free.")
private let open = Flag.switch(
  "open", "Ask nobody for a token: whoever reaches the address may read features and push rows.")
private let drain = Flag.value(
  "drain", .length, default: TimeLength(microseconds: 10_000_000),
  "When told to end, wait so long for what has begun.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Serve on this many threads; else one a processor.")
private let past = Flag.optional(
  "past", .length, "Answer questions so far back alone; else about every moment.")
private let logged = Flag.value(
  "log-one-in", .int(in: 0...Int.max), default: 0,
  "Log one in so many answers beside the refusals; 0 logs refusals alone.")

private let kept = Flag.repeated(
  "keep-one-in", .share,
  "Keep one in so many lookups for `martlet verify`, of one service or of all; 0 keeps none.")
private let keptSize = Flag.value(
  "keep-size", .size, default: 1_000_000_000,
  "Keep at most so much of lookups; the oldest are given up.")
private let schedule = Flag.switch("schedule", "Keep the schedules too.")

private func serveFeatures(_ invocation: Invocation) throws -> ExitCode {
  Allocator.returnLargeBlocks(of: 256 << 10)
  let (project, registry, version) = try Project.applied(of: invocation, threads: 1)
  let tokens = RegistryTokens()
  try withRegistryErrors { () throws(RegistryError) in try tokens.update(from: registry) }
  let address = invocation[listen]
  if invocation[open] {
    invocation.talk.say(
      "warning: nobody is asked for a token; whoever reaches \(address) may read features and push rows"
    )
  } else if !tokens.areAsked, !address.isLoopback {
    throw CommandError.failed(
      "listening on \(address)", "whoever reaches it could read features and push rows",
      help: "`martlet token create NAME --role reader` makes a token, and the server asks for it",
      "`--open` asks nobody, where that is meant")
  }
  return try withProjectErrors {
    let online = try OnlineData.opened(project, registry, invocation)
    let store = OnlineServedStore()
    var keeper = ServedVersion(
      project, registry, version, online, store, past: invocation[past]?.microseconds)
    try keeper.begin()

    var settings = ServerSettings()
    settings.loopCount = invocation[threads]
    let lines = LogLines(invocation.talk, invocation.interruption)
    let log = SampledAccessLog(every: UInt64(invocation[logged])) { lines.add($0) }
    let lookups = LookupLog(
      in: project.store, LookupLog.Rates(invocation[kept]), limitInBytes: invocation[keptSize])
    let server: Server
    do throws(SocketError) {
      server = try Server(
        answeringFrom: store, at: address, tokens: invocation[open] ? nil : tokens,
        openTo: invocation[open] ? .everyone : .thisMachine, settings: settings, log: log,
        lookups: invocation[kept].isEmpty ? nil : lookups)
    } catch {
      throw CommandError.failed(
        error.attempt, error.reason, help: "`--listen` takes another address")
    }
    LookupWriter.start(lookups, invocation.talk, invocation.interruption)
    TokensWatch.start(
      tokens, ofRegistryAt: "\(project.store)/registry.sqlite", invocation.talk,
      invocation.interruption)
    try registry.record(ServerRecord(process: getpid(), address: "\(server.address)"))
    try invocation.output.line("http://\(server.address)")
    try invocation.output.flush()
    invocation.talk.say("serving version \(version)")

    let schedules = invocation[schedule] ? try ScheduleThread(for: invocation) : nil
    var (turns, freePages) = (0, FreePages())
    while !invocation.interruption.isRequested {
      usleep(100_000)
      keeper.keepUp(invocation)
      turns &+= 1
      // About once a minute.
      if turns.isMultiple(of: 600) { freePages.returnIfGrown() }
    }
    schedules?.wait()
    server.drain(seconds: Double(invocation[drain].microseconds) / 1e6)
    server.wait()
    lines.flush()
    _ = try lookups.flush(.everything)
    try keeper.end()
    return .done
  }
}

extension OnlineData {
  /// The online store, once a run is done with it that has it for as long as it loads; another server has
  /// it for good.
  fileprivate static func opened(
    _ project: Project, _ registry: Registry, _ invocation: Invocation
  ) throws -> OnlineData {
    for _ in 0..<100 {
      if let online = try ifFree(project, registry) { return online }
      if let server = try registry.server(), kill(server.process, 0) == 0 || errno == EPERM {
        break
      }
      try invocation.interruption.check()
      usleep(100_000)
    }
    return try OnlineData(project, registry)
  }
}

extension ValueKind where Value == ListenAddress {
  /// `HOST:PORT`.
  fileprivate static var address: Self {
    ValueKind(placeholder: "HOST:PORT", completion: .nothing) { text throws(WrongValue) in
      guard let address = ListenAddress(text) else {
        throw WrongValue(expected: "an address such as `127.0.0.1:8080` or `[::1]:8080`")
      }
      return address
    }
  }
}

/// How many of a service's lookups are kept: one in so many.
struct KeptShare: Sendable {
  /// `nil` for all services that are not named.
  var service: String?
  var share: Int
}

extension ValueKind where Value == KeptShare {
  /// `N` or `SERVICE=N`.
  fileprivate static var share: Self {
    ValueKind(placeholder: "[SERVICE=]N", completion: .nothing) { text throws(WrongValue) in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let number = parts.last.flatMap({ Int($0) }), number >= 0, parts.first != "" else {
        throw WrongValue(expected: "a whole number from 0, or one for a service: `fraud_check=10`")
      }
      return KeptShare(service: parts.count == 2 ? String(parts[0]) : nil, share: number)
    }
  }
}

extension LookupLog.Rates {
  /// What a call says; the last word on a service holds.
  fileprivate init(_ shares: [KeptShare]) {
    self.init(everywhere: 0)
    for share in shares {
      if let service = share.service {
        byService[service] = share.share
      } else {
        everywhere = share.share
      }
    }
  }
}
