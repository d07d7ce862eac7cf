import MartletColumns

extension ServicePlan {
  /// The names of the caller's keys and values without which output `output` is not known.
  ///
  /// A service is asked as a whole and takes all that it lists; whoever asks about one of its columns
  /// need not make up what only the others use.
  public func callerNames(behind output: Int) -> Set<String> {
    // By the values' numbers.
    var names: [Set<String>] = []
    for stage in stages {
      switch stage {
      case .lookup(let lookup):
        var keys: Set<String> = []
        for key in lookup.keys {
          switch key {
          case .caller(let name): keys.insert(name)
          case .value(let number): keys.formUnion(names[number])
          }
        }
        names += lookup.features.map { _ in keys }
      case .computation(let computation):
        let needs = computation.results.map { computation.calculation.inputs(behind: $0) }
        names += needs.map { inputs in
          var all: Set<String> = []
          for input in inputs {
            if case .given(let name) = input { all.insert(name) }
            if let number = computation.inputs[input] { all.formUnion(names[number]) }
          }
          return all
        }
      }
    }
    return names[outputs[output].value]
  }

  /// The output that is feature `feature` of `set`, if there is one.
  public func output(of feature: String, in set: String) -> Int? {
    var features: [(set: String, name: String)] = []
    for stage in stages {
      switch stage {
      case .lookup(let lookup): features += lookup.features.map { (lookup.set, $0.name) }
      case .computation(let computation):
        features += computation.features.map { (computation.set, $0.name) }
      }
    }
    return outputs.firstIndex { features[$0.value] == (set, feature) }
  }
}

extension Calculation {
  /// What must come from outside for step `step` alone.
  fileprivate func inputs(behind step: Int) -> Set<Input> {
    var inputs: Set<Input> = []
    var seen: Set<Int> = []
    var waiting = [step]
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted else { continue }
      if case .input(let input) = steps[next].kind { inputs.insert(input) }
      waiting += steps[next].operands
    }
    return inputs
  }
}
