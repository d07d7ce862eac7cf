import MartletColumns
import Testing

@testable import MartletCommand

/// Work beside its caller's, with threads and without.
struct AsideTests {
  struct Refusal: Error {}

  @Test(arguments: [true, false])
  func `what comes of it is told as often as it is asked for`(isApart: Bool) throws {
    let sum = Aside(isApart: isApart) { (1...100).reduce(0, +) }
    #expect(try sum.value() == 5_050)
    #expect(try sum.value() == 5_050)
    let refused = Aside<Int>(isApart: isApart) { throw Refusal() }
    #expect(throws: Refusal.self) { try refused.value() }
    #expect(throws: Refusal.self) { try refused.value() }
    // Nobody asks: it is waited for, and no more.
    _ = Aside(isApart: isApart) { [UInt8](repeating: 1, count: 1 << 20) }
  }

  @Test(arguments: [true, false])
  func `a file is hashed while it is written, whatever the pieces`(isApart: Bool) throws {
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<(9 << 20) + 13).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let hash = WrittenHash(isApart: isApart)
    var start = 0
    while start < bytes.count {
      let end = min(start + Int.random(in: 0...3 << 20, using: &random), bytes.count)
      let piece = Buffer(bytes[start..<end])
      try hash.add(piece.span)
      start = end
    }
    #expect(try hash.finish().value().digest() == SHA256.digest(bytes))
    #expect(
      try WrittenHash(isApart: isApart).finish().value().digest() == SHA256.digest([]))
  }
}
