/// A row of marks below a line of text: carets, dashes, bars and words, each at its column.
struct MarkRow {
  private var cells: [(sign: Character, ink: Ink)] = []

  /// Puts `sign` on every one of `columns`.
  mutating func fill(_ columns: Range<Int>, with sign: Character, _ ink: Ink) {
    for column in columns {
      while cells.count <= column { cells.append((" ", .text)) }
      cells[column] = (sign, ink)
    }
  }

  /// Puts `sign` at `column`.
  mutating func put(_ sign: Character, at column: Int, _ ink: Ink) {
    fill(column..<column + 1, with: sign, ink)
  }

  /// Writes `words` from `column` on; nothing may stand behind them.
  mutating func write(_ words: String, at column: Int, _ ink: Ink) {
    while cells.count < column { cells.append((" ", .text)) }
    cells.removeSubrange(column...)
    cells += words.map { ($0, ink) }
  }

  /// The column just behind the last mark.
  var end: Int { cells.count }

  /// The row with its colours, neighbours of one ink painted together.
  func painted(_ paint: Paint) -> String {
    var result = ""
    var run = ""
    var ink = Ink.text
    for cell in cells {
      if cell.ink != ink {
        result += paint(run, ink)
        run = ""
        ink = cell.ink
      }
      run.append(cell.sign)
    }
    return result + paint(run, ink)
  }
}
