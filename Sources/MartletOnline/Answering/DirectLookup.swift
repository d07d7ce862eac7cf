import MartletColumns
import MartletEngine
import MartletPlan

/// A lookup of features of one set by the caller's keys: one read of one value, which by itself needs no
/// snapshot.
///
/// A class, and below it numbers: whoever asks goes through here, and copies would count references.
final class DirectLookup: Sendable {
  let set: SetPlan

  /// The set's name, for those who are told of troubles.
  private let attempt: String

  /// For each of the set's keys, its place among the caller's and its type.
  private let keys: [Key]
  private let reading: Reading

  private struct Key {
    let place: Int
    let kind: LoneRow.Kind
  }

  private enum Reading {
    case lone(LoneReading)
    case swept(SweptReading)
  }

  /// What became of a read.
  enum Outcome {
    /// The outputs are filled in.
    case filled

    /// The value lies in chapters, which are read from one point in the store's history.
    case isInChapters

    /// It has to be answered the other way.
    case otherWay
  }

  /// A lookup of the features called `names`, each into one of `slots`; `nil` where its keys are not the
  /// caller's, or its values cannot be read this way.
  init?(
    _ lookup: ServicePlan.Lookup, of names: [String], into slots: [Int], _ service: ServicePlan,
    _ plan: Plan
  ) {
    guard let set = plan.set(lookup.set) else { return nil }
    var keys: [Key] = []
    for (key, field) in zip(lookup.keys, set.keys) {
      guard case .caller(let name) = key, let kind = LoneRow.Kind(field.type),
        let place = service.keys.firstIndex(where: { $0.name == name })
      else { return nil }
      keys.append(Key(place: place, kind: kind))
    }
    let features = names.compactMap { name in set.features.firstIndex { $0.name == name } }
    guard keys.count == set.keys.count, features.count == names.count else { return nil }
    if let lone = LoneReading(set, features: features, into: slots) {
      reading = .lone(lone)
    } else if let swept = SweptReading(set, features: features, into: slots) {
      reading = .swept(swept)
    } else {
      return nil
    }
    self.set = set
    self.keys = keys
    attempt = "reading `\(set.name)` of an entity"
  }

  /// What a thread needs to sweep over values; `nil` where nothing is swept.
  func makeSweep() -> WindowSweep? {
    if case .swept = reading { WindowSweep(set) } else { nil }
  }

  /// Makes `bytes` the key of an entity in `table`; says `false` where a part of it is null or of another
  /// type.
  func key(
    _ values: UnsafeBufferPointer<OnlineRow.Lent>, in table: UInt64, _ bytes: inout [UInt8]
  ) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(bigEndian: table)
    for key in keys {
      guard key.place < values.count,
        EntityKey.append(values[key.place], of: key.kind, to: &bytes)
      else { return false }
    }
    return true
  }

  /// Reads the value of `key` into `row`, which is missing all of it.
  ///
  /// - Parameter isStill: Whether `reader` stays at one point in the store's history.
  func read(
    _ key: [UInt8], by reader: any KeyValueReader, isStill: Bool, at question: Instant,
    _ sweep: WindowSweep?, into row: inout OnlineRow
  ) throws(OnlineError) -> Outcome {
    var outcome = Outcome.otherWay
    try withBytes(of: key) { (bytes) throws(OnlineError) in
      try reader.readRows(bytes) { (value, isChecked) throws(OnlineError) in
        if !isStill, let value, RowIndex.isContents(value) {
          outcome = .isInChapters
          return
        }
        do throws(RowsError) {
          let isFilled =
            switch (reading, sweep) {
            case (.lone(let lone), _):
              try lone.fill(&row, from: value, isChecked: isChecked, at: question)
            case (.swept(let swept), let sweep?):
              try swept.fill(
                &row, from: value, of: isStill ? EntityReader(reader: reader, key: key) : nil,
                isChecked: isChecked, by: sweep, at: question)
            case (.swept, nil): false
            }
          if isFilled { outcome = .filled }
        } catch {
          throw OnlineError(attempt, .damaged("the \(error.part) of its rows"))
        }
      }
    }
    return outcome
  }
}
