import Martlet
import MartletColumns
import MartletOnline

extension ServedLookup {
  /// The lookups of a question and its answer, one for each entity.
  static func all(_ answer: FeatureAnswer, to question: FeatureQuestion) -> [ServedLookup] {
    let now = Instant(microseconds: Clock.microseconds)
    return (0..<question.rowCount).map { row in
      ServedLookup(
        askedAt: now, at: question.at, keys: question.keys.map { $0[row] },
        given: question.given.map { $0[row] }, values: answer.columns.map { $0[row] },
        statuses: answer.statuses.map { $0[row] })
    }
  }

  /// The lookup of one entity.
  init(_ lookup: PlainLookup, answered row: borrowing OnlineRow) {
    var values: [Value] = []
    for index in 0..<row.count { values.append(row[index]) }
    self.init(
      askedAt: lookup.moment, at: lookup.moment, keys: lookup.keys.map(\.value),
      given: lookup.given.map(\.value),
      values: values, statuses: row.statuses)
  }
}

extension LookupShape {
  /// What the lookups of `service` have in common.
  init(_ service: ServedService, version: String) {
    self.init(
      service: service.name, version: version, keys: service.keys, given: service.given,
      outputs: service.outputs.map(\.field))
  }
}

extension Responder {
  /// Whether a lookup of `service` is to be kept. Features that were asked for one by one belong to no
  /// service, and are not.
  func keepsLookup(of service: ServedService) -> Bool {
    guard let lookups, !service.name.isEmpty else { return false }
    return lookups.wants(service.name)
  }

  func keep(_ kept: [ServedLookup], of service: ServedService, _ version: String) {
    lookups?.add(
      kept, of: service.name, version: version, LookupShape(service, version: version))
  }
}
