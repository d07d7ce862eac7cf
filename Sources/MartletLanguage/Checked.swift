public import MartletDiagnostics

/// What a stage made of its input, as far as it could, and everything it found on the way.
public struct Checked<Value> {
  /// What was made; whole only where no finding is an error.
  public var value: Value

  /// What was found, in the order of finding.
  public var findings: [Diagnostic]

  /// `value` together with `findings`.
  public init(_ value: Value, findings: [Diagnostic] = []) {
    self.value = value
    self.findings = findings
  }
}

extension Checked {
  /// Hands the value to the next stage and keeps the findings of both.
  public func then<Next>(_ stage: (Value) -> Checked<Next>) -> Checked<Next> {
    let next = stage(value)
    return Checked<Next>(next.value, findings: findings + next.findings)
  }
}

extension Checked: Sendable where Value: Sendable {}
