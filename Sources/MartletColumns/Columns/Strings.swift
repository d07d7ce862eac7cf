/// Texts (or byte strings) side by side, without an allocation for each.
///
///     offsets  0     5  5        13
///     bytes    │hello│  │martlets│
///
/// Invariants:
/// - `offsets` holds `count + 1` offsets that never descend, each within `bytes`.
/// - A slice keeps all of `bytes` and takes a part of the offsets, so the first offset may be over
///   zero.
public struct Strings: Sendable {
  /// Where each text begins, and where the last one ends.
  public let offsets: Buffer<Int32>

  /// The texts' bytes; between the offsets only.
  public let bytes: Buffer<UInt8>

  /// The most bytes that one value's column can hold; more goes to a further batch.
  public static let mostBytes = Int(Int32.max)

  /// Texts in `bytes`, cut at `offsets`.
  public init(offsets: Buffer<Int32>, bytes: Buffer<UInt8>) {
    precondition(offsets.count > 0, "no offsets")
    self.offsets = offsets
    self.bytes = bytes
    checkInvariants()
  }

  /// A part of what was checked as a whole.
  private init(partWith offsets: Buffer<Int32>, of bytes: Buffer<UInt8>) {
    self.offsets = offsets
    self.bytes = bytes
  }

  /// The texts of `strings`, copied.
  public init(_ strings: some Sequence<String>) {
    var builder = StringsBuilder()
    for string in strings { builder.append(string) }
    self = builder.finish()
  }

  /// No texts.
  public init() { self.init(offsets: [0], bytes: []) }

  /// The number of texts.
  public var count: Int { offsets.count - 1 }

  /// Where text `index` lies in `bytes`.
  public func range(_ index: Int) -> Range<Int> {
    Int(offsets[index])..<Int(offsets[index + 1])
  }

  /// Text `index`, as a string of its own; ill-formed UTF-8 is mended.
  public subscript(index: Int) -> String {
    String(decoding: bytes(at: index), as: UTF8.self)
  }

  /// The bytes of text `index`, as an array of their own.
  public func bytes(at index: Int) -> [UInt8] {
    withBytes(at: index) { Array($0) }
  }

  /// Calls `body` with the bytes of text `index`; the pointer is good for the call.
  public func withBytes<Result, Failure: Error>(
    at index: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = range(index)
    return try bytes.withUnsafeBufferPointer { (all) throws(Failure) in
      try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(all)[range]))
    }
  }

  /// The texts in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> Strings {
    Strings(partWith: offsets.slice(range.lowerBound..<range.upperBound + 1), of: bytes)
  }

  /// Whether both are the same part of the same memory, which is quick to see.
  func isIdentical(to other: Strings) -> Bool {
    offsets.isIdentical(to: other.offsets) && bytes.isIdentical(to: other.bytes)
  }

  /// The bytes of these texts alone, of all that `bytes` may share.
  public var textByteCount: Int { Int(offsets[count]) - Int(offsets[0]) }
}

extension Strings {
  func checkInvariants() {
    #if MARTLET_CHECKS
      precondition(offsets[0] >= 0 && Int(offsets[count]) <= bytes.count, "offset outside bytes")
      for index in 0..<count {
        precondition(offsets[index] <= offsets[index + 1], "offset \(index) descends")
      }
    #endif
  }
}

extension Strings: Equatable {
  public static func == (one: Strings, other: Strings) -> Bool {
    one.count == other.count
      && (0..<one.count).allSatisfy { index in
        one.withBytes(at: index) { mine in
          other.withBytes(at: index) { theirs in mine.elementsEqual(theirs) }
        }
      }
  }
}
