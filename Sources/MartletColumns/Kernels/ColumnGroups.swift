/// Numbers the distinct values of one column, null among them, in the order of meeting them.
final class ColumnGroups {
  private let type: ColumnType
  // By the type, one of these holds the values; the other stays empty.
  private var words = IntGroups()
  private var texts = TextGroups()

  init(_ type: ColumnType) {
    precondition(type.canBeKey, "a \(type) is no key")
    self.type = type
  }

  private var isText: Bool { type == .string || type == .bytes }

  /// The number of distinct values so far.
  var count: Int { isText ? texts.count : words.count }

  /// The distinct values, by group; `nil` where their texts are too long for one column.
  func keys() -> Column? {
    let groupOfNull = isText ? texts.groupOfNull : words.groupOfNull
    let validity = groupOfNull.map { null in Bitmap((0..<count).map { $0 != null }) }
    let numbers = Buffer(copying: words.keys.span)
    switch type {
    case .int: return Column(.int(numbers), validity: validity)
    case .time: return Column(.time(numbers), validity: validity)
    case .double:
      return Column(.double(numbers.reinterpreted(as: Double.self)), validity: validity)
    case .bool:
      return Column(.bool(Buffer((0..<count).map { numbers[$0] == 1 })), validity: validity)
    case .string: return texts.texts().map { Column(.string($0), validity: validity) }
    case .bytes: return texts.texts().map { Column(.bytes($0), validity: validity) }
    case .list, .vector: preconditionFailure("lists and vectors are no keys")
    }
  }

  /// The group of each row's value.
  func groups(of column: Column) -> Buffer<Int32> {
    precondition(column.type == type, "a \(column.type) key among \(type) keys")
    var groups = BufferBuilder<Int32>()
    groups.append(upTo: column.count) { room in
      guard let start = room.baseAddress else { return 0 }
      switch column.values {
      case .int(let numbers), .time(let numbers): assign(numbers, column.validity, start)
      case .double(let numbers): assign(numbers.canonicalBits(), column.validity, start)
      case .bool(let flags):
        assign(Buffer((0..<flags.count).map { flags[$0] ? 1 : 0 }), column.validity, start)
      case .string(let texts), .bytes(let texts): assign(texts, column.validity, start)
      case .dictionary(let texts): assign(texts, column.validity, start)
      case .list, .vector: preconditionFailure("lists and vectors are no keys")
      }
      return column.count
    }
    return groups.finish()
  }

  private func assign(
    _ numbers: Buffer<Int64>, _ validity: Bitmap?, _ groups: UnsafeMutablePointer<Int32>
  ) {
    numbers.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      guard let validity else { return words.assign(values, groups, count: numbers.count) }
      var row = 0
      while row < numbers.count {
        if validity[row] {
          let end = validity.endOfRun(from: row)
          words.assign(values + row, groups + row, count: end - row)
          row = end
        } else {
          groups[row] = words.assignNull()
          row += 1
        }
      }
    }
  }

  private func assign(
    _ texts: Strings, _ validity: Bitmap?, _ groups: UnsafeMutablePointer<Int32>
  ) {
    guard let validity else { return self.texts.assign(texts, groups) }
    for row in 0..<texts.count {
      groups[row] =
        validity[row]
        ? texts.withBytes(at: row) { self.texts.group(of: $0) }
        : self.texts.assignNull()
    }
  }

  /// Each text of a dictionary is looked up once, when a row first holds it.
  private func assign(
    _ texts: DictionaryStrings, _ validity: Bitmap?, _ groups: UnsafeMutablePointer<Int32>
  ) {
    var groupOfCode = BufferBuilder<Int32>()
    groupOfCode.append(repeating: -1, count: texts.dictionary.count)
    let codes = texts.codes.span
    for row in codes.indices {
      if let validity, !validity[row] {
        groups[row] = self.texts.assignNull()
        continue
      }
      let code = Int(codes[row])
      if groupOfCode[code] < 0 {
        groupOfCode[code] = texts.dictionary.withBytes(at: code) { self.texts.group(of: $0) }
      }
      groups[row] = groupOfCode[code]
    }
  }
}

extension ColumnGroups {
  /// The group of each row's value, -1 for a value that was never met.
  func find(_ column: Column) -> Buffer<Int32> {
    precondition(column.type == type, "a \(column.type) key among \(type) keys")
    let validity = column.validity
    switch column.values {
    case .int(let numbers), .time(let numbers): return find(numbers, validity)
    case .double(let numbers): return find(numbers.canonicalBits(), validity)
    case .bool(let flags):
      return find(Buffer((0..<flags.count).map { flags[$0] ? 1 : 0 }), validity)
    case .string(let texts), .bytes(let texts):
      var groups = BufferBuilder<Int32>(capacity: texts.count)
      for row in 0..<texts.count {
        let isNull = validity.map { !$0[row] } ?? false
        groups.append(isNull ? groupOfNull : texts.withBytes(at: row) { self.texts.find($0) })
      }
      return groups.finish()
    case .dictionary(let texts):
      let groupOfCode = (0..<texts.dictionary.count).map { code in
        texts.dictionary.withBytes(at: code) { self.texts.find($0) }
      }
      var groups = BufferBuilder<Int32>(capacity: texts.count)
      let codes = texts.codes.span
      for row in codes.indices {
        let isNull = validity.map { !$0[row] } ?? false
        groups.append(isNull ? groupOfNull : groupOfCode[Int(codes[row])])
      }
      return groups.finish()
    case .list, .vector: preconditionFailure("lists and vectors are no keys")
    }
  }

