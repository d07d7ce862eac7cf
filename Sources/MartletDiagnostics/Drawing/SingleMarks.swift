/// The marks of the labels that begin and end on one line.
///
/// The last message stands beside its marks when nothing is to their right; the others hang below,
/// the rightmost first:
///
///     12 │     refunds = sum(status) over 7d
///        │     ------- - ^^^ adds numbers only
///        │     │       │
///        │     │       the equals sign
///        │     the feature
struct SingleMarks {
  private let marks: [Mark]

  private struct Mark {
    var columns: Range<Int>
    var sign: Character
    var ink: Ink
    var message: String
  }

  init(_ labels: [Diagnostic.Label], _ line: DrawnLine, indent: Int, ink: Ink) {
    marks = labels.map { label in
      let start = indent + line.column(of: Int(label.range.start))
      let end = indent + line.column(of: Int(label.range.end))
      let isPrimary = label.role == .primary
      return Mark(
        columns: start..<max(end, start + 1), sign: isPrimary ? "^" : "-",
        ink: isPrimary ? ink : .frame, message: label.message)
    }.sorted {
      ($0.columns.lowerBound, $0.columns.upperBound) < (
        $1.columns.lowerBound, $1.columns.upperBound
      )
    }
  }

  func rows() -> [MarkRow] {
    guard let last = marks.last else { return [] }
    var first = MarkRow()
    for mark in marks where mark.sign == "-" { first.fill(mark.columns, with: "-", mark.ink) }
    for mark in marks where mark.sign == "^" { first.fill(mark.columns, with: "^", mark.ink) }
    let isAlone = marks.dropLast().allSatisfy { $0.columns.upperBound <= last.columns.lowerBound }
    var hanging = marks
    if isAlone {
      hanging.removeLast()
      if !last.message.isEmpty { first.write(last.message, at: first.end + 1, last.ink) }
    }
    hanging.removeAll { $0.message.isEmpty }
    guard !hanging.isEmpty else { return [first] }
    var rows = [first, bars(of: hanging)]
    while let mark = hanging.popLast() {
      var row = bars(of: hanging)
      row.write(mark.message, at: mark.columns.lowerBound, mark.ink)
      rows.append(row)
    }
    return rows
  }

  private func bars(of marks: [Mark]) -> MarkRow {
    var row = MarkRow()
    for mark in marks { row.put("│", at: mark.columns.lowerBound, mark.ink) }
    return row
  }
}
