public import MartletColumns

// Where the answer is one of the rows, which row it is says all: its value is gathered afterwards,
// whatever type it has. A question that sees no row gets -1.

extension Frames {
  /// The row with the extreme word that each question sees, for each of `windows`; `nil` where rows are
  /// late. Of equal words any row stands.
  ///
  /// One queue serves all windows, as in `Extreme.slide`.
  public func extremeRows(
    _ end: RankingEnd, of words: Buffer<Int64>, through windows: [Int]
  ) -> [Buffer<Int32>]? {
    guard late.isEmpty else { return nil }
    // Turned around, the lowest is the highest.
    let turn: Int64 = end == .highest ? 0 : -1
    let (count, width) = (uppers.count, windows.count)
    var found = BufferBuilder<Int32>()
    withFramed(words.span, counting: nil) { framed, lowers, uppers in
      let starts = lowers.sideBySide(windows)
      framed.withUnsafeBufferPointer { framed in
        starts.withUnsafeBufferPointer { starts in
          uppers.withUnsafeBufferPointer { uppers in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * framed.count + 2) { all in
              var queue = ExtremeQueue(of: framed, turned: turn, in: all)
              found.append(upTo: count * width) { room in
                var places = windows.map { _ in 0 }
                places.withUnsafeMutableBufferPointer { places in
                  for question in uppers.indices {
                    let first = question &* width
                    var lowest = Int32(truncatingIfNeeded: uppers[question])
                    for window in 0..<width { lowest = min(lowest, starts[first &+ window]) }
                    let kept = queue.advance(to: uppers[question], from: Int(lowest))
                    for window in 0..<width {
                      let place = queue.place(
                        of: starts[first &+ window], from: min(places[window], kept))
                      places[window] = place
                      room[window &* count &+ question] = queue.row(at: place)
                    }
                  }
                }
                return count * width
              }
            }
          }
        }
      }
    }
    let all = found.finish()
    return windows.indices.map { rows(at: all.slice($0 * count..<($0 + 1) * count)) }
  }

  /// The newest row that each question sees, for each of `windows`, and of rows of one time the one
  /// whose value ranks highest; `nil` where rows are late.
  ///
  /// Rows lie by time, so that it is the last one, or one of those of its time before it.
  public func newestRows(
    through windows: [Int], ranksBelow: (_ row: Int, _ other: Int) -> Bool
  ) -> [Buffer<Int32>]? {
    guard late.isEmpty else { return nil }
    var found = windows.map { _ in [Int32]() }
    for index in found.indices { found[index].reserveCapacity(uppers.count) }
    let row = { [punctualRows] position in punctualRows?[position] ?? position }
    withFramed(times.events.span, counting: nil) { events, lowers, uppers in
      var (best, seen) = (0, 0)
      for question in uppers.indices {
        let upper = uppers[question]
        for window in windows.indices {
          let lower = lowers[windows[window]][question]
          guard lower < upper else {
            found[window].append(-1)
            continue
          }
          if seen != upper {
            // Where the rows of one time are seen one after the other, those seen before are settled.
            let isGoingOn = seen > lower && seen < upper && events[seen - 1] == events[upper - 1]
            var next = isGoingOn ? seen : upper - 1
            if !isGoingOn {
              while next > lower, events[next - 1] == events[upper - 1] { next -= 1 }
              best = next
              next += 1
            }
            while next < upper {
              if ranksBelow(row(best), row(next)) { best = next }
              next += 1
            }
            seen = upper
          }
          found[window].append(Int32(truncatingIfNeeded: best))
        }
      }
    }
    return found.map { rows(at: Buffer(copying: $0.span)) }
  }

  /// The rows at `positions`; -1 stays.
  private func rows(at positions: Buffer<Int32>) -> Buffer<Int32> {
    guard let punctualRows else { return positions }
    var rows = BufferBuilder<Int32>(capacity: positions.count)
    for index in 0..<positions.count {
      let position = positions[index]
      rows.append(position < 0 ? -1 : Int32(truncatingIfNeeded: punctualRows[Int(position)]))
    }
    return rows.finish()
  }
}

/// The rows that can still be the highest of some window, as both its ends move forward: each ranks below those
/// before it.
private struct ExtremeQueue {
  private let words: UnsafeBufferPointer<Int64>
  private let turn: Int64
  private let rows: UnsafeMutableBufferPointer<Int32>
  private let fresh: UnsafeMutableBufferPointer<Int32>
  private var count = 0
  private var reached = 0

  /// - Parameter room: As much as two rows for each of `words`.
  init(
    of words: UnsafeBufferPointer<Int64>, turned turn: Int64,
    in room: UnsafeMutableBufferPointer<Int32>
  ) {
    self.words = words
    self.turn = turn
    rows = UnsafeMutableBufferPointer(rebasing: room[..<(room.count / 2)])
    fresh = UnsafeMutableBufferPointer(rebasing: room[(room.count / 2)...])
  }

  /// Takes in the rows before `upper`, where none before `lowest` will be asked for; returns how many places
  /// are as they were.
  ///
  /// New rows come together, and are looked at from the last one back: those that rank above all behind them
  /// are written down without a branch to guess, and only with the highest is the queue compared.
  @inline(__always)
  mutating func advance(to upper: Int, from lowest: Int) -> Int {
    if lowest >= reached { (count, reached) = (0, lowest) }
    guard reached < upper else { return count }
    var row = upper &- 1
    var highest = words[row] ^ turn
    fresh[0] = Int32(truncatingIfNeeded: row)
    var found = 1
    while row > reached {
      row &-= 1
      let word = words[row] ^ turn
      fresh[found] = Int32(truncatingIfNeeded: row)
      found &+= word > highest ? 1 : 0
      highest = max(highest, word)
    }
    while count > 0, words[Int(rows[count &- 1])] ^ turn <= highest { count &-= 1 }
    let kept = count
    while found > 0 {
      found &-= 1
      rows[count] = fresh[found]
      count &+= 1
    }
    reached = upper
    return kept
  }

  /// The first place, from `place` on, whose row is not before `lower`.
  @inline(__always)
  func place(of lower: Int32, from place: Int) -> Int {
    var place = place
    while place < count, rows[place] < lower { place &+= 1 }
    return place
  }

  /// The row at `place`; -1 behind the last.
  @inline(__always)
  func row(at place: Int) -> Int32 { place < count ? rows[place] : -1 }
}

extension [[Int]] {
  /// Those of `chosen` as 32 bits, the first number of each before the second of any.
  fileprivate func sideBySide(_ chosen: [Int]) -> Buffer<Int32> {
    let count = chosen.first.map { self[$0].count } ?? 0
    var numbers = BufferBuilder<Int32>()
    numbers.append(upTo: count * chosen.count) { room in
      for (place, one) in chosen.enumerated() {
        self[one].withUnsafeBufferPointer { one in
          for index in one.indices {
            room[index &* chosen.count &+ place] = Int32(truncatingIfNeeded: one[index])
          }
        }
      }
      return count * chosen.count
    }
    return numbers.finish()
  }
}
