public import MartletColumns

/// The lengths of a feature set's tiles, finest first.
///
/// Each length is a whole multiple of the one before, so that tiles nest:
///
///     5m  │▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│▫│
///     1h  │           ▫           │           ▫           │           ▫           │
///     …
///
/// A larger ladder of sizes reads fewer tiles for an answer, and writes every event into more of
/// them; `init(for:)` weighs the two.
public struct TileSizes: Hashable, Sendable {
  /// The lengths, finest first; none when there is nothing to tile.
  public let sizes: [TimeLength]

  /// The ladder of `sizes`, or `nil` when one is not positive or does not divide the next.
  public init?(_ sizes: [TimeLength]) {
    guard sizes.allSatisfy({ $0.microseconds > 0 }) else { return nil }
    for (fine, coarse) in zip(sizes, sizes.dropFirst()) {
      guard fine < coarse, coarse.microseconds % fine.microseconds == 0 else { return nil }
    }
    self.sizes = sizes
  }

  /// The parts whose rows are together the rows of `span`.
  public func cover(_ span: Range<Int64>) -> WindowCover {
    var cover = WindowCover(tail: span, head: span.upperBound..<span.upperBound)
    guard let finest = sizes.first,
      var inner = span.whole(finest)
    else { return cover }
    cover.tail = span.lowerBound..<inner.lowerBound
    cover.head = inner.upperBound..<span.upperBound

    var size = finest
    var later: [TileRun] = []
    for coarser in sizes.dropFirst() {
      guard let core = inner.whole(coarser) else { break }
      cover.tiles.append(run: inner.lowerBound..<core.lowerBound, of: size)
      later.append(run: core.upperBound..<inner.upperBound, of: size)
      (inner, size) = (core, coarser)
    }
    cover.tiles.append(run: inner, of: size)
    cover.tiles += later.reversed()
    cover.checkInvariants(covering: span)
    return cover
  }
}

extension [TileRun] {
  fileprivate mutating func append(run span: Range<Int64>, of size: TimeLength) {
    if !span.isEmpty { append(TileRun(size: size, span: span)) }
  }
}

extension Range<Int64> {
  /// The whole tiles of `size` that lie in the range, or `nil` when there are none.
  fileprivate func whole(_ size: TimeLength) -> Range? {
    guard let first = lowerBound.roundedUp(to: size.microseconds),
      let end = upperBound.roundedDown(to: size.microseconds),
      first < end
    else { return nil }
    return first..<end
  }
}
