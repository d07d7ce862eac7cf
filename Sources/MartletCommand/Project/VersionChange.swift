import Martlet
import MartletDiagnostics
import MartletLanguage
import MartletRegistry

/// What a version of the definitions changed: by what they mean, and line by line.
struct VersionChange {
  let version: DefinitionsVersion

  /// What it is compared with; 0 where there was nothing.
  let base: Int
  let change: DefinitionsChange

  /// The texts that differ, by their paths.
  let texts: [(path: String, diff: LineDiff)]

  /// What became of version `base`, or else the one before, up to version `number`.
  init(
    to number: Int, from base: Int?, _ registry: Registry, _ invocation: Invocation
  ) throws {
    let base = base ?? number - 1
    let (versions, old, new) = try withRegistryErrors { () throws(RegistryError) in
      let new = try registry.snapshot(of: number)
      let old = base == 0 ? nil : try registry.snapshot(of: base)
      return (try registry.versions(), old, new)
    }
    guard let version = versions.first(where: { $0.number == number }) else {
      throw CommandError.failed(invocation.path.spelled, "there is no version \(number)")
    }
    self.version = version
    self.base = base
    let before = old.flatMap { invocation.meaning(of: $0) }
    change = DefinitionsChange(
      from: old, meaning: before, to: new, meaning: invocation.meaning(of: new) ?? Definitions())
    let paths = Set(new.files.keys).union(old?.files.keys.map { $0 } ?? [])
    texts = paths.sorted().compactMap { path in
      let (was, now) = (old?.files[path] ?? [], new.files[path] ?? [])
      guard was != now else { return nil }
      return (
        path,
        LineDiff(
          from: String(decoding: was, as: UTF8.self), to: String(decoding: now, as: UTF8.self))
      )
    }
  }

  /// Writes it.
  func show(_ invocation: Invocation) throws {
    switch invocation.form {
    case .text: for line in lines(invocation.paint) { try invocation.output.line(line) }
    case .json: try invocation.output.line(json.text)
    }
  }

  private func lines(_ paint: Paint) -> [String] {
    let why = version.message.isEmpty ? "" : ": \(version.message)"
    let back = version.backTo.map { ", back to version \($0)" } ?? ""
    var lines = [
      "version \(version.number), applied \(version.appliedAt) by \(version.author)\(back)\(why)",
      "",
      base == 0 ? "since the beginning:" : "since version \(base):", "",
    ]
    lines +=
      change.edits.isEmpty ? ["no meaning changed"] : change.table.lines(columns: nil, paint: paint)
    for text in texts {
      lines += ["", paint(text.path, .title)]
      for (place, stretch) in text.diff.stretches.enumerated() {
        if place > 0 { lines.append(paint("  ·", .frame)) }
        lines += stretch.lines.map { line in
          switch line {
          case .kept(let text): "    \(text)"
          case .removed(let text): paint("  - \(text)", .error)
          case .added(let text): paint("  + \(text)", .advice)
          }
        }
      }
    }
    return lines
  }

  private var json: JSON {
    .object(
      [
        .init("version", .count(version.number)), .init("since", .count(base)),
        .init("applied_at", .string("\(version.appliedAt)")),
        .init("author", .string(version.author)),
        .init("message", .string(version.message)),
      ] + change.members + [.init("texts", .array(texts.map { json(of: $0.diff, at: $0.path) }))])
  }

  private func json(of diff: LineDiff, at path: String) -> JSON {
    [
      "file": .string(path),
      "stretches": .array(
        diff.stretches.map { stretch in
          [
            "old_line": .count(stretch.oldLine), "new_line": .count(stretch.newLine),
            "lines": .strings(
              stretch.lines.map { line in
                switch line {
                case .kept(let text): " \(text)"
                case .removed(let text): "-\(text)"
                case .added(let text): "+\(text)"
                }
              }),
          ]
        }),
    ]
  }
}
