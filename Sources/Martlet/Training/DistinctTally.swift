import MartletColumns

/// How many different values there are.
public struct DistinctCount: Sendable, Equatable, CustomStringConvertible {
  /// About how many.
  public let count: Int

  /// Whether there are exactly so many.
  public let isExact: Bool

  public var description: String { isExact ? "\(count)" : "~\(count)" }
}

/// How many different values some columns have: exactly while they are few, nearly when they are many.
///
///     level 0   every hash is kept            … until more than 32,768 are
///     level 1   those that end with one zero  … each stands for 2
///     level 2   those that end with two       … each stands for 4
///
/// To know a million values takes room for each of them, and a look far from the processor for each row.
/// Of many only a share is kept, chosen by hash: a value that comes again is kept or passed over
/// again, so that the count depends neither on the order nor on the stretches that values come in. What
/// is counted so is off by one in a hundred or so.
struct DistinctTally: Sendable {
  /// Up to so many different values the count is exact.
  static let mostExact = 1 << 15

  /// Hashes by open addressing, at most half full; 0 where there is none.
  private var slots = [UInt64](repeating: 0, count: 1 << 8)
  private var kept = 0
  private var level: UInt64 = 0

  /// How many different values came.
  var count: DistinctCount { DistinctCount(count: kept << Int(level), isExact: level == 0) }

  /// Adds the values of `column`, nulls aside; says `false` of a type whose values are no keys.
  ///
  /// Values are the same as where they are keys: -0.0 is 0.0, and a NaN is every NaN.
  mutating func add(_ column: Column) -> Bool {
    switch column.values {
    case .int(let numbers), .time(let numbers):
      if !add(near: column.validity, numbers) {
        add(column.validity, numbers) { UInt64(bitPattern: $0) }
      }
    case .double(let numbers):
      add(column.validity, numbers) { number in
        number.isNaN ? Double.nan.bitPattern : number == 0 ? 0 : number.bitPattern
      }
    case .bool(let flags):
      add(column.validity, flags) { $0 ? 1 : 0 }
    case .string(let texts), .bytes(let texts):
      column.forEachFilledRow { add(hash: texts.withBytes(at: $0) { XXHash64.hash($0) }) }
    case .dictionary(let texts):
      var isNew = [Bool](repeating: true, count: texts.dictionary.count)
      column.forEachFilledRow { row in
        let code = Int(texts.codes[row])
        guard isNew[code] else { return }
        isNew[code] = false
        add(hash: texts.dictionary.withBytes(at: code) { XXHash64.hash($0) })
      }
    case .list, .vector: return false
    }
    return true
  }

  /// Adds values 1,024 at a time: all are hashed, and what this level passes over is left behind, before
  /// any is looked up. No branch is there to guess, nulls or not.
  @inline(__always)
  private mutating func add<Element>(
    _ validity: Bitmap?, _ values: Buffer<Element>, _ word: (Element) -> UInt64
  ) {
    let stretch = 1_024
    values.withUnsafeBufferPointer { values in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: stretch) { room in
        for start in stride(from: 0, to: values.count, by: stretch) {
          let passing: UInt64 = 1 &<< level &- 1
          var found = 0
          for first in stride(from: start, to: min(start + stretch, values.count), by: 64) {
            var valid = validity?.word(first / 64) ?? .max
            for row in first..<min(first + 64, values.count) {
              let hash = Self.mixed(word(values[row]))
              room[found] = hash
              found &+= Int(truncatingIfNeeded: hash & passing == 0 ? valid & 1 : 0)
              valid &>>= 1
            }
          }
          for index in 0..<found { add(hash: room[index]) }
        }
      }
    }
  }

  /// Adds numbers that lie near each other, by a flag for each that there may be; says `false`, and does
  /// nothing, of those that lie apart.
  private mutating func add(near validity: Bitmap?, _ numbers: Buffer<Int64>) -> Bool {
    var (least, greatest) = (Int64.max, Int64.min)
    numbers.withUnsafeBufferPointer { numbers in
      // A null's slot holds zero or anything; it may widen the range and no more.
      for number in numbers {
        least = number < least ? number : least
        greatest = number > greatest ? number : greatest
      }
    }
    guard least <= greatest else { return true }
    let range = UInt64(bitPattern: greatest &- least)
    guard range < 1 << 16, range < numbers.count else { return false }
    var isThere = [UInt8](repeating: 0, count: Int(range) + 1)
    isThere.withUnsafeMutableBufferPointer { isThere in
      numbers.withUnsafeBufferPointer { numbers in
        for first in stride(from: 0, to: numbers.count, by: 64) {
          var valid = validity?.word(first / 64) ?? .max
          for row in first..<min(first + 64, numbers.count) {
            isThere[Int(truncatingIfNeeded: numbers[row] &- least)] |= UInt8(
              truncatingIfNeeded: valid & 1)
            valid &>>= 1
          }
        }
      }
    }
    for (place, flag) in isThere.enumerated() where flag == 1 {
      add(hash: Self.mixed(UInt64(bitPattern: least &+ Int64(place))))
    }
    return true
  }

  /// Spreads what differs in any bit over all of them, and gives no two words one hash.
  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ word &>> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word &>> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word &>> 31
  }

  @inline(__always)
  private mutating func add(hash: UInt64) {
    guard hash & (1 &<< level &- 1) == 0 else { return }
    keep(hash == 0 ? 1 &<< 63 : hash)
  }

  private mutating func keep(_ hash: UInt64) {
    guard Self.place(hash, in: &slots) else { return }
    kept += 1
    if kept > Self.mostExact {
      repeat { raiseLevel() } while kept > Self.mostExact
    } else if kept * 2 > slots.count {
      var larger = [UInt64](repeating: 0, count: slots.count * 4)
      for held in slots where held != 0 { _ = Self.place(held, in: &larger) }
      slots = larger
    }
  }

  private mutating func raiseLevel() {
    level += 1
    var fewer = [UInt64](repeating: 0, count: slots.count)
    kept = 0
    for held in slots where held != 0 && held & (1 &<< level &- 1) == 0 {
      kept += Self.place(held, in: &fewer) ? 1 : 0
    }
    slots = fewer
  }

  /// Puts `hash` where it belongs; says `false` where it is already.
  @inline(__always)
  private static func place(_ hash: UInt64, in slots: inout [UInt64]) -> Bool {
    slots.withUnsafeMutableBufferPointer { slots in
      let mask = slots.count &- 1
      // The lowest bits tell the level, so the highest find the slot.
      var slot = Int(truncatingIfNeeded: hash &>> 40) & mask
      while slots[slot] != 0 {
        if slots[slot] == hash { return false }
        slot = (slot &+ 1) & mask
      }
      slots[slot] = hash
      return true
    }
  }
}

extension Column {
  /// Calls `body` with each row that is not null.
  fileprivate func forEachFilledRow(_ body: (Int) -> Void) {
    guard let validity else {
      for row in 0..<count { body(row) }
      return
    }
    validity.forEachRun { rows in for row in rows { body(row) } }
  }
}