  private var groupOfNull: Int32 {
    Int32(truncatingIfNeeded: (isText ? texts.groupOfNull : words.groupOfNull) ?? -1)
  }

  private func find(_ numbers: Buffer<Int64>, _ validity: Bitmap?) -> Buffer<Int32> {
    var groups = BufferBuilder<Int32>()
    groups.append(upTo: numbers.count) { room in
      numbers.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress, let start = room.baseAddress else { return }
        words.find(values, start, count: numbers.count)
      }
      return numbers.count
    }
    guard let validity else { return groups.finish() }
    for row in 0..<numbers.count where !validity[row] { groups[row] = groupOfNull }
    return groups.finish()
  }
}

/// Numbers the distinct pairs of two numbers, in the order of meeting them.
final class PairGroups {
  private var pairs = IntGroups()

  /// The number of distinct pairs so far.
  var count: Int { pairs.count }

  /// The group of each row's pair.
  func groups(of first: Buffer<Int32>, and second: Buffer<Int32>) -> Buffer<Int32> {
    var packed = BufferBuilder<Int64>(capacity: first.count)
    for row in 0..<first.count { packed.append(Int64(first[row]) << 32 | Int64(second[row])) }
    var groups = BufferBuilder<Int32>()
    groups.append(upTo: first.count) { room in
      packed.span.withUnsafeBufferPointer { packed in
        guard let values = packed.baseAddress, let start = room.baseAddress else { return }
        pairs.assign(values, start, count: packed.count)
      }
      return first.count
    }
    return groups.finish()
  }

  /// The group of each row's pair, -1 for a pair that was never met.
  func find(_ first: Buffer<Int32>, and second: Buffer<Int32>) -> Buffer<Int32> {
    var packed = BufferBuilder<Int64>(capacity: first.count)
    for row in 0..<first.count {
      // No pair was ever met with a -1 in it.
      packed.append(Int64(first[row]) << 32 | Int64(second[row]) & 0xffff_ffff)
    }
    var groups = BufferBuilder<Int32>()
    groups.append(upTo: first.count) { room in
      packed.span.withUnsafeBufferPointer { packed in
        guard let values = packed.baseAddress, let start = room.baseAddress else { return }
        pairs.find(values, start, count: packed.count)
      }
      return first.count
    }
    return groups.finish()
  }

  /// Of each of `groups`, its pair.
  func members(_ groups: Buffer<Int32>) -> (first: Buffer<Int32>, second: Buffer<Int32>) {
    var first = BufferBuilder<Int32>(capacity: groups.count)
    var second = BufferBuilder<Int32>(capacity: groups.count)
    for index in 0..<groups.count {
      let pair = pairs.keys[Int(groups[index])]
      first.append(Int32(truncatingIfNeeded: pair >> 32))
      second.append(Int32(truncatingIfNeeded: pair))
    }
    return (first.finish(), second.finish())
  }
}

extension TextGroups {
  /// The group of one text, -1 if it was never met.
  fileprivate func find(_ text: UnsafeRawBufferPointer) -> Int32 {
    withUnsafePointer(to: 0) { anywhere in
      find(text.baseAddress ?? UnsafeRawPointer(anywhere), count: text.count)
    }
  }

  /// The group of one text, a new one if it was never met.
  fileprivate mutating func group(of text: UnsafeRawBufferPointer) -> Int32 {
    // An empty text may have no address; any will do, since none of its bytes is read.
    withUnsafePointer(to: 0) { anywhere in
      group(of: text.baseAddress ?? UnsafeRawPointer(anywhere), count: text.count)
    }
  }
}

extension Bitmap {
  /// Where the run of set bits that holds `start` ends.
  fileprivate func endOfRun(from start: Int) -> Int {
    var end = start
    while end < count, self[end] { end += 1 }
    return end
  }
}

extension Buffer where Element == Double {
  /// The bits of each number, with 0.0 for -0.0 and one NaN for all.
  func canonicalBits() -> Buffer<Int64> {
    var bits = BufferBuilder<Int64>(capacity: count)
    let numbers = span
    for index in numbers.indices {
      let number = numbers[index]
      let canonical = number.isNaN ? Double.nan : number == 0 ? 0 : number
      bits.append(Int64(bitPattern: canonical.bitPattern))
    }
    return bits.finish()
  }
}
