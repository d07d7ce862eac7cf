public import MartletColumns

/// A value that sketches can tell from others.
public protocol Hashed: Sendable {
  /// 64 bits that are the same for the same value, on every machine, for ever.
  var stableHash: UInt64 { get }
}

extension Int64: Hashed {
  public var stableHash: UInt64 { StableHash.of(self) }
}

extension Instant: Hashed {
  public var stableHash: UInt64 { StableHash.of(microseconds) }
}

extension Bool: Hashed {
  public var stableHash: UInt64 { StableHash.of(self ? 1 : Int64(0)) }
}

extension Double: Hashed {
  public var stableHash: UInt64 { StableHash.of(self) }
}

extension String: Hashed {
  public var stableHash: UInt64 {
    var text = self
    return text.withUTF8 { StableHash.of(UnsafeRawBufferPointer($0)) }
  }
}

extension [UInt8]: Hashed {
  public var stableHash: UInt64 { withUnsafeBytes { StableHash.of($0) } }
}
