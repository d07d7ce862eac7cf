public import Martlet

/// HTTP over a store of features.
///
///     let server = try Server(answeringFrom: store, at: address)
///     …
///     server.drain(seconds: 10)
///     server.wait()
public final class Server: Sendable {
  private let network: NetworkServer
  private let responder: Responder

  /// Where it listens; where port 0 was asked for, the port that it got.
  public var address: ListenAddress { network.address }

  /// Listens at `address` and answers from now on; keeps some of its lookups in `lookups`.
  ///
  /// - Parameters:
  ///   - tokens: Where tokens are known from; where none are asked for everyone is let in, which only
  ///     a server on a loopback address may do unless its caller has said that it means it.
  public init(
    answeringFrom store: any ServedStore, at address: ListenAddress,
    tokens: (any TokenStore)? = nil, openTo openness: Openness = .thisMachine,
    settings: ServerSettings = ServerSettings(), log: any AccessLog = NoAccessLog(),
    lookups: LookupLog? = nil
  ) throws(SocketError) {
    if !(tokens?.areAsked ?? false), openness == .thisMachine, !address.isLoopback {
      throw SocketError(
        attempt: "listening on \(address)",
        reason:
          "whoever reaches the machine could ask and push; make a token, or say that it is meant")
    }
    responder = Responder(
      store, gate: Gate(tokens: tokens), settings: settings, log: log, lookups: lookups)
    network = try NetworkServer(at: address, settings, handler: responder)
    responder.vitals.begin(network)
  }

  /// Who may reach a server that asks for no tokens.
  public enum Openness: Sendable {
    case thisMachine
    case everyone
  }

  /// Lets nobody in any more, says so at `/readyz`, and finishes what has begun, for `seconds` at most;
  /// returns at once.
  public func drain(seconds: Double) {
    responder.vitals.drain()
    network.drain(seconds: seconds)
  }

  /// Returns when nothing is served any more.
  public func wait() { network.wait() }
}
