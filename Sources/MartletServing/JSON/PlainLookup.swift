import MartletColumns
import MartletOnline

/// A plain question, and the row that answers it: straight from bytes to where the values lie.
struct PlainLookup {
  let service: ServedService
  let keys: UnsafeBufferPointer<OnlineRow.Lent>
  let given: UnsafeBufferPointer<OnlineRow.Lent>

  /// The moment of the answer.
  let moment: Instant

  /// Calls `answer` with the answer of `edition` to `body`; says `false` where the question has to be looked
  /// at closely, or the store has to be asked the other way.
  static func ask(
    _ body: UnsafeRawBufferPointer, of edition: any ServedEdition, by caller: Caller,
    _ answer: (PlainLookup, borrowing OnlineRow) -> Void
  ) throws(Problem) -> Bool {
    guard let question = PlainQuestion(body),
      let service = edition.service(named: question.service), caller.mayAsk(service.name)
    else { return false }
    let keyCount = service.keys.count
    let count = keyCount + service.given.count
    return try withUnsafeTemporaryAllocation(of: OnlineRow.Lent.self, capacity: count) {
      (room) throws(Problem) in
      room.initialize(repeating: .null)
      defer { room.deinitialize() }
      let keys = UnsafeMutableBufferPointer(rebasing: room[..<keyCount])
      let given = UnsafeMutableBufferPointer(rebasing: room[keyCount...])
      guard question.lend(service.keys, in: .entities, to: keys),
        question.lend(service.given, in: .given, to: given)
      else { return false }
      let lookup = PlainLookup(
        service: service, keys: UnsafeBufferPointer(keys), given: UnsafeBufferPointer(given),
        moment: Instant(microseconds: Clock.microseconds))
      do throws(StoreRefusal) {
        return try edition.withRow(
          of: service, keys: lookup.keys, given: lookup.given, at: lookup.moment
        ) { answer(lookup, $0) }
      } catch {
        throw .store(error)
      }
    }
  }
}
