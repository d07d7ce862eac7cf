extension Diagnostic {
  /// The finding for machines: places in lines and columns as editors count, and in bytes.
  public func json(in files: TextFiles) -> JSON {
    [
      "severity": .string(severity.rawValue),
      "code": .string(code),
      "title": .string(title),
      "labels": .array(labels.map { $0.json(in: files) }),
      "help": .strings(helps),
      "notes": .strings(notes),
    ]
  }
}

extension Diagnostic.Label {
  fileprivate func json(in files: TextFiles) -> JSON {
    let file = files[range]
    let start = file.position(at: Int(range.start))
    let end = file.position(at: Int(range.end))
    return [
      "role": .string(role.rawValue),
      "file": .string(file.path),
      "start": ["line": .count(start.line), "column": .count(start.column)],
      "end": ["line": .count(end.line), "column": .count(end.column)],
      "bytes": [.count(Int(range.start)), .count(Int(range.end))],
      "message": .string(message),
    ]
  }
}
