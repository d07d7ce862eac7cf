import MartletColumns

extension ServicePlan: CustomStringConvertible {
  /// What the caller names, the stages in their order with the values that each gives, and the answer.
  public var description: String {
    var text = PlanText("service \(name)")
    text.add("keys", fields: keys)
    if !given.isEmpty { text.add("given", fields: given) }
    var nextValue = 0
    func values(_ features: [Field]) -> String {
      let words = features.enumerated().map { place, feature in
        "value \(nextValue + place) = \(feature.written)"
      }
      nextValue += features.count
      return words.joined(separator: ", ")
    }
    for stage in stages {
      switch stage {
      case .lookup(let lookup):
        let keys = lookup.keys.map(\.written).joined(separator: ", ")
        text.add("look up", "\(lookup.set) by \(keys): \(values(lookup.features))")
      case .computation(let computation):
        text.add("work out", "\(computation.set): \(values(computation.features))")
        text.add(computation.calculation)
        let inputs = computation.inputs.sorted { $0.value < $1.value }
        for (input, value) in inputs { text.add("with", "\(input) from value \(value)") }
        let results = zip(computation.features, computation.results).map { "\($0.name) #\($1)" }
        text.add("giving", results.joined(separator: ", "))
      }
    }
    for output in outputs {
      text.add("answer", "\(output.name): \(output.type) is value \(output.value)")
    }
    return text.text
  }
}

extension ServicePlan.Key {
  fileprivate var written: String {
    switch self {
    case .caller(let name): "the caller's \(name)"
    case .value(let number): "value \(number)"
    }
  }
}
