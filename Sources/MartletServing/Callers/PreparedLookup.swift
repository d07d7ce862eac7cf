public import MartletColumns
import MartletDiagnostics
public import MartletOnline

/// A service made ready to be asked about one entity at a time: for a question nothing is looked for,
/// written down or allocated.
///
///     let lookup = try project.prepare("checkout")
///     try lookup.ask(keys: keys, given: given, at: nil) { row in … }
///
/// Any thread may ask. What is applied and loaded meanwhile is followed, as long as the service takes and
/// gives the same.
public final class PreparedLookup: Sendable {
  /// What is named, what is given and what is answered, in the order of `ask`.
  public let keys: [Field]
  public let given: [Field]
  public let outputs: [Field]

  private let service: String
  private let store: OnlineServedStore
  private let seats = Seats<Held>()

  /// What a thread holds on to from one question to the next: nothing that others count references to.
  private struct Held {
    /// The number of the edition that the reader is of; -1 before the first.
    var edition = -1
    var reading: Reading?
  }

  private struct Reading {
    let reader: ServiceReader
    var desk: Desk

    mutating func ask(
      _ keys: UnsafeBufferPointer<OnlineRow.Lent>, _ given: UnsafeBufferPointer<OnlineRow.Lent>,
      at moment: Instant, _ body: (borrowing OnlineRow) -> Void
    ) throws(OnlineError) {
      try reader.fill(&desk, keys: keys, given: given, at: moment)
      body(desk.row)
    }
  }

  /// The service called `name`, by what `store` serves.
  init(_ name: String, of store: OnlineServedStore) throws(InProcess.Answer) {
    do throws(Problem) {
      guard let edition = store.numbered.edition else { throw .notReady }
      let service = try edition.knownService(name)
      self.service = name
      self.store = store
      keys = service.keys
      given = service.given
      outputs = service.outputs.map(\.field)
      for field in keys + given + outputs where !field.type.isPlain {
        throw .wrong(
          "wrong-type", "`\(field.name)` is a \(field.type), which is asked for in columns",
          at: field.name)
      }
    } catch {
      throw InProcess.Answer(error)
    }
  }

  /// Calls `body` with the answer about one entity, which is good for the call.
  ///
  /// - Parameters:
  ///   - keys: The entity's keys. None is null.
  ///   - moment: The moment of the answer; `nil` for now.
  /// - Throws: The problem that HTTP would answer with.
  public func ask(
    keys: UnsafeBufferPointer<OnlineRow.Lent>, given: UnsafeBufferPointer<OnlineRow.Lent>,
    at moment: Instant?, _ body: (borrowing OnlineRow) -> Void
  ) throws(InProcess.Answer) {
    do throws(Problem) {
      guard keys.count == self.keys.count, given.count == self.given.count else {
        throw .wrong("unequal-lengths", "there is a value for each key and what is given", at: nil)
      }
      let moment = moment ?? Instant(microseconds: Clock.microseconds)
      try seats.with({ Held() }) { (held: inout Held) throws(Problem) -> Void in
        if held.edition != store.editionNumber { try renew(&held) }
        do throws(OnlineError) {
          try held.reading?.ask(keys, given, at: moment, body)
        } catch {
          throw .store(StoreRefusal(error))
        }
      }
    } catch {
      throw InProcess.Answer(error)
    }
  }

  /// Takes what is served now.
  private func renew(_ held: inout Held) throws(Problem) {
    let (edition, number) = store.numbered
    guard let edition else { throw .notReady }
    let service = try edition.knownService(service)
    guard service.keys == keys, service.given == given, service.outputs.map(\.field) == outputs,
      let reader = service.reader
    else {
      throw .changedService(service.name)
    }
    held = Held(
      edition: number, reading: Reading(reader: reader, desk: reader.makeDesk()))
  }
}

extension ColumnType {
  /// Whether a value of it is a number, a text or a moment.
  fileprivate var isPlain: Bool {
    switch self {
    case .bool, .int, .double, .string, .time, .bytes: true
    case .list, .vector: false
    }
  }
}
