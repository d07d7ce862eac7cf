import MartletColumns
import MartletDiagnostics
import MartletLanguage
public import MartletSources

/// A source as a first look at its file suggests it: what its author reads over and corrects.
public struct SourceDraft: Sendable {
  /// What was seen of the file.
  public let description: FileDescription

  /// What the source is called.
  public let name: String

  /// What `from` says.
  let path: String

  /// The columns that can be written down, with their types.
  let columns: [Field]

  /// The column with the time of rows, where there is one.
  let time: String?

  /// Whether rows seem to hold until the next of their key.
  let isOfStates: Bool

  /// A source called `name` that reads `path`, of which `description` was seen.
  public init(_ description: FileDescription, name: String, reading path: String) {
    self.description = description
    self.name = name
    self.path = path
    columns = (description.schema?.fields ?? []).filter { Spelling.name($0.name) != nil }
    time = description.timeCandidates.first { Spelling.name($0) != nil }
    let words = ["updated", "changed", "modified", "since", "valid_from", "effective"]
    let lowercased = time?.lowercased() ?? ""
    isOfStates = words.contains { lowercased.contains($0) }
  }

  /// The same under another name.
  public func renamed(_ name: String) -> SourceDraft {
    SourceDraft(description, name: name, reading: path)
  }

  /// The column that names a row, where one seems to.
  var id: String? { isOfStates ? nil : description.idCandidates.first }

  /// The columns that may be keys of entities.
  var keys: [Field] {
    var names = description.keyCandidates
    // A file of states may have one row for each key so far.
    if isOfStates { names += description.idCandidates }
    return columns.filter { names.contains($0.name) && $0.name != id }
  }

  /// The definition, in the one layout.
  public var text: String {
    let rows = description.rowCount == 1 ? "row" : "rows"
    let seen = description.isWhole ? "the" : "the first"
    var lines = ["# As \(seen) \(description.rowCount) \(rows) of the file suggest."]
    lines.append("\(isOfStates ? "states" : "events") \(name) {")
    lines.append("from \(Spelling.text(path))")
    if let time = time.flatMap({ Spelling.name($0) }) {
      lines.append("at \(time)")
    } else {
      lines.append("# at …: no column holds times; name the one that says when a row happened")
    }
    if let id = id.flatMap({ Spelling.name($0) }) { lines.append("id \(id)") }
    lines.append("")
    for column in description.columns { lines += line(of: column) }
    lines.append("}")
    let text = lines.joined(separator: "\n") + "\n"
    return format(TextFile(path: name, text: text)).value ?? text
  }

  private func line(of column: FileDescription.Column) -> [String] {
    guard let field = columns.first(where: { $0.name == column.name }),
      let name = Spelling.name(column.name)
    else {
      let shown = String(decoding: column.name.utf8.map { $0 < 32 ? 63 : $0 }, as: UTF8.self)
      return ["# \(shown): \(column.remark ?? "the name cannot be written in definitions")"]
    }
    var remarks: [String] = column.remark.map { [$0] } ?? []
    if column.nullCount > 0, column.remark == nil { remarks.append("\(column.nullCount) null") }
    if column.isDistinct, column.name == id { remarks.append("no two alike") }
    let comment = remarks.isEmpty ? "" : "  # " + remarks.joined(separator: ", ")
    return ["\(name): \(field.type)\(comment)"]
  }
}

extension SourceDraft {
  /// A name for a source that reads `path`: the file's, or its folder's where the file's is a pattern.
  public static func name(for path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    let stems = parts.reversed().map { part in
      String(part.prefix { $0 != "." }).lowercased()
    }
    for stem in stems {
      let word = stem.utf8.map { byte -> UInt8 in
        let isLetter = 97...122 ~= byte
        return isLetter || 48...57 ~= byte ? byte : UInt8(ascii: "_")
      }
      let name = String(decoding: word.drop { !(97...122 ~= $0) }, as: UTF8.self)
      let trimmed = name.split(separator: "_").joined(separator: "_")
      if !trimmed.isEmpty { return trimmed }
    }
    return "rows"
  }
}
