public import MartletColumns
public import MartletOnline
import MartletDiagnostics
import Synchronization

/// A service as callers see it: what they name, what they give, what they get.
public final class ServedService: Sendable {
  public let name: String

  /// The keys that callers name.
  public let keys: [Field]

  /// What callers give.
  public let given: [Field]

  /// What is answered, in order.
  public let outputs: [Output]

  /// Outputs of one set that stand together.
  let runs: [SetRun]

  /// What is counted of it, once a server was asked.
  let tally = AtomicLazyReference<ServiceTally>()

  /// What reads it for one entity, where a store has that.
  let reader: ServiceReader?

  /// What answers about one entity have in common, ready to be copied.
  let wording: AnswerWording

  /// A column of the answer.
  public struct Output: Sendable {
    public let field: Field

    /// The feature set that it comes from.
    public let set: String

    /// The feature's own name there.
    public let feature: String

    /// The name as JSON, ready to be copied: `"spend_1h":[`.
    let opening: [UInt8]

    public init(_ field: Field, set: String, feature: String) {
      self.field = field
      self.set = set
      self.feature = feature
      opening = Array(JSON.string(field.name).text.utf8) + Array(":[".utf8)
    }
  }

  /// Outputs of one set.
  struct SetRun: Sendable {
    let set: String
    var places: Range<Int>
  }

  public init(
    name: String, keys: [Field], given: [Field], outputs: [Output], reader: ServiceReader? = nil
  ) {
    self.name = name
    self.reader = reader
    self.keys = keys
    self.given = given
    self.outputs = outputs
    var runs: [SetRun] = []
    for (place, output) in outputs.enumerated() {
      if runs.last?.set == output.set {
        runs[runs.count - 1].places = runs[runs.count - 1].places.lowerBound..<place + 1
      } else {
        runs.append(SetRun(set: output.set, places: place..<place + 1))
      }
    }
    self.runs = runs
    wording = AnswerWording(name, outputs)
  }
}

/// The words around the values of an answer about one entity:
///
///     {"service":"fraud_check","version": … "spend_1h":[ … ],"spend_24h":[ … ]},"statuses":{ … }}
///     ╰──────────── opening ───────────╯    ╰─ before 0 ─╯   ╰── before 1 ─╯   ╰─ presentEnding ╯
struct AnswerWording: Sendable {
  let opening: [UInt8]

  /// The words before each value, one after the other, and where each begins and ends.
  let names: [UInt8]
  let before: [Range<Int>]

  /// The end of an answer in which every value is present.
  let presentEnding: [UInt8]

  fileprivate init(_ service: String, _ outputs: [ServedService.Output]) {
    opening = Array(#"{"service":\#(JSON.string(service).text),"version":"#.utf8)
    var names: [UInt8] = []
    var before: [Range<Int>] = []
    for output in outputs {
      let start = names.count
      if start > 0 { names += Array("],".utf8) }
      names += output.opening
      before.append(start..<names.count)
    }
    self.names = names
    self.before = before
    let present = outputs.map { "\(JSON.string($0.field.name).text):[\"present\"]" }
    presentEnding = Array(
      #"\#(outputs.isEmpty ? "" : "]")},"statuses":{\#(present.joined(separator: ","))}}"#.utf8)
  }
}
