import MartletColumns
import MartletLanguage

// Plans as text, for `martlet show --plan` and for tests: one fact a line, in the order in which things
// are done. `#3` is the third step of the calculation above it.

extension Plan: CustomStringConvertible {
  /// Everything, an empty line between the parts.
  public var description: String {
    (sources.map(\.description) + sets.map(\.description) + services.map(\.description))
      .joined(separator: "\n\n")
  }
}

extension SourcePlan: CustomStringConvertible {
  /// The columns, and what is expected of each row.
  public var description: String {
    var text = PlanText("source \(name)")
    text.add("columns", fields: schema.fields)
    text.add(calculation)
    for expectation in expectations {
      text.add("expect", "#\(expectation.step) or \(expectation.reaction.rawValue)")
    }
    return text.text
  }
}

/// Lines below a heading.
struct PlanText {
  private(set) var text: String

  init(_ heading: String) { text = heading }

  /// A line: what it is about, and what is to be said of it.
  mutating func add(_ word: String, _ rest: String) {
    text += "\n  " + word + String(repeating: " ", count: max(1, 10 - word.count)) + rest
  }

  mutating func add(_ word: String, fields: [Field]) {
    add(word, fields.isEmpty ? "none" : fields.map(\.written).joined(separator: ", "))
  }

  /// The steps, further in.
  mutating func add(_ calculation: Calculation) {
    for line in calculation.description.split(separator: "\n") { text += "\n      " + line }
  }
}

extension Field {
  /// The field as the language writes it.
  var written: String { "\(name): \(type)" }
}
