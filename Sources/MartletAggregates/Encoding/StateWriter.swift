/// The bytes of states: whole numbers in as few bytes as they need, the same on every machine.
public struct StateWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// Nothing written.
  public init() {}

  /// Writes one byte.
  public mutating func write(byte: UInt8) { bytes.append(byte) }

  /// Writes `number`, seven bits a byte, the lowest first.
  public mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Writes `number` so that small ones are short, whatever their sign.
  public mutating func write(signed number: Int64) {
    write(UInt64(bitPattern: number &<< 1 ^ number &>> 63))
  }

  /// Writes the eight bytes of `number`, the lowest first.
  public mutating func write(fixed number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number &>> shift))
    }
  }

  /// Writes how many bytes there are, and the bytes.
  public mutating func write(counted content: some Collection<UInt8>) {
    write(UInt64(content.count))
    bytes.append(contentsOf: content)
  }
}
