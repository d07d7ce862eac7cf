/// How one text's lines become another's, in stretches with a few lines around them.
public struct LineDiff: Hashable, Sendable {
  /// The stretches, from the top.
  public let stretches: [Stretch]

  /// Lines that lie together.
  public struct Stretch: Hashable, Sendable {
    /// The number of the first line in the old and in the new text, from 1.
    public let oldLine: Int
    public let newLine: Int
    public let lines: [Line]
  }

  /// A line and what becomes of it.
  public enum Line: Hashable, Sendable {
    case kept(String)
    case removed(String)
    case added(String)
  }

  /// Beyond so many lines that differ the way is not looked for: all of the old are taken out, and all
  /// of the new put in.
  private static let limit = 20_000

  /// From `old` to `new`, each stretch with up to `context` lines before and after.
  public init(from old: String, to new: String, context: Int = 2) {
    let (old, new) = (Self.lines(of: old), Self.lines(of: new))
    let head = zip(old, new).prefix { $0 == $1 }.count
    let rest = min(old.count, new.count) - head
    let tail = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
    let (oldMiddle, newMiddle) = (old[head..<old.count - tail], new[head..<new.count - tail])
    var lines = old[..<head].map { Line.kept($0) }
    if oldMiddle.count + newMiddle.count > Self.limit {
      lines += oldMiddle.map { .removed($0) } + newMiddle.map { .added($0) }
    } else {
      lines += Self.lines(from: Array(oldMiddle), to: Array(newMiddle))
    }
    lines += old[(old.count - tail)...].map { .kept($0) }
    stretches = Self.stretches(of: lines, context)
  }

  private static func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // A line's end ends a line and begins none.
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func lines(from old: [String], to new: [String]) -> [Line] {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var result: [Line] = []
    var (oldPlace, newPlace) = (0, 0)
    while oldPlace < old.count || newPlace < new.count {
      if oldPlace < old.count, removed.contains(oldPlace) {
        result.append(.removed(old[oldPlace]))
        oldPlace += 1
      } else if newPlace < new.count, added.contains(newPlace) {
        result.append(.added(new[newPlace]))
        newPlace += 1
      } else {
        result.append(.kept(old[oldPlace]))
        oldPlace += 1
        newPlace += 1
      }
    }
    return result
  }

  /// Cuts out what is far from any change.
  private static func stretches(of lines: [Line], _ context: Int) -> [Stretch] {
    var isNear = [Bool](repeating: false, count: lines.count)
    for (place, line) in lines.enumerated() {
      if case .kept = line { continue }
      for near in max(0, place - context)...min(lines.count - 1, place + context) {
        isNear[near] = true
      }
    }
    var stretches: [Stretch] = []
    var (oldLine, newLine) = (1, 1)
    var start: (old: Int, new: Int) = (1, 1)
    var current: [Line] = []
    func close() {
      if !current.isEmpty {
        stretches.append(Stretch(oldLine: start.old, newLine: start.new, lines: current))
      }
      current = []
    }
    for (place, line) in lines.enumerated() {
      if isNear[place] {
        if current.isEmpty { start = (oldLine, newLine) }
        current.append(line)
      } else {
        close()
      }
      switch line {
      case .kept: (oldLine, newLine) = (oldLine + 1, newLine + 1)
      case .removed: oldLine += 1
      case .added: newLine += 1
      }
    }
    close()
    return stretches
  }
}
