/// The labelled lines of one file.
///
/// A label that spans lines is drawn as a bracket in a margin of its own, left of the text:
///
///     4 │ ╭ events orders {
///       · │
///     9 │ │
///       │ ╰─^ this never ends
struct Snippet {
  private let file: TextFile
  private let ink: Ink
  private let paint: Paint
  private let place: TextRange
  private var single: [Int: [Diagnostic.Label]] = [:]
  private var brackets: [Bracket] = []

  /// A label over several lines.
  private struct Bracket {
    var label: Diagnostic.Label
    var lines: ClosedRange<Int>

    /// Whether only blanks stand before it, so that the bracket can open beside its line.
    var opensLine: Bool
  }

  init(of labels: [Diagnostic.Label], in file: TextFile, ink: Ink, paint: Paint) {
    self.file = file
    self.ink = ink
    self.paint = paint
    place = (labels.first { $0.role == .primary } ?? labels[0]).range
    for label in labels {
      let first = file.line(at: Int(label.range.start))
      let last = file.line(at: Int(label.range.lastOffset))
      if first == last {
        single[first, default: []].append(label)
      } else {
        let before = file.bytes[file.bounds(ofLine: first).lowerBound..<Int(label.range.start)]
        let opensLine = before.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        brackets.append(Bracket(label: label, lines: first...last, opensLine: opensLine))
      }
    }
  }

  /// The snippet's lines, numbers right-aligned in `gutter` columns.
  func lines(gutter: Int) -> [String] {
    let position = file.position(at: Int(place.start))
    let bare = String(repeating: " ", count: gutter)
    let bar = paint("│", .frame)
    var result = [
      "\(bare) \(paint("┌─", .frame)) "
        + paint("\(file.path):\(position.line):\(position.column)"),
      "\(bare) \(bar)",
    ]
    var previous: Int?
    for line in shownLines() {
      if let previous, line > previous + 1 {
        let open = margin { $0.lines.contains(previous) && $0.lines.contains(line) ? "│" : " " }
        result.append(trimmed("\(bare) \(paint("·", .frame)) \(open)"))
      }
      previous = line
      let number = String(line + 1)
      let padding = String(repeating: " ", count: gutter - number.count)
      let drawn = drawnLine(line)
      result.append(
        trimmed("\(padding)\(paint(number, .frame)) \(bar) \(openMargin(of: line))\(drawn.text)"))
      for row in markRows(below: line, drawn) {
        result.append(trimmed("\(bare) \(bar) \(row)"))
      }
    }
    return result
  }

  /// Every line with a label's end on it, and a single line that would otherwise be left out
  /// between two of them.
  private func shownLines() -> [Int] {
    let ends = Set(single.keys).union(
      brackets.flatMap { [$0.lines.lowerBound, $0.lines.upperBound] })
    let sorted = ends.sorted()
    let between = zip(sorted, sorted.dropFirst()).filter { $1 - $0 == 2 }.map { $0.0 + 1 }
    return (sorted + between).sorted()
  }

  private func drawnLine(_ line: Int) -> DrawnLine {
    let bounds = file.bounds(ofLine: line)
    let starts = (single[line] ?? []).map { Int($0.range.start) }
    let ends = brackets.filter { $0.lines.upperBound == line }.map { Int($0.label.range.end) }
    return DrawnLine(bounds, of: file, keeping: (starts + ends).min() ?? bounds.lowerBound)
  }

  private func ink(of label: Diagnostic.Label) -> Ink { label.role == .primary ? ink : .frame }

  // MARK: The margin of brackets

  private func margin(_ sign: (Bracket) -> String) -> String {
    brackets.map { paint(sign($0), ink(of: $0.label)) + " " }.joined()
  }

  private func openMargin(of line: Int) -> String {
    margin { bracket in
      if line == bracket.lines.lowerBound { return bracket.opensLine ? "╭" : " " }
      return bracket.lines.contains(line) ? "│" : " "
    }
  }

  /// The bars of the brackets that are open below the marks of `line`, as cells of `row`.
  private func putMargin(_ row: inout MarkRow, below line: Int, closed: Set<Int>, opened: Set<Int>)
  {
    for (index, bracket) in brackets.enumerated() {
      let open =
        line == bracket.lines.lowerBound
        ? bracket.opensLine || opened.contains(index)
        : bracket.lines.contains(line) && !closed.contains(index)
      if open { row.put("│", at: index * 2, ink(of: bracket.label)) }
    }
  }

  // MARK: Marks

  private func markRows(below line: Int, _ drawn: DrawnLine) -> [String] {
    let indent = brackets.count * 2
    var rows: [MarkRow] = []
    var closed: Set<Int> = []
    var opened: Set<Int> = []
    for var row in SingleMarks(single[line] ?? [], drawn, indent: indent, ink: ink).rows() {
      putMargin(&row, below: line, closed: closed, opened: opened)
      rows.append(row)
    }
    for (index, bracket) in brackets.enumerated() {
      let ink = ink(of: bracket.label)
      let opens = line == bracket.lines.lowerBound && !bracket.opensLine
      guard opens || line == bracket.lines.upperBound else { continue }
      let offset = opens ? Int(bracket.label.range.start) : Int(bracket.label.range.lastOffset)
      let column = indent + drawn.column(of: offset)
      var row = MarkRow()
      putMargin(&row, below: line, closed: closed, opened: opened)
      row.fill(index * 2..<column, with: "─", ink)
      row.put(opens ? "╭" : "╰", at: index * 2, ink)
      row.put(bracket.label.role == .primary ? "^" : "-", at: column, ink)
      if opens {
        opened.insert(index)
      } else {
        closed.insert(index)
        if !bracket.label.message.isEmpty { row.write(bracket.label.message, at: column + 2, ink) }
      }
      rows.append(row)
    }
    return rows.map { $0.painted(paint) }
  }

  private func trimmed(_ line: String) -> String {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return String(line[...last])
  }
}
