/// An aggregate whose state is how often each key was seen, up to a bound.
public protocol CountsKeys: Aggregate where State == KeyCounts<Input>, Input: Ranked {
  /// How many different keys a state may have; with more the feature's value is null.
  var bound: Int { get }
}

extension CountsKeys {
  public var empty: KeyCounts<Input> { KeyCounts() }

  public func add(_ input: Input, to state: inout KeyCounts<Input>) {
    state.add(1, of: input.asKey, bound: bound)
  }

  public func merge(_ other: KeyCounts<Input>, into state: inout KeyCounts<Input>) {
    state.merge(other, bound: bound)
  }

  // version · keys
  public func encode(_ state: KeyCounts<Input>, into writer: inout StateWriter) {
    writer.write(byte: 1)
    state.write(to: &writer)
  }

  public func decode(from reader: inout StateReader) throws(StateError) -> KeyCounts<Input> {
    try reader.readVersion(1)
    return try KeyCounts.read(from: &reader, bound: bound)
  }
}

/// A key and how often it was seen.
public struct CountedKey<Key: Ranked & Equatable>: Sendable, Equatable {
  public var key: Key
  public var count: Int64

  /// `key`, seen `count` times.
  public init(_ key: Key, count: Int64) {
    self.key = key
    self.count = count
  }
}

extension KeyCounts where Key: Equatable {
  /// Every key with its count, by key; `nil` over the bound.
  var counted: [CountedKey<Key>]? {
    entries?.map { CountedKey($0.key, count: Int64(clamping: $0.count.number)) }
  }
}
