import MartletDiagnostics

extension JSON {
  /// A document as lines for people: a name and its value a line, what lies within it further in.
  ///
  ///     files: 1
  ///     sets:
  ///       set: spending
  ///       new_files: 1
  ///
  /// Members without a value, or with nothing in them, are left out.
  var outline: [String] {
    switch self {
    case .object(let members): members.flatMap(\.outline)
    case .array(let values):
      Array(values.map(\.outline).joined(separator: values.contains(where: \.isNested) ? [""] : []))
    default: [word]
    }
  }

  private var isNested: Bool {
    switch self {
    case .object, .array: true
    default: false
    }
  }

  fileprivate var isEmpty: Bool {
    switch self {
    case .null: true
    case .object(let members): members.allSatisfy { $0.value.isEmpty }
    case .array(let values): values.isEmpty
    default: false
    }
  }

  /// A value as it stands behind its name; `nil` where it takes lines of its own.
  fileprivate var inline: String? {
    switch self {
    case .object: nil
    case .array(let values):
      values.contains(where: \.isNested) ? nil : values.map(\.word).joined(separator: ", ")
    default: word
    }
  }

  private var word: String {
    if case .string(let text) = self { text } else { text }
  }
}

extension JSON {
  /// The lines of a document that was kept as `text`; the text as it is, if it cannot be read.
  static func outline(of text: String) -> [String] {
    // What was kept is shown whatever became of it.
    (try? JSON(reading: text))?.outline ?? [text]
  }
}

extension JSON.Member {
  fileprivate var outline: [String] {
    if value.isEmpty { return [] }
    if let inline = value.inline { return ["\(name): \(inline)"] }
    return ["\(name):"] + value.outline.map { $0.isEmpty ? "" : "  \($0)" }
  }
}
