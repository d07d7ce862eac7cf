import Glibc
import MartletColumns
import Synchronization

/// Values that were read lately, by their keys, in as much memory as it is given.
///
///     hash of the key ──▶ shard ──▶ a row of eight places ──▶ key, value
///
/// RocksDB's own cache holds blocks, in which a key is still to be found; here one comparison finds it.
/// A value is put where its row has room, else in the place of one that was not asked for since the row
/// was last looked over.
///
/// Nothing old can be found here: whoever writes takes the key out before and keeps it out until the
/// write is made, and a value that was read is put here only where nobody began to write meanwhile.
final class ValueCache: Sendable {
  private let shards: [Shard]

  /// Larger values are left to RocksDB, in whose blocks they lie alone.
  static let largestValueInBytes = 64 << 10

  private static let shardCount = 64

  /// A cache that takes about `limitInBytes`.
  init(limitInBytes: Int) {
    shards = (0..<Self.shardCount).map { _ in Shard(limitInBytes: limitInBytes / Self.shardCount) }
  }

  /// A part of the cache with a lock of its own.
  private final class Shard: Sendable {
    let places: Mutex<CachePlaces>

    init(limitInBytes: Int) { places = Mutex(CachePlaces(limitInBytes: limitInBytes)) }
  }

  /// A key, and where its value may be.
  struct Address {
    let key: UnsafeRawBufferPointer
    let hash: UInt64

    init(_ key: UnsafeRawBufferPointer) {
      self.key = key
      hash = XXHash64.hash(key)
    }
  }

  /// What is known of a key.
  enum Found {
    case value(CachedValue)

    /// Nothing. What is read now may be put here with this leave; without one nothing may.
    case nothing(Leave?)
  }

  /// The leave to put a value that is read from now on, unless somebody writes meanwhile.
  struct Leave: Equatable {
    fileprivate let epoch: UInt64
  }

  private func shard(_ address: Address) -> Shard {
    shards[Int(truncatingIfNeeded: address.hash &>> 58)]
  }

  func find(_ address: Address) -> Found {
    shard(address).places.withLock { places in
      if let value = places.find(address) { return .value(value) }
      return .nothing(places.writerCount == 0 ? Leave(epoch: places.epoch) : nil)
    }
  }

  /// Keeps `value`, which was read since `leave` was given.
  func put(_ address: Address, _ value: CachedValue, _ leave: Leave) {
    guard value.bytes.count <= Self.largestValueInBytes else { return }
    shard(address).places.withLock { places in
      guard places.writerCount == 0, places.epoch == leave.epoch else { return }
      places.put(address, value)
    }
  }

  /// The key is about to be written: it is taken out, and stays out until `endWriting`.
  func beginWriting(_ address: Address) {
    shard(address).places.withLock { places in
      places.beginWriting()
      places.remove(address)
    }
  }

  func endWriting(_ address: Address) { shard(address).places.withLock { $0.endWriting() } }

  /// Any key may be written: nothing is kept, until `endWritingAll`.
  func beginWritingAll() {
    for shard in shards {
      shard.places.withLock { places in
        places.beginWriting()
        places.removeAll()
      }
    }
  }

  func endWritingAll() {
    for shard in shards { shard.places.withLock { $0.endWriting() } }
  }
}

/// A key and its value, in memory that whoever reads it holds on to.
///
/// `@unchecked Sendable`: written in `init` and never again.
final class CachedValue: @unchecked Sendable {
  private let room: UnsafeMutableRawBufferPointer
  private let keyCount: Int

  /// Whether its blocks are as they were written, which need not be asked again: most of a small value is
  /// read for nothing else. A large one is looked at in parts.
  let isSound: Bool

  private static let mostLookedThrough = 4 << 10

  init(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    keyCount = key.count
    isSound = value.count <= Self.mostLookedThrough && RowBlock.areSound(value)
    room = .allocate(byteCount: key.count + value.count, alignment: 8)
    room.copyMemory(from: key)
    UnsafeMutableRawBufferPointer(rebasing: room[keyCount...]).copyMemory(from: value)
  }

  deinit { room.deallocate() }

