public import MartletColumns

/// The rows a window covers, cut so that whole tiles are never read row by row.
///
///      start                                                     end
///        ╎▒▒│░░│░░│██████████│██████████│██████████│░░│░░│░░│▒▒▒▒╎
///       tail  fine            coarse                fine      head
///
/// Tiles are counted from the beginning of 1970: tile `i` of a size holds the event times
/// `[i × size, (i + 1) × size)`.
///
/// Invariants:
/// - Tail, tiles and head follow each other without gap or overlap from the window's start to its
///   end, so folding them folds each row of the window once.
/// - Each tile lies in the window whole.
public struct WindowCover: Hashable, Sendable {
  /// Event times to fold row by row before the first tile; all of them when no tile fits.
  public internal(set) var tail: Range<Int64>

  /// The tiles, oldest first: at most two runs of each size.
  public internal(set) var tiles: [TileRun] = []

  /// Event times to fold row by row after the last tile.
  public internal(set) var head: Range<Int64>

  /// The number of tiles, were there rows in all of them.
  public var tileCount: UInt64 { tiles.reduce(0) { $0 + $1.count } }
}

/// Neighbouring tiles of one size.
public struct TileRun: Hashable, Sendable {
  /// The length of each tile.
  public let size: TimeLength

  /// The event times that the tiles hold; both ends are whole multiples of the size.
  public let span: Range<Int64>

  /// The tiles' numbers: tile `i` begins at `i` times the size.
  public var indexes: Range<Int64> {
    span.lowerBound / size.microseconds..<span.upperBound / size.microseconds
  }

  /// The number of tiles.
  public var count: UInt64 { UInt64(bitPattern: indexes.upperBound &- indexes.lowerBound) }
}

extension WindowCover {
  func checkInvariants(covering span: Range<Int64>) {
    #if MARTLET_CHECKS
      var reached = tail.upperBound
      for run in tiles {
        precondition(!run.span.isEmpty && run.span.lowerBound == reached, "\(self) has a gap")
        precondition(run.span.lowerBound % run.size.microseconds == 0, "\(run) is not whole")
        precondition(run.span.upperBound % run.size.microseconds == 0, "\(run) is not whole")
        reached = run.span.upperBound
      }
      precondition(tail.lowerBound == span.lowerBound && head.upperBound == span.upperBound)
      precondition(head.lowerBound == reached, "\(self) has a gap")
    #endif
  }
}
