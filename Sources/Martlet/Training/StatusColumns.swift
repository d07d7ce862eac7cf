import MartletAggregates
public import MartletColumns
public import MartletEngine
public import MartletPlan

/// The statuses of a service's answers, a compact column for each feature set.
///
/// A row's text has a letter for each of the set's outputs, in the service's order: `p` present, `n`
/// null, `m` missing, `x` expired. Few texts differ, so that a file takes next to nothing for them.
public enum StatusColumns {
  /// The columns, called `SET__status`, in the order in which the service first names each set.
  public static func columns(
    _ service: ServicePlan, _ answers: ServiceAnswers
  ) -> (fields: [Field], columns: [Column]) {
    var sets: [String] = []
    for stage in service.stages {
      switch stage {
      case .lookup(let lookup): sets += lookup.features.map { _ in lookup.set }
      case .computation(let computation): sets += computation.features.map { _ in computation.set }
      }
    }
    var names: [String] = []
    var places: [String: [Int]] = [:]
    for (place, output) in service.outputs.enumerated() {
      let set = sets[output.value]
      if places[set] == nil { names.append(set) }
      places[set, default: []].append(place)
    }
    let columns = names.map { name in
      column((places[name] ?? []).map { answers.statuses[$0] }, rowCount: answers.statuses[0].count)
    }
    return (names.map { Field("\($0)__status", .string) }, columns)
  }

  /// The letters of some outputs, for each row.
  private static func column(_ statuses: [AnswerStatuses], rowCount: Int) -> Column {
    var texts = StringsBuilder(capacity: rowCount, byteCapacity: rowCount * statuses.count)
    var letters = [UInt8](repeating: 0, count: statuses.count)
    for row in 0..<rowCount {
      for (place, status) in statuses.enumerated() { letters[place] = status[row].letter }
      letters.withUnsafeBytes { texts.append($0) }
    }
    return Column(.string(texts.finish()))
  }
}

extension ValueStatus {
  /// The letter that stands for it.
  var letter: UInt8 {
    switch self {
    case .present: UInt8(ascii: "p")
    case .null: UInt8(ascii: "n")
    case .missing: UInt8(ascii: "m")
    case .expired: UInt8(ascii: "x")
    }
  }
}
