/// The names of the members of all objects that are open, kept to find one that stands twice.
///
///     names    │ outermost object │ the one inside │ … │
///     scopes     0                  4                     where each begins, and its decoded bytes
///
/// They are compared when their object ends: a few each with each, by a mark first; many in
/// order, so that no choice of names makes it slow.
struct JSONNames: ~Copyable {
  private struct Name {
    var text: JSONText
    var mark: UInt64
  }

  private struct Scope {
    var start: Int
    var decodedCount: Int
  }

  private var names: [Name] = []
  private var scopes: [Scope] = []

  /// How many decoded bytes belong to names, of which the last one ends there.
  private var decodedEnd = 0

  /// As many as are compared each with each.
  private static let few = 24

  mutating func removeAll() {
    names.removeAll(keepingCapacity: true)
    scopes.removeAll(keepingCapacity: true)
    decodedEnd = 0
  }

  /// How many of `count` decoded bytes must stay.
  func decodedCount(_ count: Int) -> Int { min(decodedEnd, count) }

  /// An object begins.
  mutating func begin() {
    scopes.append(Scope(start: names.count, decodedCount: decodedEnd))
  }

  /// A member's name, behind whose text there are `decodedCount` decoded bytes.
  mutating func append(_ text: JSONText, mark: UInt64, decodedCount: Int) {
    names.append(Name(text: text, mark: mark))
    if text.isDecoded { decodedEnd = decodedCount }
  }

  /// The innermost object ends.
  mutating func end() {
    guard let scope = scopes.popLast() else { return }
    names.removeLast(names.count - scope.start)
    decodedEnd = scope.decodedCount
  }

  /// The first name of the innermost object that stood there before.
  func firstTwice(in bytes: UnsafeRawBufferPointer, _ decoded: [UInt8]) -> JSONText? {
    let start = scopes.last?.start ?? 0
    if names.count - start > Self.few { return firstTwiceInOrder(from: start, bytes, decoded) }
    for index in names.indices[start...] {
      for before in start..<index
      where names[before].mark == names[index].mark
        && Self.areEqual(names[before].text, names[index].text, bytes, decoded)
      { return names[index].text }
    }
    return nil
  }

  private func firstTwiceInOrder(
    from start: Int, _ bytes: UnsafeRawBufferPointer, _ decoded: [UInt8]
  ) -> JSONText? {
    let ordered = names[start...].sorted { one, other in
      guard one.mark == other.mark else {
        return one.mark < other.mark
      }
      return one.text.withBytes(in: bytes, decoded) { mine in
        other.text.withBytes(in: bytes, decoded) { mine.lexicographicallyPrecedes($0) }
      }
    }
    return zip(ordered, ordered.dropFirst())
      .filter { Self.areEqual($0.text, $1.text, bytes, decoded) }
      .map { $0.text.offset > $1.text.offset ? $0.text : $1.text }
      .min { $0.offset < $1.offset }
  }

  private static func areEqual(
    _ one: JSONText, _ other: JSONText, _ bytes: UnsafeRawBufferPointer, _ decoded: [UInt8]
  ) -> Bool {
    one.withBytes(in: bytes, decoded) { mine in
      other.withBytes(in: bytes, decoded) { mine.elementsEqual($0) }
    }
  }

  /// The count and the first and last bytes, mixed: the same for equal names, seldom for others.
  static func mark(of name: UnsafeRawBufferPointer) -> UInt64 {
    var word = UInt64(truncatingIfNeeded: name.count)
    if name.count >= 8 {
      word ^= name.loadUnaligned(as: UInt64.self) &* 0x9E37_79B9_7F4A_7C15
      word ^= name.loadUnaligned(fromByteOffset: name.count - 8, as: UInt64.self)
    } else {
      for byte in name { word = word &<< 8 ^ UInt64(byte) }
    }
    return word
  }
}
