import Martlet
import MartletColumns
import MartletDiagnostics
import Testing

@testable import MartletServing

struct JSONValueTests {
  @Test func `doubles read back to the same bits`() throws {
    var state: UInt64 = 7
    var doubles: [Double] = [
      0, -0.0, 0.1, 1e22, 1e21, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 123_456_789_012_345_680, .infinity, -.infinity,
    ]
    for _ in 0..<5_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let double = Double(bitPattern: state)
      if !double.isNaN { doubles.append(double) }
    }
    let column = Column(.double(Buffer(doubles)))
    let back = try roundTrip(column)
    guard case .double(let numbers) = back.values else {
      Issue.record("no doubles")
      return
    }
    for (index, double) in doubles.enumerated() {
      #expect(numbers[index].bitPattern == double.bitPattern, "\(double)")
    }
  }

  @Test func `what is no number is said in words, and read back`() throws {
    let column = Column(.double([.nan, .infinity, -.infinity]))
    #expect(text(of: column) == #"["NaN","Infinity","-Infinity"]"#)
    guard case .double(let numbers) = try roundTrip(column).values else {
      Issue.record("no doubles")
      return
    }
    #expect(numbers[0].isNaN)
  }

  @Test func `whole numbers beyond 2^53 are exact`() throws {
    let numbers: [Int64] = [.max, .min, 9_007_199_254_740_993, -9_007_199_254_740_993, 0, -1]
    let column = Column(.int(Buffer(numbers)))
    #expect(
      text(of: column)
        == "[9223372036854775807,-9223372036854775808,9007199254740993,-9007199254740993,0,-1]")
    #expect(try roundTrip(column) == column)
  }

  @Test func `every type reads back, nulls too`() throws {
    let types: [(ColumnType, [Value])] = [
      (.bool, [.bool(true), .null, .bool(false)]),
      (.string, [.string("a\"\\\n\u{1}é😀\u{7F}"), .null, .string("")]),
      (.time, [.time(Instant(microseconds: 1_700_000_000_123_456)), .null]),
      (.bytes, [.bytes([0, 255, 1]), .bytes([]), .null, .bytes([7]), .bytes([1, 2])]),
      (.list(.int), [.list([.int(1), .null]), .list([]), .null]),
      (.list(.list(.string)), [.list([.list([.string("x")]), .null])]),
      (.vector(width: 2), [.vector([0.1, -3]), .null]),
    ]
    for (type, values) in types {
      let column = try #require(Column(type, values))
      #expect(try roundTrip(column) == column, "\(type)")
    }
  }

  @Test(arguments: [
    "A", "AB", "ABC", "A===", "AB=C", "AB==CD==", "AAB=", "AB\u{e9}=", "AAF=", "AB==",
  ])
  func `base64 has one way to write bytes`(text: String) {
    let bytes = Array(text.utf8)
    let decoded = bytes.withUnsafeBytes { Base64.decode($0) }
    guard let decoded else { return }
    var again: [UInt8] = []
    decoded.withUnsafeBytes { Base64.encode($0) { again.append($0) } }
    #expect(again == bytes)
  }

  @Test func `a value by itself is written as it is in an answer`() throws {
    let values: [Value] = [
      .null, .bool(true), .int(.min), .double(0.1), .double(1e300), .double(.nan),
      .double(.infinity), .double(-.infinity), .string("a\"é"), .bytes([0, 255, 7]),
      .time(Instant(microseconds: 1_700_000_000_123_456)), .list([.double(.nan), .bytes([1])]),
      .vector([0.1, 3e20, -.infinity]),
    ]
    for value in values {
      var queue = ByteQueue()
      queue.append(value)
      let text = String(decoding: queue.unsafeBytes, as: UTF8.self)
      // Both as the parser sees them: a number's text may be longer in one than in the other.
      #expect(try JSON(reading: "[\(text)]") == .array([value.json]), "\(value)")
    }
  }

  private func text(of column: Column) -> String {
    var queue = ByteQueue()
    queue.append("[")
    queue.append(values: column)
    queue.append("]")
    return String(decoding: queue.unsafeBytes, as: UTF8.self)
  }

  private func roundTrip(_ column: Column) throws -> Column {
    let bytes = Array(text(of: column).utf8)
    return try bytes.withUnsafeBytes { bytes in
      var reader = JSONReader(bytes)
      let back = try Column(reading: &reader, as: column.type, at: "")
      try reader.end()
      return back
    }
  }
}
