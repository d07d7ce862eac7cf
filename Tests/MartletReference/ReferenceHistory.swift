/// Rows of one entity as a test writes them, by event time, and what each brings.
public struct ReferenceHistory<Input> {
  public var times: [ReferenceTimes]
  public var inputs: [Input]

  public init(times: [ReferenceTimes], inputs: [Input]) {
    self.times = times
    self.inputs = inputs
  }

  /// What the rows bring that a feature over `window` sees at `question`, in their order.
  public func seen(in window: ReferenceWindow, at question: Int64) -> [Input] {
    referenceEvents(times, in: window, at: question).map { inputs[$0] }
  }
}
