import Martlet
import MartletColumns
import MartletDiagnostics

/// Answers requests from a store: finds the route, asks who is there, reads the body, asks the store,
/// writes the answer.
final class Responder: RequestHandler {
  let store: any ServedStore
  let gate: Gate
  let settings: ServerSettings
  let metrics = ServerMetrics()
  let log: any AccessLog

  /// Where some of the lookups are kept.
  let lookups: LookupLog?

  /// Requests of each caller that wait for a worker or are at one.
  let waiting: WaitingRequests

  /// What only the server's loops know.
  let vitals = ServerVitals()

  init(
    _ store: any ServedStore, gate: Gate, settings: ServerSettings, log: any AccessLog,
    lookups: LookupLog? = nil
  ) {
    self.store = store
    self.gate = gate
    self.settings = settings
    waiting = WaitingRequests(limit: settings.waitingLimitOfCaller)
    self.log = log
    self.lookups = lookups
  }

  // MARK: Heads

  func look(at request: Request) -> Admission {
    guard let (route, _) = Route.find(request.path) else {
      return .refuse(.noRoute(request.text(request.head.path) ?? ""), nil)
    }
    do {
      return try admit(request, route, route.knownRule)
    } catch {
      return .refuse(error, route)
    }
  }

  private func admit(
    _ request: Request, _ route: Route, _ rule: Route.Rule
  ) throws(Problem) -> Admission {
    let head = request.head
    guard head.method == rule.method || head.method == .head && rule.method == .get else {
      throw .method(rule.method == .get ? "GET, HEAD" : rule.method.rawValue)
    }
    let caller = try gate.caller(of: rule, showing: request.text(head.authorization))
    if head.contentCoding != nil, request.text(head.contentCoding) != "identity" {
      throw .contentCoding
    }
    switch rule.body {
    case .none:
      return .read(limit: settings.requests.droppedBodyBytes, route: route, caller: caller)
    case .question:
      try checkType(request, among: [.json])
      return .read(limit: settings.questionBytes, route: route, caller: caller)
    case .rows:
      try checkType(request, among: route == .push ? [.jsonLines, .json] : [.json])
      return .read(limit: settings.pushBytes, route: route, caller: caller)
    }
  }

  private func checkType(_ request: Request, among types: [MediaType]) throws(Problem) {
    guard let type = MediaType(of: request), types.contains(type) else {
      throw .contentType(types.map(\.rawValue).joined(separator: " or "))
    }
  }

  // MARK: Answers

  func answer(
    _ request: Request, admitted: Admission, _ moment: AnswerMoment, into output: inout ByteQueue
  ) -> Answering {
    switch admitted {
    case .refuse(let problem, let route):
      let turn = Turn(request, route, .open, moment)
      write(problem, turn, into: &output)
      return .written
    case .read(_, let route, let caller):
      let turn = Turn(request, route, caller, moment)
      do throws(Problem) {
        guard case .job(let job) = try answer(request, route, turn, into: &output) else {
          return .written
        }
        guard waiting.begin(caller) else { throw .tooMany }
        return .job { [waiting] output in
          job(&output)
          waiting.end(caller)
        }
      } catch {
        write(error, turn, into: &output)
        return .written
      }
    }
  }

  private func answer(
    _ request: Request, _ route: Route, _ turn: Turn, into output: inout ByteQueue
  ) throws(Problem) -> Answering {
    switch route {
    case .get: return try get(request, turn, into: &output)
    case .feastGet: return try feastGet(request, turn, into: &output)
    case .push: return try push(request, turn)
    case .feastPush, .feastWrite: return try feastPush(request, turn)
    case .explain: return try explain(request, turn)
    case .catalog: return later(turn) { edition throws(Problem) in edition.catalog }
    case .lineage:
      let name = try segment(request)
      return later(turn) { edition throws(Problem) in
        let found: JSON?
        do throws(StoreRefusal) { found = try edition.lineage(of: name) } catch {
          throw .store(error)
        }
        guard let lineage = found else { throw .unknownName(name) }
        return lineage
      }
    case .alive, .feastHealth:
      write(["status": "ok"], turn, into: &output)
    case .ready: writeReadiness(turn, into: &output)
    case .metrics: writeMetrics(turn, into: &output)
    case .openAPI:
      write(turn, type: "application/json", into: &output) { $0.append(Self.description) }
    }
    return .written
  }

  /// What `/openapi.json` says; the table does not change while the program runs.
  private static let description = Array(OpenAPI.document.text.utf8)

  private func writeReadiness(_ turn: Turn, into output: inout ByteQueue) {
    let hindrances = vitals.isDraining ? ["the server is being stopped"] : store.hindrances
    guard hindrances.isEmpty, let edition = store.edition else {
      let problem = Problem(
        .serviceUnavailable, "not-ready",
        hindrances.isEmpty ? "nothing is applied yet" : hindrances.joined(separator: "; "))
      return write(problem, turn, into: &output)
    }
    write(["status": "ready", "version": .string(edition.version)], turn, into: &output)
  }

  private func writeMetrics(_ turn: Turn, into output: inout ByteQueue) {
    let text = metrics.text(
      connections: vitals.counters, waiting: vitals.waiting, gauges: store.gauges,
      isReady: store.hindrances.isEmpty && store.edition != nil && !vitals.isDraining)
    write(turn, type: "text/plain; version=0.0.4; charset=utf-8", into: &output) {
      $0.append(text: text)
    }
  }

  /// What stands in the path for the route's braces.
  func segment(_ request: Request) throws(Problem) -> String {
    guard let (_, range) = Route.find(request.path),
      let text = PercentCoding.decode(request.path[range])
    else { throw .noRoute(request.text(request.head.path) ?? "") }
    return text
  }

  /// The edition that answers a request, from its first look to its last word.
  func edition() throws(Problem) -> any ServedEdition {
    guard let edition = store.edition else { throw .notReady }
    return edition
  }

  /// Lets a worker work a document out: it may have to be read from a disk.
  func later(
    _ turn: Turn,
    _ document: @escaping @Sendable (any ServedEdition) throws(Problem) -> JSON
  ) -> Answering {
    .job { [self] output in
      do throws(Problem) {
        write(try document(try edition()), turn, into: &output)
      } catch {
        write(error, turn, into: &output)
      }
    }
  }
}

/// What only the server's loops know, told to whoever answers.
final class ServerVitals: Sendable {
  private let network = SetOnce<NetworkServer>()
  private let draining = AtomicFlag()

  func begin(_ server: NetworkServer) { network.set(server) }

  func drain() { draining.raise() }

  var isDraining: Bool { draining.isRaised }

  var counters: ConnectionCounters { network.value?.counters ?? Self.none }
  var waiting: Int { network.value?.workers.depth ?? 0 }

  private static let none = ConnectionCounters()
}
