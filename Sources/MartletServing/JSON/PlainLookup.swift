import MartletColumns
import MartletOnline

/// A plain question, and the row that answers it: straight from bytes to where the values lie.
struct PlainLookup {
  let service: ServedService
  let keys: [Value]
  let given: [Value]

  /// The moment of the answer.
  let moment: Instant
  let row: OnlineRow

  /// The answer of `edition` to `body`; `nil` where the question has to be looked at closely, or the
  /// store has to be asked the other way.
  init?(
    _ body: UnsafeRawBufferPointer, to edition: any ServedEdition, by caller: Caller
  ) throws(Problem) {
    guard let question = PlainQuestion(body),
      let service = edition.service(named: question.service), caller.mayAsk(service.name),
      let keys = question.values(of: service.keys, in: .entities),
      let given = question.values(of: service.given, in: .given)
    else { return nil }
    let moment = Instant(microseconds: Clock.microseconds)
    let found: OnlineRow?
    do throws(StoreRefusal) {
      found = try edition.row(of: service, keys: keys, given: given, at: moment)
    } catch {
      throw .store(error)
    }
    guard let row = found else { return nil }
    (self.service, self.keys, self.given) = (service, keys, given)
    (self.moment, self.row) = (moment, row)
  }
}
