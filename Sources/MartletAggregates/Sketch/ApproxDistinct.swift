public import MartletColumns

/// About how many different values there are: HyperLogLog, exact while they are few.
///
/// Up to 256 different hashes a state holds the hashes themselves, and their number is the answer
/// (wrong only where two values share all 64 bits). Beyond, it holds 4,096 registers, whose
/// standard error is 1.04 / √4096 = 1.6 %. Which form a state has depends only on the set of
/// hashes it has seen, so it is the same in every order and split. No rows: 0.
public struct ApproxDistinct<Value: Hashed>: Aggregate {
  /// About how many different values.
  public init() {}

  /// What was seen, in one of two forms.
  public enum State: Sendable, Equatable {
    /// At most `mostHashes`, ascending, each once.
    case hashes([UInt64])
    case registers(DistinctRegisters)
  }

  /// As many hashes as take less room than registers.
  static var mostHashes: Int { 256 }

  public var empty: State { .hashes([]) }

  public func add(_ input: Value, to state: inout State) { add(hash: input.stableHash, to: &state) }

  /// Adds a value by its `StableHash`, for texts that lie in a column's bytes.
  public func add(hash: UInt64, to state: inout State) {
    switch state {
    case .hashes(var hashes):
      let place = hashes.firstIndex(past: { $0 >= hash })
      if place < hashes.count, hashes[place] == hash { return }
      state = empty  // so that `hashes` is changed in place
      hashes.insert(hash, at: place)
      state = hashes.count <= Self.mostHashes ? .hashes(hashes) : .registers(.init(of: hashes))
    case .registers(var registers):
      state = empty
      registers.add(hash)
      state = .registers(registers)
    }
  }

  public func add(_ inputs: Span<Value>, to state: inout State) {
    var index = 0
    while index < inputs.count, case .hashes = state {
      add(inputs[index], to: &state)
      index += 1
    }
    guard case .registers(var registers) = state else { return }
    state = empty
    while index < inputs.count {
      registers.add(inputs[index].stableHash)
      index += 1
    }
    state = .registers(registers)
  }

  /// Adds a row for each of `texts`, hashing them where they lie.
  public func add(_ texts: Strings, to state: inout State) where Value == String {
    for index in 0..<texts.count {
      add(hash: texts.withBytes(at: index) { StableHash.of($0) }, to: &state)
    }
  }

  public func merge(_ other: State, into state: inout State) {
    switch other {
    case .hashes(let hashes):
      for hash in hashes { add(hash: hash, to: &state) }
    case .registers(let registers):
      var joined = registers
      switch state {
      case .hashes(let hashes): for hash in hashes { joined.add(hash) }
      case .registers(let mine): joined.merge(mine)
      }
      state = .registers(joined)
    }
  }

  public func value(of state: State) -> Int64? {
    switch state {
    case .hashes(let hashes): Int64(hashes.count)
    case .registers(let registers): Int64(registers.estimate.rounded())
    }
  }

  // version · 0 · count · hashes ascending, or version · 1 · registers, six bits each
  public func encode(_ state: State, into writer: inout StateWriter) {
    writer.write(byte: 1)
    switch state {
    case .hashes(let hashes):
      writer.write(byte: 0)
      writer.write(UInt64(hashes.count))
      for hash in hashes { writer.write(fixed: hash) }
    case .registers(let registers):
      writer.write(byte: 1)
      registers.write(to: &writer)
    }
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> State {
    try reader.readVersion(1)
    guard try Bool.read(from: &reader) else { return .hashes(try readHashes(from: &reader)) }
    return .registers(try DistinctRegisters.read(from: &reader))
  }

  private func readHashes(from reader: inout StateReader) throws(StateError) -> [UInt64] {
    var hashes: [UInt64] = []
    for _ in 0..<(try reader.readCount("hash count", atMost: Self.mostHashes)) {
      let hash = try reader.readFixed("hash")
      if let last = hashes.last, last >= hash { throw StateError("hashes", .outOfOrder) }
      hashes.append(hash)
    }
    return hashes
  }
}
