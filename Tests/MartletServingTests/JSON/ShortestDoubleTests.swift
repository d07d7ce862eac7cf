import Testing

@testable import MartletServing

struct ShortestDoubleTests {
  @Test func `the digits are those of a description`() {
    var state: UInt64 = 11
    for _ in 0..<200_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      expectDescription(Double(bitPattern: state))
      expectDescription(Double(Int64(bitPattern: state) >> 40) / 100)
    }
  }

  @Test func `so are those of every power of two and its neighbours`() {
    for exponent in 0..<UInt64(2047) {
      for fraction: UInt64 in [0, 1, 2, 1 << 51, (1 << 52) - 2, (1 << 52) - 1] {
        expectDescription(Double(bitPattern: exponent << 52 | fraction))
      }
    }
  }

  @Test func `so are those of every power of ten`() {
    for exponent in -330...308 {
      for digits in ["1", "9", "9.5", "1.5", "-2.25"] {
        if let number = Double("\(digits)e\(exponent)") { expectDescription(number) }
      }
    }
  }

  private func expectDescription(_ number: Double) {
    guard number.isFinite else { return }
    var queue = ByteQueue()
    queue.append(number)
    let text = String(decoding: queue.unsafeBytes, as: UTF8.self)
    if text != number.description { Issue.record("\(number) became \(text)") }
  }
}
