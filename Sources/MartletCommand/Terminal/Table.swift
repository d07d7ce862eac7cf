import MartletDiagnostics

/// Rows of text under headings, aligned by what a terminal shows.
///
///     Library  Version  Codecs
///     RocksDB  7.8.3    snappy, zlib, lz4, zstd
///     zstd     1.5.4
struct Table {
  private var headings: [Heading]
  private var rows: [[String]] = []

  /// A column's title, and the side its cells lean to.
  struct Heading {
    var title: String
    var side: Side

    enum Side { case left, right }

    /// For words.
    static func left(_ title: String) -> Heading { Heading(title: title, side: .left) }

    /// For numbers.
    static func right(_ title: String) -> Heading { Heading(title: title, side: .right) }
  }

  init(_ headings: Heading...) { self.init(headings) }

  init(_ headings: [Heading]) { self.headings = headings }

  /// Adds a row, a cell for each heading.
  mutating func append(_ cells: String...) { append(cells) }

  /// Adds a row, a cell for each heading.
  mutating func append(_ cells: [String]) {
    precondition(cells.count == headings.count, "a row has a cell for each heading")
    rows.append(cells.map { Paint.plain($0) })
  }

  /// The table's lines, the widest columns cut until it fits in `columns`.
  func lines(columns: Int?, paint: Paint = .plain) -> [String] {
    let titles = headings.map(\.title)
    let widths = widths(of: [titles] + rows, within: columns)
    return [paint(line(titles, widths), .title)] + rows.map { line($0, widths) }
  }

  /// How wide the table is where nothing is cut.
  var width: Int {
    let widths = widths(of: [headings.map(\.title)] + rows, within: nil)
    return widths.reduce(0, +) + Self.gap.count * max(0, widths.count - 1)
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (column, cell) in cells.enumerated() {
      let cell = cut(cell, toColumns: widths[column])
      let padding = String(repeating: " ", count: widths[column] - cell.displayWidth)
      text += column > 0 ? Self.gap : ""
      text += headings[column].side == .left ? cell + padding : padding + cell
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  private static let gap = "  "

  /// Each column's width: that of its widest cell, less where the table would be too wide.
  private func widths(of rows: [[String]], within columns: Int?) -> [Int] {
    var widths = headings.indices.map { column in
      rows.lazy.map { $0[column].displayWidth }.max() ?? 0
    }
    guard let columns else { return widths }
    let room = columns - Self.gap.count * (widths.count - 1)
    while widths.reduce(0, +) > room,
      let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > 1
    {
      widths[widest] -= 1
    }
    return widths
  }
}
