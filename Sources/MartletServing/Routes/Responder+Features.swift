import Martlet
import MartletColumns
import MartletDiagnostics
import MartletOnline

extension Responder {
  /// `POST /v1/get`
  func get(
    _ request: Request, _ turn: Turn, into output: inout ByteQueue
  ) throws(Problem) -> Answering {
    let edition = try edition()
    if try getPlainly(request, edition, turn, into: &output) { return .written }
    let body = try QuestionBody(request.body, .martlet)
    let service = try service(of: body, in: edition, turn.caller)
    let question = try body.question(
      to: service, at: body.at ?? Instant(microseconds: Clock.microseconds),
      rowLimit: settings.rowLimit)
    return try answer(question, of: edition, turn, into: &output) { answer, output in
      output.append(answer, to: question, of: edition.version)
    }
  }

  /// Answers about one entity where the request is as plain as they nearly always are, straight from
  /// bytes to bytes; says `false` where it has to be looked at closely.
  private func getPlainly(
    _ request: Request, _ edition: any ServedEdition, _ turn: Turn, into output: inout ByteQueue
  ) throws(Problem) -> Bool {
    try PlainLookup.ask(request.body, of: edition, by: turn.caller) { lookup, row in
      write(turn, type: "application/json", into: &output) {
        $0.append(lookup, answered: row, of: edition.version)
      }
      metrics.tally(of: lookup.service).count(
        row, of: lookup.service, nanoseconds: Clock.nanoseconds &- turn.moment.start)
      if keepsLookup(of: lookup.service) {
        keep([ServedLookup(lookup, answered: row)], of: lookup.service, edition.version)
      }
    }
  }

  /// `POST /get-online-features`
  func feastGet(
    _ request: Request, _ turn: Turn, into output: inout ByteQueue
  ) throws(Problem) -> Answering {
    let edition = try edition()
    let body = try QuestionBody(request.body, .feast)
    let service =
      if let features = body.features, !features.isEmpty {
        try self.service(of: features, in: edition, turn.caller)
      } else {
        try self.service(of: body, in: edition, turn.caller)
      }
    let question = try body.question(
      to: service, at: Instant(microseconds: Clock.microseconds), rowLimit: settings.rowLimit,
      entitiesHoldGiven: true)
    // Of single features the caller decides the names; a service has given its own.
    let fullNames = body.hasFullNames
    return try answer(question, of: edition, turn, into: &output) { answer, output in
      output.append(feast: answer, to: question, fullNames: fullNames)
    }
  }

  /// `POST /v1/explain`
  func explain(_ request: Request, _ turn: Turn) throws(Problem) -> Answering {
    let edition = try edition()
    let body = try QuestionBody(request.body, .explanation)
    guard let feature = body.feature else {
      throw .wrong("missing-member", "the feature to explain is not named", at: "feature")
    }
    let service = try service(of: body, in: edition, turn.caller)
    guard service.outputs.contains(where: { $0.field.name == feature }) else {
      let near = nearName(to: feature, among: service.outputs.map(\.field.name))
      let suggestion = near.map { "; is `\($0)` meant?" } ?? ""
      throw Problem(
        .notFound, "unknown-feature", "`\(service.name)` has no `\(feature)`\(suggestion)",
        at: "feature")
    }
    let question = try body.question(
      to: service, at: body.at ?? Instant(microseconds: Clock.microseconds), rowLimit: 1)
    return .job { [self] output in
      do throws(StoreRefusal) {
        write(try edition.explanation(of: feature, for: question), turn, into: &output)
      } catch {
        write(.store(error), turn, into: &output)
      }
    }
  }

  /// Answers from memory here, or from a disk on a worker's thread.
  private func answer(
    _ question: FeatureQuestion, of edition: any ServedEdition, _ turn: Turn,
    into output: inout ByteQueue,
    writing body: @escaping @Sendable (FeatureAnswer, inout ByteQueue) -> Void
  ) throws(Problem) -> Answering {
    do {
      if let answer = try edition.answerAtOnce(question) {
        finish(answer, to: question, edition.version, turn, into: &output, writing: body)
        return .written
      }
    } catch {
      throw .store(error)
    }
    return .job { [self] output in
      do throws(StoreRefusal) {
        let answer = try edition.answer(question)
        finish(answer, to: question, edition.version, turn, into: &output, writing: body)
      } catch {
        write(.store(error), turn, into: &output)
      }
    }
  }

  private func finish(
    _ answer: FeatureAnswer, to question: FeatureQuestion, _ version: String, _ turn: Turn,
    into output: inout ByteQueue, writing body: (FeatureAnswer, inout ByteQueue) -> Void
  ) {
    write(turn, type: "application/json", into: &output) { body(answer, &$0) }
    metrics.tally(of: question.service).count(
      answer, to: question, nanoseconds: Clock.nanoseconds &- turn.moment.start)
    if keepsLookup(of: question.service) {
      keep(ServedLookup.all(answer, to: question), of: question.service, version)
    }
  }

  private func service(
    of body: QuestionBody, in edition: any ServedEdition, _ caller: Caller
  ) throws(Problem) -> ServedService {
    guard let name = body.service else {
      throw .wrong("missing-member", "the service is not named", at: "service")
    }
    guard caller.mayAsk(name) else { throw .scope("`\(name)`") }
    guard let service = edition.service(named: name) else {
      throw .unknownService(name, near: nearName(to: name, among: edition.serviceNames))
    }
    return service
  }

  private func service(
    of features: [String], in edition: any ServedEdition, _ caller: Caller
  ) throws(Problem) -> ServedService {
    guard caller.services == nil else { throw .scope("single features") }
    var names: [FeatureName] = []
    for (index, text) in features.enumerated() {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw .wrong("bad-feature", "write a feature as `set:feature`", at: "features[\(index)]")
      }
      names.append(FeatureName(set: String(parts[0]), feature: String(parts[1])))
    }
    do {
      return try edition.service(of: names)
    } catch {
      throw .store(error)
    }
  }
}
