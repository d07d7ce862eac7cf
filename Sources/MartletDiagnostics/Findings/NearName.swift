/// The name that was probably meant: the one with the fewest slips of the finger between it and what
/// was written, or `nil` when even that one is far.
///
/// A slip is a letter missing, added, changed, or swapped with its neighbour; case does not count
/// but decides between equals. One slip in three letters is near. Of equally near names the first
/// in the alphabet is taken, so that the answer does not hang on the order of `names`.
public func nearName(to written: String, among names: some Sequence<String>) -> String? {
  let wanted = NameShape(written)
  guard let wanted, wanted.letters.count <= 64 else { return nil }
  let limit = max(1, wanted.letters.count / 3)
  var best: (distance: Int, exactness: Int, name: String)?
  for name in names where name != written {
    guard let candidate = NameShape(name), candidate.letters.count <= 64,
      abs(candidate.letters.count - wanted.letters.count) <= limit
    else { continue }
    let distance = wanted.slips(to: candidate)
    guard distance <= limit, distance < max(wanted.letters.count, candidate.letters.count)
    else { continue }
    let exactness = name.lowercased() == name ? 0 : 1
    if best.map({ (distance, exactness, name) < $0 }) ?? true { best = (distance, exactness, name) }
  }
  return best?.name
}

/// A name's letters as they are compared: lower-case bytes.
private struct NameShape {
  let letters: [UInt8]

  init?(_ name: String) {
    letters = name.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
    if letters.isEmpty { return nil }
  }

  /// The optimal string alignment distance: three rows of the usual table are enough for swaps.
  func slips(to other: NameShape) -> Int {
    let width = other.letters.count
    var beforeLast = [Int](repeating: 0, count: width + 1)
    var last = Array(0...width)
    for (row, letter) in letters.enumerated() {
      var current = [row + 1]
      current.reserveCapacity(width + 1)
      for (column, target) in other.letters.enumerated() {
        var cost = min(last[column + 1], current[column]) + 1
        cost = min(cost, last[column] + (letter == target ? 0 : 1))
        if row > 0, column > 0, letter == other.letters[column - 1], letters[row - 1] == target {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[width]
  }
}
