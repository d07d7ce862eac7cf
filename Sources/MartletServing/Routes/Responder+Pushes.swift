import MartletColumns
import MartletDiagnostics

extension Responder {
  /// `POST /v1/push/SOURCE`
  func push(_ request: Request, _ turn: Turn) throws(Problem) -> Answering {
    let source = try segment(request)
    let schema = try schema(of: source, in: try edition(), turn.caller)
    let body = request.body
    let rows =
      MediaType(of: request) == .jsonLines
      ? try PushBody.lines(body, schema) : try PushBody.array(body, schema)
    return take(rows, source, turn)
  }

  /// `POST /push` and `POST /write-to-online-store`
  func feastPush(_ request: Request, _ turn: Turn) throws(Problem) -> Answering {
    let edition = try edition()
    let (source, rows) = try PushBody.feast(request.body) { (name) throws(Problem) in
      // A view of Feast's is a feature set here, and its rows are its source's.
      let source = edition.source(behind: name) ?? PushedSource(name: name)
      return (source, try schema(of: source.name, in: edition, turn.caller))
    }
    return take(rows, source, turn)
  }

  private func schema(
    of source: String, in edition: any ServedEdition, _ caller: Caller
  ) throws(Problem) -> Schema {
    // What is pushed changes what every service that reads the source answers; one is enough.
    if let services = caller.services,
      !services.contains(where: { edition.sourceNames(feeding: $0).contains(source) })
    {
      throw .scope("a service that reads `\(source)`")
    }
    guard let schema = edition.columns(ofSource: source) else {
      throw .unknownSource(source, near: nearName(to: source, among: edition.sourceNames))
    }
    return schema
  }

  /// Storing waits for the disk, so a worker does it; the caller hears of it when it is durable.
  private func take(_ rows: Batch, _ source: String, _ turn: Turn) -> Answering {
    .job { [self] output in
      do throws(StoreRefusal) {
        let receipt = try store.push(rows, to: source)
        var members: [JSON.Member] = [
          .init("source", .string(source)), .init("accepted", .count(receipt.accepted)),
          .init("dropped", .count(receipt.dropped)), .init("kept", .counts(receipt.kept)),
        ]
        if !receipt.withoutKey.isEmpty {
          members.append(.init("without_key", .counts(receipt.withoutKey)))
        }
        write(.object(members), turn, into: &output)
      } catch {
        write(.store(error), turn, into: &output)
      }
    }
  }
}

extension JSON {
  /// Counts by their names, in the order of names.
  fileprivate static func counts(_ counts: [String: Int]) -> JSON {
    .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .count($0.value)) })
  }
}
