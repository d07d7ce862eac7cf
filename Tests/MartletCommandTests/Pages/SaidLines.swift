/// Lines that a page shows, held against those that were said.
///
/// What differs from run to run is passed over: times, hashes, sizes in bytes, durations, and how far a
/// table's columns stand apart.
struct SaidLines {
  /// Whether what was said is what the page shows.
  static func agree(shown: [String], said: [String]) -> Bool {
    agree(shown.map(masked)[...], said.map(masked)[...])
  }

  private static func agree(_ shown: ArraySlice<String>, _ said: ArraySlice<String>) -> Bool {
    guard let first = shown.first else { return said.isEmpty }
    if first == "…" {
      return (said.startIndex...said.endIndex).contains { agree(shown.dropFirst(), said[$0...]) }
    }
    guard let line = said.first, agree(line: first, line) else { return false }
    return agree(shown.dropFirst(), said.dropFirst())
  }

  private static func agree(line shown: String, _ said: String) -> Bool {
    if shown == said { return true }
    var pieces = shown.split(separator: "…", omittingEmptySubsequences: false)
    guard pieces.count > 1, let end = pieces.popLast() else { return false }
    var rest = said[...]
    guard rest.hasPrefix(pieces[0]) else { return false }
    rest = rest.dropFirst(pieces[0].count)
    for piece in pieces.dropFirst() where !piece.isEmpty {
      guard let place = rest.firstRange(of: piece) else { return false }
      rest = rest[place.upperBound...]
    }
    return rest.hasSuffix(end)
  }

  private static func masked(_ line: String) -> String {
    line
      .replacing(#/\d{4}-\d\d-\d\d(?:T[0-9:]+(?:\.\d+)?Z)?/#, with: "TIME")
      .replacing(#/[0-9a-f]{16,}/#, with: "HASH")
      .replacing(#/\d+(?:\.\d+)? ?(?:kB|MB|GB|B|bytes)\b/#, with: "SIZE")
      .replacing(#/\d+(?:\.\d+)? (?:s|ms|us|rows a second)\b/#, with: "SO LONG")
      .replacing(#/\x20{2,}/#, with: " ")
      .replacing(#/\x20$/#, with: "")
  }
}
