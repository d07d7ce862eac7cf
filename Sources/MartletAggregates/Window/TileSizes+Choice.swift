import MartletColumns

// How the sizes are chosen, in steps:
//
// 1. Every window is a demand: how long it is, and on which grid it starts.
// 2. The candidates are lengths that people and calendars use, and the steps of the windows.
// 3. A ladder costs what its rungs cost one by one, so the cheapest ladder above a candidate is
//    found once, from the coarsest candidate down.
// 4. The finest size is the one whose ladder and edge rows are cheapest together.
//
// Costs are in tiles read, in the worst alignment, by one answer for each window.

/// What reading and writing cost, beside one tile read.
private enum Cost {
  /// How often a busy entity has a row: a million in thirty days. Quiet entities are cheap under
  /// any ladder, so the sizes are chosen for those that are not.
  static let rowsPerMicrosecond = 1_000_000 / Double(30 * Int64.day)

  /// Rows of one page at an edge that fold in the time it takes to look up and merge a tile.
  static let rowsPerTile = 8.0

  /// A size more to write each event into, for each window it serves.
  static let rung = 8.0

  /// A step that does not start on a tile. Its author gave up exactness for storage; that bargain
  /// is void when the rows at its start must be kept after all.
  static let brokenStep = 100.0
}

extension TileSizes {
  /// The ladder that keeps the tiles and the edge rows of answers over `windows` few.
  ///
  /// A window over everything reads the entity's lifetime state up to a coarse boundary, and needs
  /// the ladder for what came after it.
  public init(for windows: [Window]) {
    let demands = windows.map(Demand.init)
    let horizon = demands.map(\.length).max() ?? 0
    let candidates = TileSizes.candidates(upTo: horizon, for: demands)

    var ladders: [Int64: Ladder] = [:]
    for size in candidates.reversed() where !demands.isEmpty {
      var best = Ladder(sizes: [size], cost: demands.sum { $0.topRun(of: size) })
      for coarser in candidates where coarser > size && coarser % size == 0 {
        guard let above = ladders[coarser] else { continue }
        let cost = above.cost + demands.sum { $0.climb(from: size, to: coarser) }
        if cost < best.cost { best = Ladder(sizes: [size] + above.sizes, cost: cost) }
      }
      best.cost += Cost.rung * Double(demands.count)
      ladders[size] = best
    }
    for size in ladders.keys { ladders[size]?.cost += demands.sum { $0.edges(of: size) } }

    let none = Ladder(sizes: [], cost: demands.sum { $0.rows })
    sizes = ladders.values.reduce(none) { $0.isCheaper(than: $1) ? $0 : $1 }
      .sizes.map(TimeLength.init(microseconds:))
  }

  /// Lengths worth trying, ascending; few enough to weigh every pair.
  private static func candidates(upTo horizon: Int64, for demands: [Demand]) -> [Int64] {
    var lengths: Set<Int64> = []
    for decade in [1, 10, 100, 1_000, 10_000, 100_000] as [Int64] {
      lengths.formUnion([decade, 2 * decade, 5 * decade])
    }
    lengths.formUnion([1, 2, 5, 10, 15, 30].flatMap { [$0 * .second, $0 * .minute] })
    lengths.formUnion([1, 2, 3, 4, 6, 8, 12].map { $0 * .hour })
    lengths.formUnion([1, 2, 4, 5, 7, 8, 10, 14, 16, 30, 32, 64, 128, 256].map { $0 * .day })
    lengths.formUnion(demands.compactMap(\.step))
    if let grid = demands.compactMap(\.step).reduce(nil, greatestCommonDivisor) {
      lengths.insert(grid)
    }
    return lengths.filter { $0 <= horizon }.sorted()
  }
}

private struct Ladder {
  var sizes: [Int64]
  var cost: Double

  /// Of equal costs the coarser ladder is the cheaper, and none the cheapest.
  func isCheaper(than other: Ladder) -> Bool {
    guard cost == other.cost, let finest = sizes.first, let finestOfOther = other.sizes.first else {
      return cost <= other.cost && sizes.isEmpty || cost < other.cost
    }
    return finest > finestOfOther
  }
}

/// What one window asks of the sizes.
private struct Demand {
  /// How far the tiles of a window over everything reach back, at least, to the lifetime state that
  /// stands for all before.
  static let lifetimeReach: Int64 = 32 * .day

  let length: Int64
  let step: Int64?
  let startsAnywhere: Bool

  init(_ window: Window) {
    switch window {
    case .all: (length, step, startsAnywhere) = (Demand.lifetimeReach, nil, false)
    case .last(let length, let step):
      (self.length, self.step, startsAnywhere) = (
        length.microseconds, step?.microseconds, step == nil
      )
    }
  }

  /// The ends of the window that may lie anywhere within a tile of `size`.
  private func looseEnds(of size: Int64) -> Double {
    startsAnywhere || step.map { $0 % size != 0 } ?? false ? 2 : 1
  }

  /// The tiles of `size` when none is coarser.
  func topRun(of size: Int64) -> Double {
    size <= length ? Double(length) / Double(size) : 0
  }

  /// The tiles of `size` on the way up to the next size.
  func climb(from size: Int64, to coarser: Int64) -> Double {
    guard coarser <= length else { return topRun(of: size) }
    return looseEnds(of: coarser) * Double(coarser / size - 1)
  }

  /// What is folded row by row when `size` is the finest.
  func edges(of size: Int64) -> Double {
    let time = looseEnds(of: size) * Double(min(size, length))
    let isBroken = step.map { $0 % size != 0 } ?? false
    return Demand.rows(in: time) + (isBroken ? Cost.brokenStep : 0)
  }

  /// What is folded row by row without any tiles.
  var rows: Double { Demand.rows(in: Double(length)) + (step == nil ? 0 : Cost.brokenStep) }

  private static func rows(in time: Double) -> Double {
    time * Cost.rowsPerMicrosecond / Cost.rowsPerTile
  }
}

private func greatestCommonDivisor(_ one: Int64?, _ other: Int64) -> Int64 {
  guard let one, one != 0 else { return other }
  return greatestCommonDivisor(other % one, one)
}

extension [Demand] {
  fileprivate func sum(_ cost: (Demand) -> Double) -> Double { reduce(0) { $0 + cost($1) } }
}
