public import MartletDiagnostics

/// The one layout of a file's text; `nil` where it cannot be read, with the findings that say why.
public func format(_ file: TextFile) -> Checked<String?> {
  let tree = parse(file, number: 0)
  guard !tree.findings.containError else { return Checked(nil, findings: tree.findings) }
  var formatter = Formatter(file)
  formatter.write(tree.value)
  return Checked(formatter.text, findings: tree.findings)
}

/// Writes a tree in the one layout: four blanks of indentation, one blank line between declarations,
/// and in each paragraph the parts of like lines below each other.
///
///     at    event_time            # clauses, by their words
///     known ingested_at
///
///     amount: double              # columns, by their types
///     status: string
///
///     spend    = sum(euros)  over 1h, 24h
///     lifetime = sum(euros)
struct Formatter {
  private let file: TextFile
  private(set) var text = ""

  init(_ file: TextFile) { self.file = file }

  mutating func write(_ tree: SyntaxTree) {
    var previous: Declaration?
    for declaration in tree.declarations {
      if let previous, needsBlankLine(between: previous, and: declaration) { text += "\n" }
      comments(declaration.surroundings.before, indent: "", isFirst: previous == nil)
      write(declaration)
      previous = declaration
    }
    if !tree.closingComments.isEmpty, previous != nil,
      tree.closingComments[0].isAfterBlankLine
    {
      text += "\n"
    }
    comments(tree.closingComments, indent: "", isFirst: true)
  }

  /// Declarations of one line may stand together.
  private func needsBlankLine(between one: Declaration, and other: Declaration) -> Bool {
    one.body != nil || other.body != nil || other.surroundings.isAfterBlankLine
  }

  private mutating func comments(_ comments: [Comment], indent: String, isFirst: Bool) {
    for (index, comment) in comments.enumerated() {
      if comment.isAfterBlankLine, index > 0 { text += "\n" }
      text += indent + comment.text + "\n"
    }
  }

  // MARK: Declarations

  private mutating func write(_ declaration: Declaration) {
    let surroundings = declaration.surroundings
    if let last = surroundings.before.last, last.hasOwnLine,
      isBlankLine(between: last.range, and: declaration.keyword)
    {
      text += "\n"
    }
    text += head(of: declaration)
    guard let body = declaration.body else {
      text += (surroundings.beside.map { "  " + $0.text } ?? "") + "\n"
      return
    }
    text += " {" + (body.openingComment.map { "  " + $0.text } ?? "") + "\n"
    write(body)
    text += "}" + (surroundings.beside.map { "  " + $0.text } ?? "") + "\n"
  }

  private func isBlankLine(between one: TextRange, and other: TextRange) -> Bool {
    guard one.end <= other.start else { return false }
    return file.line(at: Int(other.start)) > file.line(at: Int(one.start)) + 1
  }

  private func head(of declaration: Declaration) -> String {
    var result = declaration.kind.rawValue
    if let name = declaration.name { result += " " + name.written }
    let head = declaration.head
    if declaration.kind == .entity { return result + parameters(head) }
    if let entity = head.entity { result += " of " + entity.written }
    if let source = head.source { result += " from " + source.written }
    if !head.keyColumns.isEmpty {
      result += " by " + head.keyColumns.map(\.written).joined(separator: ", ")
    }
    if head.parametersRange != nil { result += " given " + parameters(head) }
    return result
  }

  private func parameters(_ head: Declaration.Head) -> String {
    let parts = head.parameters.map { "\($0.name.written): \($0.type.written)" }
    return "(" + parts.joined(separator: ", ") + ")"
  }

  // MARK: Statements

  private mutating func write(_ body: Declaration.Body) {
    var paragraph: [Line] = []
    for (index, statement) in body.statements.enumerated() {
      let line = Line(statement, file)
      let surroundings = statement.surroundings
      let begins = surroundings.isAfterBlankLine && index > 0
      if begins || !surroundings.before.isEmpty || paragraph.last?.shape != line.shape {
        flush(&paragraph)
      }
      if begins { text += "\n" }
      comments(surroundings.before, indent: Formatter.indent, isFirst: index == 0)
      if let last = surroundings.before.last, last.hasOwnLine,
        isBlankLine(between: last.range, and: statement.range)
      {
        text += "\n"
      }
      paragraph.append(line)
    }
    flush(&paragraph)
    if let first = body.closingComments.first {
      if first.isAfterBlankLine, !body.statements.isEmpty { text += "\n" }
      comments(body.closingComments, indent: Formatter.indent, isFirst: true)
    }
  }

  static let indent = "    "
  static let width = 100

  /// Writes the lines of one paragraph with their cells below each other.
  private mutating func flush(_ paragraph: inout [Line]) {
    defer { paragraph = [] }
    let lines = Line.aligned(paragraph)
    let commented = zip(lines, paragraph).filter { $1.comment != nil && !$0.contains("\n") }
    let column = commented.map { $0.0.displayWidth }.filter { $0 <= 80 }.max() ?? 0
    for (line, source) in zip(lines, paragraph) {
      text += Formatter.indent + line
      if let comment = source.comment {
        let last = line.split(separator: "\n").last ?? ""
        text +=
          String(repeating: " ", count: max(0, column - last.displayWidth)) + "  " + comment.text
      }
      text += "\n"
    }
  }
}

extension Name {
  /// The name as it is written: in backquotes where it would be read as something else.
  var written: String {
    let isWord = text.utf8.first?.startsWord == true && text.utf8.allSatisfy(\.continuesWord)
    return isWord && Token.reservedWords[text] == nil ? text : "`\(text)`"
  }
}

extension TextLiteral {
  var written: String {
    var result = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(character)
      }
    }
    return result + "\""
  }
}

extension TypeSyntax {
  var written: String {
    switch self {
    case .named(let name): name.written
    case .list(let element, _): "list of \(element.written)"
    case .vector(let width, _): "vector(\(width))"
    }
  }
}
