import MartletAggregates
public import MartletColumns

/// How the rows of a training set are dealt to its parts: the same rows to the same parts every time.
///
/// - By entity, all rows of one go to one part: a hash of its keys, a number from 0 to 1, falls into one
///   of the parts' shares. Another spine deals the same entity the same way.
/// - By time, each part begins at a moment: the first holds the earliest rows. Rows of one moment stay
///   together, and rows without a time go to the last part.
public struct TrainingSplit: Sendable, Equatable {
  /// The parts, each with its share of the rows. The shares add up to 1.
  public let parts: [(name: String, share: Double)]

  /// What rows are dealt by.
  public enum Basis: String, Sendable, CaseIterable { case entity, time }

  /// Parts of these shares; `nil` where they are not positive, do not add up to 1 or share a name.
  public init?(_ parts: [(name: String, share: Double)]) {
    let sum = parts.reduce(0) { $0 + $1.share }
    guard !parts.isEmpty, parts.allSatisfy({ $0.share > 0 && !$0.name.isEmpty }),
      abs(sum - 1) < 1e-9, Set(parts.map(\.name)).count == parts.count
    else { return nil }
    self.parts = parts
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.parts.elementsEqual(other.parts) { $0 == $1 }
  }

  /// The rows of each part, in the spine's order.
  public func rows(by basis: Basis, keys: [Column], times: Column) -> [Buffer<Int32>] {
    let dealt = basis == .entity ? partsByEntity(keys) : partsByTime(times)
    return parts.indices.map { part in
      Buffer(dealt.indices.lazy.filter { dealt[$0] == part }.map { Int32(truncatingIfNeeded: $0) })
    }
  }

  private func partsByEntity(_ keys: [Column]) -> [Int] {
    guard let count = keys.first?.count else { return [] }
    var grouper = Grouper(keys.map(\.type))
    let groups = grouper.groups(of: keys)
    var parts: [Int?] = Array(repeating: nil, count: grouper.count)
    return (0..<count).map { row in
      let group = Int(groups[row])
      let part = parts[group] ?? self.part(of: keys.map { $0[row] })
      parts[group] = part
      return part
    }
  }

  /// The part into whose share the hash of an entity falls.
  private func part(of key: [Value]) -> Int {
    var bytes: [UInt8] = []
    for value in key {
      // Each behind its length, so that no two keys are the same bytes.
      let text = value.bytesOfKey
      bytes += "\(text.count):".utf8
      bytes += text
    }
    let hash = bytes.withUnsafeBytes { StableHash.of($0) }
    // 53 bits, as many as a double tells apart.
    let place = Double(hash >> 11) / Double(1 << 53 as UInt64)
    var end = 0.0
    for (index, part) in parts.enumerated() {
      end += part.share
      if place < end { return index }
    }
    return parts.count - 1
  }

  private func partsByTime(_ times: Column) -> [Int] {
    guard case .time(let moments) = times.values else {
      preconditionFailure("times of \(times.type)")
    }
    let sorted = (0..<times.count).filter { !times.isNull(at: $0) }.map { moments[$0] }.sorted()
    var starts: [Int64] = []
    var share = 0.0
    for part in parts.dropLast() {
      share += part.share
      let place = Int((share * Double(sorted.count)).rounded())
      starts.append(place < sorted.count ? sorted[place] : .max)
    }
    return (0..<times.count).map { row in
      if times.isNull(at: row) { return parts.count - 1 }
      return starts.lastIndex { $0 <= moments[row] }.map { $0 + 1 } ?? 0
    }
  }
}

extension Value {
  /// Bytes that tell the value from every other that a key can have; they never change.
  fileprivate var bytesOfKey: [UInt8] {
    switch self {
    case .bool(let flag): Array("bool \(flag)".utf8)
    case .int(let number): Array("int \(number)".utf8)
    case .double(let number): Array("double \(number.isNaN ? 0 : (number + 0.0).bitPattern)".utf8)
    case .string(let text): Array("string \(text)".utf8)
    case .time(let instant): Array("time \(instant.microseconds)".utf8)
    case .bytes(let bytes): Array("bytes ".utf8) + bytes
    case .null, .list, .vector: Array("null".utf8)
    }
  }
}