  /// The value's bytes, good as long as this is held.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[keyCount...]) }

  func isOf(_ key: UnsafeRawBufferPointer) -> Bool {
    guard key.count == keyCount, let ours = room.baseAddress, let theirs = key.baseAddress else {
      return false
    }
    return memcmp(ours, theirs, keyCount) == 0
  }

  /// About what it takes, with what holds it.
  var sizeInBytes: Int { room.count + 96 }
}

/// The places of one shard, in rows of eight.
///
/// Invariants:
/// - A value lies in the row that its hash names.
/// - `sizeInBytes` is that of all values, and no more than the limit after a `put`.
private struct CachePlaces {
  /// Changes when somebody begins or ends writing.
  private(set) var epoch: UInt64 = 0

  /// Writes that are under way.
  private(set) var writerCount = 0

  private var places: [Place]
  private var count = 0
  private var sizeInBytes = 0
  private let limitInBytes: Int

  /// Where the search for something to give up goes on.
  private var hand = 0

  private static let rowLength = 8

  private struct Place {
    var hash: UInt64 = 0
    var value: CachedValue?

    /// Whether it was asked for since it was last looked over.
    var isWarm = false
  }

  init(limitInBytes: Int) {
    self.limitInBytes = limitInBytes
    places = Array(repeating: Place(), count: Self.rowLength)
  }

  private func row(_ hash: UInt64) -> Range<Int> {
    let rows = UInt64(places.count / Self.rowLength)
    // The highest bits have named the shard; the number of rows is a power of two.
    let start = Int(truncatingIfNeeded: hash & (rows - 1)) * Self.rowLength
    return start..<start + Self.rowLength
  }

  private func place(_ address: ValueCache.Address) -> Int? {
    for place in row(address.hash) where places[place].hash == address.hash {
      if let value = places[place].value, value.isOf(address.key) { return place }
    }
    return nil
  }

  mutating func find(_ address: ValueCache.Address) -> CachedValue? {
    guard let place = place(address) else { return nil }
    places[place].isWarm = true
    return places[place].value
  }

  mutating func put(_ address: ValueCache.Address, _ value: CachedValue) {
    remove(address)
    if count > places.count / 4 * 3, sizeInBytes < limitInBytes { grow() }
    let row = row(address.hash)
    let place =
      row.first { places[$0].value == nil } ?? row.first { !places[$0].isWarm } ?? row.lowerBound
    for cooled in row { places[cooled].isWarm = false }
    clear(place)
    places[place] = Place(hash: address.hash, value: value)
    count += 1
    sizeInBytes += value.sizeInBytes
    while sizeInBytes > limitInBytes { giveUpOne() }
  }

  mutating func remove(_ address: ValueCache.Address) {
    if let place = place(address) { clear(place) }
  }

  mutating func removeAll() {
    places = Array(repeating: Place(), count: Self.rowLength)
    (count, sizeInBytes, hand) = (0, 0, 0)
  }

  mutating func beginWriting() {
    writerCount += 1
    epoch &+= 1
  }

  mutating func endWriting() {
    writerCount -= 1
    epoch &+= 1
  }

  private mutating func clear(_ place: Int) {
    guard let value = places[place].value else { return }
    count -= 1
    sizeInBytes -= value.sizeInBytes
    places[place] = Place()
  }

  /// Gives up the next value that was not asked for since the hand last came by.
  private mutating func giveUpOne() {
    while count > 0 {
      defer { hand = (hand + 1) % places.count }
      if hand >= places.count { hand = 0 }
      guard places[hand].value != nil else { continue }
      guard places[hand].isWarm else { return clear(hand) }
      places[hand].isWarm = false
    }
  }

  /// Doubles the rows.
  private mutating func grow() {
    let old = places
    places = Array(repeating: Place(), count: old.count * 2)
    (count, sizeInBytes, hand) = (0, 0, 0)
    for place in old {
      guard let value = place.value else { continue }
      // Half of a full row fits into each of the two that it becomes, or all of it into one.
      guard let room = row(place.hash).first(where: { places[$0].value == nil }) else { continue }
      places[room] = place
      count += 1
      sizeInBytes += value.sizeInBytes
    }
  }
}
