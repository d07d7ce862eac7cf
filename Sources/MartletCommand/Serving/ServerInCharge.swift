import Martlet
import MartletDiagnostics
import MartletOnline
import MartletRegistry

/// The server that holds a project's online store, asked by commands that find the store taken.
struct ServerInCharge {
  private let authority: String
  private let token: String?

  /// How long a command waits for an answer.
  private static let patienceInMilliseconds = 60_000

  /// The server that `registry` knows of, if it lives.
  init?(of registry: Registry, _ environment: Environment) throws(RegistryError) {
    guard let record = try registry.server(), record.isAlive else { return nil }
    // One that listens at every address of the machine is asked at this one.
    var authority = record.address
    for (every, here) in [("0.0.0.0:", "127.0.0.1:"), ("[::]:", "[::1]:")]
    where authority.hasPrefix(every) {
      authority = here + authority.dropFirst(every.count)
    }
    self.authority = authority
    token = environment["MARTLET_TOKEN"]
  }

  /// The answer to a POST; a refusal is thrown.
  ///
  /// - Parameter exit: What it means that the server understands what it is told and does not take it.
  func post(
    _ target: String, _ type: String, _ body: [UInt8], attempting attempt: String,
    whenUnacceptable exit: ExitCode = .failed
  ) throws(CommandError) -> [UInt8] {
    guard let address = HTTPAddress(authority: authority, target: target) else {
      throw .failed(attempt, "the server's address is `\(authority)`, which cannot be asked")
    }
    var fields = [(name: "Content-Type", value: type)]
    if let token { fields.append(("Authorization", "Bearer \(token)")) }
    let answer: HTTPAnswer
    do throws(HTTPCallError) {
      answer = try HTTPCall("POST", address, fields: fields, body)
        .answer(withinMilliseconds: Self.patienceInMilliseconds)
    } catch {
      throw .busy(
        attempt,
        "the server at \(authority) holds the online store, and does not answer: "
          + "\(error.reason)")
    }
    guard answer.status != 200 else { return answer.body }
    throw CommandError(
      answer.status, answer.text, attempting: attempt, whenUnacceptable: exit)
  }

  /// Has the server let the loads before answer again; the sets that went back.
  func goBack(
    _ names: [String], _ registry: Registry, _ invocation: Invocation
  ) throws -> [String] {
    let attempt = invocation.path.spelled
    let answer = try registry.haveServerGoBack(names) { try invocation.interruption.check() }
    switch answer {
    case .done(let gone): return gone
    case .failed(let words): throw CommandError.failed(attempt, words)
    case nil:
      throw CommandError.busy(
        attempt, "the server at \(authority) holds the online store, and does not answer")
    }
  }
}

extension CommandError {
  /// What an answer's status and problem mean for whoever called.
  init(
    _ status: Int, _ problem: String, attempting attempt: String,
    whenUnacceptable unacceptable: ExitCode = .failed, whenUnavailable: ExitCode = .busy
  ) {
    var words = [String: String]()
    // What is no problem of ours is shown as it is.
    if case .object(let members)? = try? JSON(reading: problem) {
      for member in members {
        if case .string(let text) = member.value { words[member.name] = text }
      }
    }
    let detail = words["detail"] ?? "HTTP \(status): \(problem.prefix(200))"
    switch (status, words["code"]) {
    case (401, _), (403, _):
      self = .failed(
        attempt, detail, help: "the variable MARTLET_TOKEN takes a token of `martlet token create`")
    case (429, _), (503, _):
      self = .failed(attempt, detail)
      exit = whenUnavailable
    case (_, "unacceptable"):
      self = .failed(attempt, detail)
      exit = unacceptable
    default: self = .failed(attempt, detail)
    }
  }
}

/// Does `here` with the online store, or `there` where a server holds it.
func withOnlineStore<Result>(
  of project: Project, _ registry: Registry, _ invocation: Invocation,
  here: (OnlineData) throws -> Result, there: (ServerInCharge) throws -> Result
) throws -> Result {
  let online: OnlineData
  do { online = try OnlineData(project, registry) } catch let error as OnlineError {
    guard case .heldByAnotherProcess = error.reason,
      let server = try ServerInCharge(of: registry, invocation.environment)
    else { throw error }
    return try there(server)
  }
  return try here(online)
}
