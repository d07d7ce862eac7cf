/// Draws findings for people.
///
///     error[window-outlives-data]: `refunds_90d` looks further back than `refunds` are kept
///        ┌─ featuredefs/orders.martlet:12:32
///        │
///      5 │     retain 60d
///        │     ---------- a refund is dropped after 60 days
///        ·
///     12 │     refunds = count() over 7d, 90d
///        │                                ^^^ needs the last 90 days
///        │
///        = help: keep refunds for as long as the longest window: `retain 90d`
public struct DiagnosticDrawing: Sendable {
  private let files: TextFiles
  private let paint: Paint

  /// Draws findings about `files`.
  public init(of files: TextFiles, paint: Paint = .plain) {
    self.files = files
    self.paint = paint
  }

  /// The drawing of `diagnostic`, ending with a line's end.
  public func draw(_ diagnostic: Diagnostic) -> String {
    let ink: Ink = diagnostic.severity == .error ? .error : .warning
    var lines = [
      paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", ink)
        + paint(": \(diagnostic.title)", .title)
    ]
    let groups = labelsByFile(of: diagnostic)
    let lastLines = groups.flatMap { labels in labels.map { lastLine(of: $0) } }
    let gutter = String((lastLines.max() ?? 0) + 1).count
    for labels in groups {
      let snippet = Snippet(of: labels, in: files[labels[0].range], ink: ink, paint: paint)
      lines += snippet.lines(gutter: gutter)
    }
    let margin = String(repeating: " ", count: gutter + 1)
    if !groups.isEmpty, !(diagnostic.helps.isEmpty && diagnostic.notes.isEmpty) {
      lines.append(margin + paint("│", .frame))
    }
    for help in diagnostic.helps { lines += advice("help", help, margin: margin) }
    for note in diagnostic.notes { lines += advice("note", note, margin: margin) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The drawings of all of `diagnostics`, an empty line between two.
  public func draw(_ diagnostics: some Sequence<Diagnostic>) -> String {
    diagnostics.map { draw($0) }.joined(separator: "\n")
  }

  /// The labels of each file together, the file of the primary label first.
  private func labelsByFile(of diagnostic: Diagnostic) -> [[Diagnostic.Label]] {
    var order = diagnostic.primary.map { [$0.range.file] } ?? []
    for label in diagnostic.labels where !order.contains(label.range.file) {
      order.append(label.range.file)
    }
    return order.map { file in diagnostic.labels.filter { $0.range.file == file } }
  }

  private func lastLine(of label: Diagnostic.Label) -> Int {
    files[label.range].line(at: Int(label.range.lastOffset))
  }

  /// `= help: …`, with further lines of the text below its first.
  private func advice(_ kind: String, _ text: String, margin: String) -> [String] {
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      index == 0
        ? margin + paint("=", .frame) + " " + paint("\(kind):", .advice) + " " + paint(String(part))
        : margin + String(repeating: " ", count: kind.count + 4) + paint(String(part))
    }
  }
}

extension TextRange {
  /// The offset of the last byte inside, or the start of an empty stretch.
  var lastOffset: UInt32 { isEmpty ? start : end - 1 }
}
