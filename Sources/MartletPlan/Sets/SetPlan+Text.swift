import MartletAggregates
import MartletColumns
import MartletLanguage

extension SetPlan: CustomStringConvertible {
  /// What is kept of each row, then how a question is answered from what is kept.
  public var description: String {
    let kind = visibility == .states ? "states" : "events"
    var text = PlanText("set \(name) of \(entity) from \(kind) \(source)")
    text.add("rows", "of the source")
    text.add(rows.calculation)
    if let filter = rows.filter { text.add("where", "#\(filter)") }
    let keys = zip(self.keys, rows.keys).map { "\($0.written) #\($1)" }
    text.add("keys", keys.joined(separator: ", "))
    text.add("time", "#\(rows.time)")
    switch rows.known {
    case nil: break
    case .at(let step): text.add("known", "#\(step)")
    case .after(let length): text.add("known", "after \(length)")
    }
    if let deleted = rows.deleted { text.add("deleted", "when #\(deleted)") }
    if !rows.id.isEmpty {
      text.add("id", rows.id.map { "#\($0)" }.joined(separator: ", "))
    }
    for (place, (step, name)) in zip(rows.values, rows.valueNames).enumerated() {
      text.add("value \(place)", "\(name) #\(step)")
    }
    text.add("columns", fields: schema.fields)
    switch answer {
    case .states(let plan): text.add(plan)
    case .events(let plan): text.add(plan)
    }
    return text.text
  }
}

extension PlanText {
  fileprivate mutating func add(_ plan: StatePlan) {
    add("keep", plan.keep.map { "\($0)" } ?? "for ever")
    for feature in plan.features {
      add("feature", "\(feature.name): \(feature.type) is value \(feature.place)")
    }
  }

  fileprivate mutating func add(_ plan: WindowPlan) {
    for (place, window) in plan.windows.enumerated() { add("window \(place)", window.written) }
    for (place, measure) in plan.measures.enumerated() {
      add("measure \(place)", measure.written)
    }
    for feature in plan.features {
      add(
        "feature",
        "\(feature.name): \(feature.type) is measure \(feature.place.measure)"
          + " in window \(feature.place.window)")
    }
  }
}

extension Window {
  /// The window as the language writes it.
  fileprivate var written: String {
    switch self {
    case .all: "all"
    case .last(let length, step: nil): "\(length)"
    case .last(let length, let step?): "\(length) step \(step)"
    }
  }
}

extension WindowPlan.Measure {
  /// `sum(value 0 where value 1): double`
  fileprivate var written: String {
    var arguments = value.map { "value \($0)" } ?? ""
    switch parameter {
    case nil: break
    case .count(let count): arguments += ", \(count)"
    case .fraction(let fraction): arguments += ", \(fraction)"
    case .halfLife(let length): arguments += ", \(length)"
    }
    if let filter { arguments += (arguments.isEmpty ? "" : " ") + "where value \(filter)" }
    return "\(function.rawValue)(\(arguments)): \(type)"
  }
}
