import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletOnline
import MartletPlan

extension Explanation {
  /// Writes the explanation for people, of each part the newest `limit` rows.
  func show(on invocation: Invocation, limit: Int) throws {
    let out = invocation.output
    try out.line("\(output.name): \(output.type)")
    try out.line("  online   " + (online?.shown ?? withoutOnline ?? "not asked"))
    try out.line("  offline  " + (offline?.shown ?? "not all of it is materialized"))
    for part in parts {
      let keys = zip(part.set.keys, part.keys).map { "\($0.name) = \($1.shown)" }
      try out.line("")
      try out.line(
        "\(part.set.name).\(part.field.name) of \(keys.joined(separator: ", ")) at \(part.at)")
      if let answer = part.online { try out.line("  online   " + answer.shown) }
      if let answer = part.offline {
        try out.line("  offline  " + answer.shown + " (data version \(data))")
      }
      if part.isSame == false {
        try out.line("  the two differ: `martlet doctor` looks for damage")
      }
      if let trace = part.trace {
        for line in trace.lines { try out.line("  " + line) }
      }
      try part.showRows(on: invocation, limit: limit)
    }
  }
}

extension Explanation.Answer {
  fileprivate var shown: String { value == .null ? "\(status)" : "\(value.shown), \(status)" }
}

extension Explanation.Part {
  fileprivate func showRows(on invocation: Invocation, limit: Int) throws {
    let shown = rows.suffix(limit)
    let counted = rows.count { $0.use == .counts }
    var line = "  \(count(rows.count, "row")), of which \(counted) count"
    if shown.count < rows.count { line += "; the newest \(shown.count):" }
    try invocation.output.line(line)
    guard !shown.isEmpty else { return }
    let hasKnown = shown.contains { $0.known != nil }
    let hasValue = shown.contains { $0.value != nil }
    var headings: [Table.Heading] = [.left("  Time")]
    if hasKnown { headings.append(.left("Known")) }
    if hasValue { headings.append(.left("Value")) }
    headings += [.left("Use"), .left("From")]
    var table = Table(headings)
    for row in shown {
      var cells = ["  \(row.time)"]
      if hasKnown { cells.append(row.known.map { "\($0)" } ?? "") }
      if hasValue { cells.append(row.value?.shown ?? "") }
      table.append(cells + [row.use.words, row.origin.shown])
    }
    for line in table.lines(
      columns: invocation.terminal.output.columns, paint: invocation.paint)
    {
      try invocation.output.line(line)
    }
  }
}

extension Explanation.Origin {
  fileprivate var shown: String {
    switch self {
    case .file(let path, let segment): "\(path) (segment \(segment.prefix(8)))"
    case .push(let commit): "push, commit \(commit)"
    }
  }
}

extension OnlineTrace {
  fileprivate var lines: [String] {
    var kept = "kept as \(form.rawValue): \(count(rowCount, "row")), \(byteCount.asSize)"
    switch form {
    case .nothing: kept = "nothing is kept of it"
    case .rows: break
    case .pages: kept += ", \(count(pageCount, "page"))"
    case .chapters: kept += ", \(count(pageCount, "chapter"))"
    }
    if appendedCount > 0 { kept += ", \(appendedCount) appended since" }
    kept += "; load \(load), up to commit \(commit)"
    guard let steps else { return [kept] }
    var read: [String] = []
    if steps.tiles > 0 { read.append("the states of \(count(steps.tiles, "tile"))") }
    if steps.pages > 0 {
      read.append("those of \(count(steps.pages, "page"))")
    }
    if steps.rests > 0 {
      let what = form == .chapters ? "chapters and pages" : "a page"
      read.append("\(count(steps.rests, "state")) of \(what) and all behind")
    }
    var rows = count(steps.rows, "row")
    if steps.openedPages > 0 { rows += " in \(count(steps.openedPages, "page"))" }
    if steps.openedChapters > 0 { rows += " of \(count(steps.openedChapters, "chapter"))" }
    read.append(rows + " one by one")
    return [kept, "read: " + read.joined(separator: ", ")]
  }
}
