/// A page of Markdown, as its fenced blocks.
struct MarkdownPage {
  /// Lines between two fences.
  struct Block {
    /// What stands behind the first fence: `console`.
    var kind: String
    /// The lines' places in the page, from 0, without the fences.
    var lines: Range<Int>
    /// What a comment before the fence asks for: `<!-- begins: sample -->`.
    var beginning: String?
  }

  var lines: [String]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var text: String { lines.joined(separator: "\n") }

  var blocks: [Block] {
    var blocks: [Block] = []
    var open: (kind: String, first: Int)?
    var beginning: String?
    for (place, line) in lines.enumerated() {
      if line.hasPrefix("<!-- begins: ") {
        beginning = String(line.dropFirst("<!-- begins: ".count).dropLast(" -->".count))
      }
      guard line.hasPrefix("```") else { continue }
      if let block = open {
        blocks.append(Block(kind: block.kind, lines: block.first..<place, beginning: beginning))
        (open, beginning) = (nil, nil)
      } else {
        open = (String(line.dropFirst(3)), place + 1)
      }
    }
    return blocks
  }

  func lines(of block: Block) -> ArraySlice<String> { lines[block.lines] }
}
