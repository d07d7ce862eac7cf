/// A run of rows that is sorted by key, then time.
public struct SortedRun: Sendable {
  /// The rows' keys, ascending.
  public let keys: Buffer<Int64>

  /// The rows' times, ascending among rows of one key.
  public let times: Buffer<Int64>

  /// A run of rows with `keys` and `times`.
  public init(keys: Buffer<Int64>, times: Buffer<Int64>) {
    precondition(keys.count == times.count, "\(keys.count) keys, \(times.count) times")
    self.keys = keys
    self.times = times
  }
}

/// Where a row stands: which run, and which row of it.
public struct RunRow: Hashable, Sendable, BitwiseCopyable {
  /// The run, in the order in which the runs were given.
  public var run: Int32

  /// The row of the run.
  public var row: Int32
}

/// Merges sorted runs into one order, a stretch at a time.
///
/// A tree of losers: each inner node remembers the run that lost there, so that after a row is
/// taken one path from its leaf to the root finds the next. Rows equal in key and time come in the
/// order of their runs.
public struct RunMerger: ~Copyable {
  struct Head: BitwiseCopyable {
    var key: Int64
    var time: Int64
    var row: Int32
    var isDone: Bool
  }

  private let runs: [SortedRun]
  private var heads: BufferBuilder<Head>
  /// Node 0 holds the winner, nodes from 1 on the losers; leaf `i` hangs under node `(i + n) / 2`.
  private var tree: BufferBuilder<Int32>

  /// Begins at the first row of each run.
  public init(_ runs: [SortedRun]) {
    self.runs = runs
    heads = BufferBuilder(capacity: runs.count)
    tree = BufferBuilder(capacity: max(runs.count, 1))
    for run in runs {
      precondition(run.keys.count < Int(Int32.max), "a run of more rows than 32 bits number")
      heads.append(Head(of: run, row: 0))
    }
    tree.append(repeating: -1, count: max(runs.count, 1))
    for run in runs.indices { play(from: run) }
  }

  /// The next rows in order, at most `limit`; none once all are taken.
  public mutating func next(_ limit: Int) -> Buffer<RunRow> {
    var merged = BufferBuilder<RunRow>(capacity: limit)
    while merged.count < limit, !runs.isEmpty {
      let winner = Int(tree.unchecked(0))
      let head = heads.unchecked(winner)
      if head.isDone { break }
      merged.append(RunRow(run: Int32(truncatingIfNeeded: winner), row: head.row))
      heads[winner] = Head(of: runs[winner], row: head.row &+ 1)
      replay(from: winner)
    }
    return merged.finish()
  }

  /// Sends `run` up from its leaf for the first time; it waits where nobody came before.
  private mutating func play(from run: Int) {
    var winner = Int32(truncatingIfNeeded: run)
    var node = (run + runs.count) / 2
    while node > 0 {
      let waiting = tree.unchecked(node)
      if waiting < 0 {
        tree[node] = winner
        return
      }
      if precedes(waiting, winner) {
        tree[node] = winner
        winner = waiting
      }
      node /= 2
    }
    tree[0] = winner
  }

  private mutating func replay(from run: Int) {
    var winner = Int32(truncatingIfNeeded: run)
    var node = (run + runs.count) / 2
    while node > 0 {
      let loser = tree.unchecked(node)
      if precedes(loser, winner) {
        tree[node] = winner
        winner = loser
      }
      node /= 2
    }
    tree[0] = winner
  }

  @inline(__always)
  private func precedes(_ one: Int32, _ other: Int32) -> Bool {
    let mine = heads.unchecked(Int(one))
    let theirs = heads.unchecked(Int(other))
    if mine.isDone || theirs.isDone { return !mine.isDone }
    if mine.key != theirs.key { return mine.key < theirs.key }
    if mine.time != theirs.time { return mine.time < theirs.time }
    return one < other
  }
}

extension RunMerger.Head {
  fileprivate init(of run: SortedRun, row: Int32) {
    let isDone = Int(row) >= run.keys.count
    self.init(
      key: isDone ? 0 : run.keys[Int(row)], time: isDone ? 0 : run.times[Int(row)], row: row,
      isDone: isDone)
  }
}
