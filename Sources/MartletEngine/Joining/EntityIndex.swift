public import MartletColumns

/// The entities that are asked about, each with a number.
///
/// Nulls are no part of a key: a key that has one names no entity.
public final class EntityIndex: Sendable {
  // Guarded by never changing after `init`: `Grouper.find` only reads.
  private nonisolated(unsafe) let grouper: Grouper

  /// The number of each row given to `init`; -1 where its key has a null.
  public let numbers: Buffer<Int32>

  /// Indexes the entities whose keys are in the rows of `keys`.
  public init(_ keys: [Column]) {
    var grouper = Grouper(keys.map(\.type))
    let groups = grouper.groups(of: keys)
    count = grouper.count
    self.grouper = grouper
    numbers = groups.clearing(nullsOf: keys)
  }

  /// One more than the highest number.
  public let count: Int

  /// The number of each entity in the rows of `keys`; -1 of those that nobody asks about.
  public func find(_ keys: [Column]) -> Buffer<Int32> {
    grouper.find(keys).clearing(nullsOf: keys)
  }
}

extension Buffer<Int32> {
  /// The same, with -1 in each row where one of `keys` is null.
  fileprivate func clearing(nullsOf keys: [Column]) -> Buffer<Int32> {
    let bitmaps = keys.compactMap(\.validity)
    guard let first = bitmaps.first else { return self }
    let complete = bitmaps.dropFirst().reduce(first) { $0.intersection($1) }
    var cleared = BufferBuilder<Int32>(capacity: count)
    for row in 0..<count { cleared.append(complete[row] ? self[row] : -1) }
    return cleared.finish()
  }
}
