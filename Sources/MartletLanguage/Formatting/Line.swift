import MartletDiagnostics

/// A statement cut into the cells that stand below those of its neighbours.
struct Line {
  /// Lines of one shape are aligned with each other.
  enum Shape { case clause, column, feature, item, broken }

  let shape: Shape
  let cells: [String]
  let comment: Comment?

  init(_ statement: Statement, _ file: TextFile) {
    comment = statement.surroundings.beside
    let layout = ExpressionLayout(file)
    switch statement.kind {
    case .column(let name, let type, let label):
      shape = .column
      cells = [name.written + ":", type.written + (label == nil ? "" : " label")]
    case .feature(let feature):
      shape = .feature
      cells = Line.cells(of: feature, layout)
    case .item(let item):
      shape = .item
      cells = Line.cells(of: item)
    case .broken:
      shape = .broken
      cells = [file.text(in: statement.range)]
    default:
      shape = .clause
      let word = statement.kind.word?.rawValue ?? ""
      cells = [word, Line.clause(statement.kind, layout, indent: word.count + 1)]
    }
  }

  private static func cells(of feature: FeatureSyntax, _ layout: ExpressionLayout) -> [String] {
    guard let value = feature.value else { return [feature.name.written] }
    let tail = feature.over.map { Line.over($0) }
    let room = Formatter.width - feature.name.written.count - 7 - (tail?.count ?? -1)
    return [feature.name.written, "= " + layout.text(of: value, room: room)]
      + (tail.map { [$0] } ?? [])
  }

  private static func over(_ over: FeatureSyntax.Over) -> String {
    let windows = over.all == nil ? over.windows.map(\.written).joined(separator: ", ") : "all"
    return "over " + windows + (over.step.map { " step \($0.written)" } ?? "")
  }

  private static func cells(of item: ServiceItemSyntax) -> [String] {
    var first = item.set.written + "." + (item.feature?.written ?? "*")
    if !item.except.isEmpty {
      first += " except " + item.except.map(\.written).joined(separator: ", ")
    }
    if !item.keys.isEmpty {
      let keys = item.keys.map { ($0.set.map { $0.written + "." } ?? "") + $0.name.written }
      first += " by " + keys.joined(separator: ", ")
    }
    guard let alias = item.alias else { return [first] }
    return [first, "as " + alias.name.written + (alias.hasStar ? "*" : "")]
  }

  /// What follows the word of a clause.
  private static func clause(
    _ kind: Statement.Kind, _ layout: ExpressionLayout, indent: Int
  ) -> String {
    let room = Formatter.width - 4 - indent
    let list = { (texts: [TextLiteral]) in texts.map(\.written).joined(separator: ", ") }
    switch kind {
    case .from(.pushes): return "pushes"
    case .from(.files(let paths, let table)):
      return list(paths) + (table.map { " table " + $0.written } ?? "")
    case .at(let name), .known(.column(let name)): return name.written
    case .known(.after(let length)): return "after " + length.written
    case .id(let names): return names.map(\.written).joined(separator: ", ")
    case .deleted(let condition): return "when " + layout.text(of: condition, room: room - 5)
    case .retain(let quantity), .keep(let quantity), .every(let quantity), .fresh(let quantity),
      .memory(let quantity):
      return quantity.written
    case .zone(let text), .store(let text), .owner(let text), .about(let text): return text.written
    case .expect(let condition, let reaction, _):
      return layout.text(of: condition, room: room - 8) + " or " + reaction.rawValue
    case .where(let condition): return layout.text(of: condition, room: room)
    case .let(let name, let value):
      return name.written + " = " + layout.text(of: value, room: room - name.written.count - 3)
    case .cron(let line, let zone): return line.written + (zone.map { " zone " + $0.written } ?? "")
    case .tags(let texts): return list(texts)
    case .onNewData: return "new data"
    case .on(let events):
      return events.map { $0.name.written + ($0.limit.map { " over \($0)" } ?? "") }
        .joined(separator: ", ")
    case .of(let names): return names.map(\.written).joined(separator: ", ")
    case .run(let text), .post(let text): return text.written
    case .column, .feature, .item, .broken: return ""
    }
  }

  /// How wide a column must be; its last cells need no room behind them.
  private static func width(ofColumn column: Int, in lines: [Line]) -> Int {
    var width = 0
    for line in lines where line.cells.count > column + 1 && !line.cells[column].contains("\n") {
      let own = line.cells[column].displayWidth
      if own <= 48 { width = max(width, own) }
    }
    return width
  }

  /// The lines with their cells below each other. A cell of several lines, or one that is very long,
  /// moves no other.
  static func aligned(_ lines: [Line]) -> [String] {
    let columnCount = lines.map(\.cells.count).max() ?? 0
    let widths = (0..<columnCount).map { width(ofColumn: $0, in: lines) }
    return lines.map { line in
      var result = ""
      for (column, cell) in line.cells.enumerated() {
        result += cell
        guard column + 1 < line.cells.count else { break }
        let isShort = !cell.contains("\n")
        result += String(
          repeating: " ", count: isShort ? max(0, widths[column] - cell.displayWidth) : 0)
        result += " "
      }
      return result
    }
  }
}
