/// How often each of a few keys was seen: the state of `Distinct`, `TopK` and `Histogram`.
///
/// It is exact or it says nothing. Once there are more different keys than the bound it holds
/// nothing but that fact, whatever is added later, so that a state stays small and every order and
/// split ends the same. An answer from some of the keys would be silently wrong, one from all of
/// them unbounded; who has many keys asks `ApproxDistinct`.
public struct KeyCounts<Key: Ranked>: Sendable {
  struct Entry: Sendable {
    var key: Key
    var count: Tally
  }

  /// By key, ascending; `nil` when there were too many.
  var entries: [Entry]? = []

  /// Whether there were more different keys than the bound.
  public var isOverBound: Bool { entries == nil }

  mutating func add(_ count: Tally, of key: Key, bound: Int) {
    guard var keys = entries else { return }
    entries = nil  // so that `keys` is changed in place
    let place = keys.firstIndex(past: { !$0.key.ranksBelow(key) })
    if place < keys.count, !key.ranksBelow(keys[place].key) {
      keys[place].count.add(count)
    } else if keys.count == bound {
      return
    } else {
      keys.insert(Entry(key: key, count: count), at: place)
    }
    entries = keys
  }

  mutating func merge(_ other: KeyCounts, bound: Int) {
    guard let others = other.entries else {
      entries = nil
      return
    }
    for entry in others { add(entry.count, of: entry.key, bound: bound) }
  }
}

extension KeyCounts: Equatable {
  public static func == (one: KeyCounts, other: KeyCounts) -> Bool {
    guard let mine = one.entries, let theirs = other.entries else {
      return one.isOverBound == other.isOverBound
    }
    return mine.count == theirs.count
      && zip(mine, theirs).allSatisfy { $0.count == $1.count && $0.key.isSame(as: $1.key) }
  }
}

extension KeyCounts {
  // 0, or the number of keys plus one and for each key itself and its count
  func write(to writer: inout StateWriter) {
    guard let entries else { return writer.write(0) }
    writer.write(UInt64(entries.count + 1))
    for entry in entries {
      entry.key.write(to: &writer)
      writer.write(entry.count.number)
    }
  }

  static func read(from reader: inout StateReader, bound: Int) throws(StateError) -> KeyCounts {
    let count = Int(try reader.readNumber("key count", atMost: UInt64(bound) + 1))
    guard count > 0 else { return KeyCounts(entries: nil) }
    var entries: [Entry] = []
    for _ in 1..<count {
      let key = try Key.read(from: &reader)
      guard key.asKey.isSame(as: key) else { throw StateError("key", .notCanonical) }
      if let last = entries.last, !last.key.ranksBelow(key) {
        throw StateError("keys", .outOfOrder)
      }
      let number = try reader.readNumber("count")
      guard number > 0 else { throw StateError("count", .notCanonical) }
      entries.append(Entry(key: key, count: Tally(number)))
    }
    return KeyCounts(entries: entries)
  }
}
