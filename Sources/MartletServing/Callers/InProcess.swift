import MartletColumns
import MartletDiagnostics

/// Answers questions as a server does, without one: the same bytes in and the same bytes out, or columns
/// in and columns out.
///
/// For `martlet get`, and for whoever embeds Martlet in a process of their own. Any thread may ask.
public struct InProcess: Sendable {
  let store: any ServedStore

  /// The most entities in one question.
  public var rowLimit = 10_000

  /// Answers from `store`.
  public init(_ store: any ServedStore) { self.store = store }

  /// An answer: the body of `POST /v1/get`, or the problem in its place.
  public struct Answer: Sendable, Error {
    /// What HTTP would say: 200 where there is an answer.
    public var status: Int
    public var body: [UInt8]

    init(_ problem: Problem) {
      status = problem.status.rawValue
      body = Array(problem.json.text.utf8)
    }

    fileprivate init(_ bytes: borrowing ByteQueue) {
      status = 200
      body = Array(bytes.unsafeBytes)
    }
  }

  /// Answers `question`, the body of a `POST /v1/get`.
  public func get(_ question: UnsafeRawBufferPointer) -> Answer {
    do throws(Problem) {
      guard let edition = store.edition else { throw .notReady }
      var output = ByteQueue()
      let isPlain = try PlainLookup.ask(question, of: edition, by: .open) {
        output.append($0, answered: $1, of: edition.version)
      }
      if isPlain { return Answer(output) }
      let body = try QuestionBody(question, .martlet)
      guard let name = body.service else {
        throw .wrong("missing-member", "the service is not named", at: "service")
      }
      let service = try edition.knownService(name)
      let now = Instant(microseconds: Clock.microseconds)
      let asked = try body.question(to: service, at: body.at ?? now, rowLimit: rowLimit)
      output.append(try edition.answered(asked), to: asked, of: edition.version)
      return Answer(output)
    } catch {
      return Answer(error)
    }
  }

  /// What is served, the body of `GET /v1/catalog`.
  public var catalog: Answer {
    guard let edition = store.edition else { return Answer(.notReady) }
    var output = ByteQueue()
    output.append(text: edition.catalog.text)
    return Answer(output)
  }
}

extension ServedEdition {
  /// The service called `name`, or the problem that there is none.
  func knownService(_ name: String) throws(Problem) -> ServedService {
    guard let service = service(named: name) else {
      throw .unknownService(name, near: nearName(to: name, among: serviceNames))
    }
    return service
  }

  /// The answer, or what the store's refusal is to a caller.
  func answered(_ question: FeatureQuestion) throws(Problem) -> FeatureAnswer {
    do throws(StoreRefusal) { return try answer(question) } catch { throw .store(error) }
  }
}

extension InProcess.Answer {
  /// The problem that a question cannot be read, for whoever reads questions in a form of their own.
  public init(refusing detail: String) {
    self.init(.wrong("wrong-type", detail, at: nil))
  }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
}
