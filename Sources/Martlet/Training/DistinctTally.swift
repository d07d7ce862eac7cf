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
      if let near = NearNumbers(numbers, column.validity) {
        add(near)
      } else {
        numbers.forEachPresent(column.validity) { add($0) }
      }
    case .double(let numbers): numbers.forEachPresent(column.validity) { add($0) }
    case .bool(let flags):
      flags.forEachPresent(column.validity) { flags in
        for flag in [false, true] where flags.contains(flag) {
          add(hash: Self.mixed(flag ? 1 : 0))
        }
      }
    case .string(let texts), .bytes(let texts):
      column.forEachFilledRow { add(hash: texts.withBytes(at: $0) { XXHash64.hash($0) }) }
    case .dictionary(let texts):
      for (code, isUsed) in texts.areUsed(column.validity).enumerated() where isUsed == 1 {
        add(hash: texts.dictionary.withBytes(at: code) { XXHash64.hash($0) })
      }
    case .list, .vector: return false
    }
    return true
  }

  /// Adds doubles that are no nulls.
  mutating func add(_ numbers: UnsafeBufferPointer<Double>) {
    add(numbers) { number in
      number.isNaN ? Double.nan.bitPattern : number == 0 ? 0 : number.bitPattern
    }
  }

  /// Adds numbers or times that are no nulls.
  mutating func add(_ numbers: UnsafeBufferPointer<Int64>) {
    add(numbers) { UInt64(bitPattern: $0) }
  }

  /// Adds numbers that lie near each other.
  mutating func add(_ numbers: NearNumbers) {
    numbers.forEach { number, _ in add(hash: Self.mixed(UInt64(bitPattern: number))) }
  }

  /// Adds up to 1,024 values: all are hashed, and what this level passes over is left behind, before any is
  /// looked up. No branch is there to guess.
  @inline(__always)
  private mutating func add<Element>(
    _ values: UnsafeBufferPointer<Element>, _ word: (Element) -> UInt64
  ) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: values.count) { room in
      let passing: UInt64 = 1 &<< level &- 1
      var found = 0
      for value in values {
        let hash = Self.mixed(word(value))
        room[found] = hash
        found &+= hash & passing == 0 ? 1 : 0
      }
      keep(UnsafeBufferPointer(rebasing: room[..<found]))
    }
  }

  /// Spreads what differs in any bit over all of them, and gives no two words one hash.
  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ word &>> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word &>> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word &>> 31
  }

  private mutating func add(hash: UInt64) {
    withUnsafePointer(to: hash) { keep(UnsafeBufferPointer(start: $0, count: 1)) }
  }

  /// Keeps those of `hashes` that this level does not pass over.
  private mutating func keep(_ hashes: UnsafeBufferPointer<UInt64>) {
    var at = 0
    while at < hashes.count {
      // So many find room, all of them new, before anything is to be done about it.
      let end = min(hashes.count, at + min(Self.mostExact, slots.count / 2) - kept + 1)
      let passing: UInt64 = 1 &<< level &- 1
      var found = 0
      slots.withUnsafeMutableBufferPointer { slots in
        for index in at..<end where hashes[index] & passing == 0 {
          let hash = hashes[index]
          found &+= Self.place(hash == 0 ? 1 &<< 63 : hash, in: slots) ? 1 : 0
        }
      }
      kept += found
      at = end
      while kept > Self.mostExact { raiseLevel() }
      if kept * 2 > slots.count {
        var larger = [UInt64](repeating: 0, count: slots.count * 4)
        larger.withUnsafeMutableBufferPointer { larger in
          for held in slots where held != 0 { _ = Self.place(held, in: larger) }
        }
        slots = larger
      }
    }
  }

  private mutating func raiseLevel() {
    level += 1
    var fewer = [UInt64](repeating: 0, count: slots.count)
    kept = 0
    fewer.withUnsafeMutableBufferPointer { fewer in
      for held in slots where held != 0 && held & (1 &<< level &- 1) == 0 {
        kept += Self.place(held, in: fewer) ? 1 : 0
      }
    }
    slots = fewer
  }

  /// Puts `hash` where it belongs; says `false` where it is already.
  @inline(__always)
  private static func place(
    _ hash: UInt64, in slots: UnsafeMutableBufferPointer<UInt64>
  ) -> Bool {
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

extension DictionaryStrings {
  /// For each text whether a row that is no null has it: 1 or 0.
  fileprivate func areUsed(_ validity: Bitmap?) -> [UInt8] {
    var areUsed = [UInt8](repeating: 0, count: dictionary.count)
    guard dictionary.count > 0 else { return areUsed }
    areUsed.withUnsafeMutableBufferPointer { areUsed in
      codes.withUnsafeBufferPointer { codes in
        for first in stride(from: 0, to: codes.count, by: 64) {
          var valid = validity?.word(first / 64) ?? .max
          for row in first..<min(first + 64, codes.count) {
            areUsed[Int(codes[row])] |= UInt8(truncatingIfNeeded: valid & 1)
            valid &>>= 1
          }
        }
      }
    }
    return areUsed
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
