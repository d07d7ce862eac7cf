public import MartletDiagnostics
import MartletColumns
import MartletEngine
import MartletOnline
import MartletPlan

// An explanation for machines: what `martlet explain --json` prints, and what a server answers.

extension Explanation {
  /// The explanation, with at most `limit` rows of each part, the newest.
  public func json(limit: Int = .max) -> JSON {
    [
      "feature": .string(output.name), "online": online?.json ?? .null,
      "offline": offline?.json ?? .null, "data": .count(data),
      "parts": .array(parts.map { $0.json(limit: limit) }),
    ]
  }
}

extension Explanation.Answer {
  fileprivate var json: JSON { ["value": value.json, "status": .string("\(status)")] }
}

extension Explanation.Part {
  fileprivate func json(limit: Int) -> JSON {
    var members: [JSON.Member] = [
      .init("set", .string(set.name)), .init("feature", .string(field.name)),
      .init(
        "entity",
        .object(zip(set.keys, keys).map { JSON.Member($0.name, $1.json) })),
      .init("at", .string("\(at)")), .init("online", online?.json ?? .null),
      .init("offline", offline?.json ?? .null),
    ]
    if let trace { members.append(.init("kept", trace.json)) }
    members.append(.init("row_count", .count(rows.count)))
    members.append(.init("rows", .array(rows.suffix(limit).map(\.json))))
    return .object(members)
  }
}

extension Explanation.Row {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [.init("time", .string("\(time)"))]
    if let known { members.append(.init("known", .string("\(known)"))) }
    if let value { members.append(.init("value", value.json)) }
    members.append(.init("use", .string(use.rawValue)))
    switch origin {
    case .file(let path, let segment):
      members += [.init("file", .string(path)), .init("segment", .string(segment))]
    case .push(let commit): members.append(.init("commit", .count(Int(clamping: commit))))
    }
    return .object(members)
  }
}

extension OnlineTrace {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init("form", .string(form.rawValue)), .init("rows", .count(rowCount)),
      .init("appended", .count(appendedCount)), .init("pages", .count(pageCount)),
      .init("bytes", .count(byteCount)), .init("load", .count(Int(clamping: load))),
      .init("commit", .count(Int(clamping: commit))),
    ]
    if let steps {
      members.append(
        .init(
          "read",
          [
            "tiles": .count(steps.tiles), "pages": .count(steps.pages),
            "rests": .count(steps.rests),
            "opened_chapters": .count(steps.openedChapters),
            "opened_pages": .count(steps.openedPages), "rows": .count(steps.rows),
          ]))
    }
    return .object(members)
  }
}
