import MartletColumns

extension Buffer {
  /// Calls `body` with the values that are no nulls, up to 1,024 at a time: what is asked of each of them is
  /// then asked by loops that know of no gaps.
  @inline(__always)
  func forEachPresent(_ validity: Bitmap?, _ body: (UnsafeBufferPointer<Element>) -> Void) {
    let stretch = 1_024
    withUnsafeBufferPointer { values in
      guard let validity else {
        for start in stride(from: 0, to: values.count, by: stretch) {
          body(UnsafeBufferPointer(rebasing: values[start..<min(start + stretch, values.count)]))
        }
        return
      }
      withUnsafeTemporaryAllocation(of: Element.self, capacity: stretch) { room in
        for start in stride(from: 0, to: values.count, by: stretch) {
          var found = 0
          for first in stride(from: start, to: min(start + stretch, values.count), by: 64) {
            var valid = validity.word(first / 64)
            // Written wherever the next one goes, and kept where it counts: no branch to guess.
            for row in first..<min(first + 64, values.count) {
              room[found] = values[row]
              found &+= Int(truncatingIfNeeded: valid & 1)
              valid &>>= 1
            }
          }
          body(UnsafeBufferPointer(rebasing: room[0..<found]))
        }
      }
    }
  }
}

extension UnsafeBufferPointer where Element: Comparable {
  /// The least and the greatest of these and of what came before.
  ///
  /// A NaN is neither: it compares as less than nothing, and nothing as less than it.
  @inline(__always)
  func widen(_ least: inout Element, _ greatest: inout Element) {
    var (low, high) = (least, greatest)
    for value in self {
      low = value < low ? value : low
      high = value > high ? value : high
    }
    (least, greatest) = (low, high)
  }
}

/// How often each number comes, of numbers that lie near each other: what is asked of all of them is answered
/// by a look at these.
struct NearNumbers {
  private let lowest: Int64
  private var counts: [UInt32]

  /// The numbers of `column`, nulls aside; `nil` where they lie apart.
  init?(_ numbers: Buffer<Int64>, _ validity: Bitmap?) {
    var (least, greatest) = (Int64.max, Int64.min)
    // A null's slot holds zero or anything; it may widen the range and no more.
    numbers.withUnsafeBufferPointer { $0.widen(&least, &greatest) }
    let range = least <= greatest ? UInt64(bitPattern: greatest &- least) : 0
    guard range < 1 << 16, range <= numbers.count, numbers.count <= Int(UInt32.max) else {
      return nil
    }
    lowest = least
    counts = [UInt32](repeating: 0, count: Int(range) + 1)
    counts.withUnsafeMutableBufferPointer { counts in
      numbers.withUnsafeBufferPointer { numbers in
        for first in stride(from: 0, to: numbers.count, by: 64) {
          var valid = validity?.word(first / 64) ?? .max
          for row in first..<min(first + 64, numbers.count) {
            counts[Int(truncatingIfNeeded: numbers[row] &- least)] &+= UInt32(
              truncatingIfNeeded: valid & 1)
            valid &>>= 1
          }
        }
      }
    }
  }

  /// Calls `body` with each number that there is, ascending, and how often it comes.
  @inline(__always)
  func forEach(_ body: (_ number: Int64, _ count: Int) -> Void) {
    for (place, count) in counts.enumerated() where count > 0 {
      body(lowest &+ Int64(place), Int(count))
    }
  }
}
