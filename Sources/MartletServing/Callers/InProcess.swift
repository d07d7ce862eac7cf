import MartletColumns
import MartletDiagnostics

/// Answers questions in JSON as a server does, without one: the same bytes in, the same bytes out.
///
/// For `martlet get`, and for whoever embeds Martlet in a process of their own. Any thread may ask.
public struct InProcess: Sendable {
  private let store: any ServedStore

  /// The most entities in one question.
  public var rowLimit = 10_000

  /// Answers from `store`.
  public init(_ store: any ServedStore) { self.store = store }

  /// An answer: the body of `POST /v1/get`, or the problem in its place.
  public struct Answer: Sendable {
    /// What HTTP would say: 200 where there is an answer.
    public var status: Int
    public var body: [UInt8]
  }

  /// Answers `question`, the body of a `POST /v1/get`.
  public func get(_ question: UnsafeRawBufferPointer) -> Answer {
    do throws(Problem) {
      guard let edition = store.edition else { throw .notReady }
      let body = try QuestionBody(question, .martlet)
      guard let name = body.service else {
        throw .wrong("missing-member", "the service is not named", at: "service")
      }
      guard let service = edition.service(named: name) else {
        throw .unknownService(name, near: nearName(to: name, among: edition.serviceNames))
      }
      let now = Instant(microseconds: Clock.microseconds)
      let asked = try body.question(to: service, at: body.at ?? now, rowLimit: rowLimit)
      do throws(StoreRefusal) {
        let answer = try edition.answer(asked)
        var output = ByteQueue()
        output.append(answer, to: asked, of: edition.version)
        return Answer(status: 200, body: Array(output.unsafeBytes))
      } catch {
        throw .store(error)
      }
    } catch {
      return Answer(status: error.status.rawValue, body: Array(error.json.text.utf8))
    }
  }
}
