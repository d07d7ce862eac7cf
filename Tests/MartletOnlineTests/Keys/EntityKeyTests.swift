import MartletColumns
import SeededRandom
import Testing

@testable import MartletOnline

/// Keys order as the values that they are made of, and no two mean the same bytes.
struct EntityKeyTests {
  @Test(arguments: Seed.first(40))
  func `bytes order as keys do, and differ where keys do`(seed: Seed) throws {
    var random = seed.generator()
    let types = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      [ColumnType.string, .bytes, .int, .time, .double, .bool].randomElement(using: &random) ?? .int
    }
    let keys = (0..<40).map { _ in types.map { KeyPart.random(of: $0, using: &random) } }
    let columns = try types.indices.map { index in
      try #require(Column(types[index], keys.map { $0[index].value }))
    }
    let encoder = EntityKey(columns)
    let encoded = keys.indices.map { row in
      var bytes: [UInt8] = []
      encoder.append(row, to: &bytes)
      return bytes
    }
    for (one, first) in zip(keys, encoded) {
      for (other, second) in zip(keys, encoded) {
        #expect(first.lexicographicallyPrecedes(second) == one.precedes(other), "\(one) \(other)")
        #expect((first == second) == (one == other), "\(one) \(other)")
      }
    }
  }

  @Test func `a text that ends and one that goes on are two keys`() throws {
    func key(_ texts: String...) throws -> [UInt8] {
      var bytes: [UInt8] = []
      EntityKey(try texts.map { try #require(Column(.string, [.string($0)])) })
        .append(0, to: &bytes)
      return bytes
    }
    #expect(try key("a", "b") != key("ab", ""))
    #expect(try key("a\0", "") != key("a", "\0"))
    #expect(try key("a\0\u{1}", "b") != key("a", "b"))
    #expect(try key("a", "b") == [0x61, 0, 1, 0x62, 0, 1])
  }

  @Test func `numbers lie on the disk as they always did`() throws {
    func key(_ value: Value, _ type: ColumnType) throws -> [UInt8] {
      var bytes: [UInt8] = []
      EntityKey([try #require(Column(type, [value]))]).append(0, to: &bytes)
      return bytes
    }
    #expect(try key(.int(-1), .int) == [0x7F, 255, 255, 255, 255, 255, 255, 255])
    #expect(try key(.int(258), .int) == [0x80, 0, 0, 0, 0, 0, 1, 2])
    #expect(try key(.double(-0.0), .double) == key(.double(0), .double))
    #expect(try key(.double(-.nan), .double) == key(.double(.nan), .double))
    #expect(try key(.double(-2), .double) == [0x3F, 255, 255, 255, 255, 255, 255, 255])
  }
}

/// A part of a key, as the test orders it.
private enum KeyPart: Equatable {
  case number(Int64, time: Bool)
  case double(Double)
  case text([UInt8], isString: Bool)
  case flag(Bool)

  static func random(of type: ColumnType, using random: inout SeededGenerator) -> KeyPart {
    switch type {
    case .int, .time:
      let number = [Int64.min, -256, -1, 0, 1, 255, .max].randomElement(using: &random) ?? 0
      return .number(number, time: type == .time)
    case .double:
      let numbers = [-.infinity, -1.5, 0, 1e-300, -1e-300, 1e300, .infinity]
      return .double(numbers.randomElement(using: &random) ?? 0)
    case .bool: return .flag(Bool.random(using: &random))
    default:
      let bytes: [UInt8] = type == .string ? [0, 1, 97] : [0, 1, 97, 254, 255]
      let count = Int.random(in: 0...4, using: &random)
      let text = (0..<count).map { _ in bytes.randomElement(using: &random) ?? 0 }
      return .text(text, isString: type == .string)
    }
  }

  var value: Value {
    switch self {
    case .number(let number, let isTime):
      isTime ? .time(Instant(microseconds: number)) : .int(number)
    case .double(let number): .double(number)
    case .text(let bytes, let isString):
      isString ? .string(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes)
    case .flag(let flag): .bool(flag)
    }
  }

  func precedes(_ other: KeyPart) -> Bool {
    switch (self, other) {
    case (.number(let one, _), .number(let two, _)): one < two
    case (.double(let one), .double(let two)): one < two
    case (.text(let one, _), .text(let two, _)): one.lexicographicallyPrecedes(two)
    case (.flag(let one), .flag(let two)): !one && two
    default: false
    }
  }
}

extension [KeyPart] {
  fileprivate func precedes(_ other: [KeyPart]) -> Bool {
    for (one, two) in zip(self, other) where one != two { return one.precedes(two) }
    return false
  }
}
