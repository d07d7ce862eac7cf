import MartletAggregates
import MartletColumns

// Texts are sequences of Unicode scalars: a length counts them, and positions begin with 1.

extension CalculationWork {
  mutating func joined(_ arguments: [Operand]) -> Column {
    let lanes = arguments.map(\.texts)
    return texts(arguments) { row, _ in
      lanes.reduce(into: [UInt8]()) { bytes, lane in lane.withBytes(row) { bytes += $0 } }
    }
  }

  mutating func text(_ name: String, _ arguments: [Operand]) -> Column {
    let first = arguments[0].texts
    switch name {
    case "starts_with":
      return tested(arguments) { $0.count >= $1.count && $0.prefix($1.count).elementsEqual($1) }
    case "ends_with":
      return tested(arguments) { $0.count >= $1.count && $0.suffix($1.count).elementsEqual($1) }
    case "lower": return texts(arguments) { row, _ in Array(first.string(row).lowercased().utf8) }
    case "upper": return texts(arguments) { row, _ in Array(first.string(row).uppercased().utf8) }
    case "trim": return texts(arguments) { row, _ in Array(first.string(row).trimmed.utf8) }
    case "substring": return substring(arguments)
    case "replace":
      let (old, new) = (arguments[1].texts, arguments[2].texts)
      return texts(arguments) { row, _ in
        first.withBytes(row) { text in
          old.withBytes(row) { old in new.withBytes(row) { text.replacing(old, with: $0) } }
        }
      }
    default: return split(arguments)
    }
  }

  /// A text for each row: what `body` gives; `nil` is null.
  ///
  /// - Parameter body: Takes the row, and whether it has all its arguments.
  private mutating func texts(
    _ arguments: [Operand], _ body: (_ row: Int, _ isComplete: Bool) -> [UInt8]?
  ) -> Column {
    let complete = arguments.complete(rowCount)
    var texts = StringsBuilder(capacity: rowCount)
    var validity = BitmapBuilder(capacity: rowCount)
    for row in 0..<rowCount {
      let isComplete = complete.map { $0[row] } ?? true
      guard isComplete, let bytes = body(row, isComplete) else {
        texts.appendEmpty()
        validity.append(false)
        continue
      }
      guard texts.hasRoom(for: bytes.count) else {
        texts.appendEmpty()
        validity.append(false)
        noteTooLong()
        continue
      }
      bytes.withUnsafeBytes { texts.append($0) }
      validity.append(true)
    }
    return Column(.string(texts.finish()), validity: validity.finishAsValidity())
  }

  func tested(
    _ arguments: [Operand],
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Bool
  ) -> Column {
    let (one, other) = (arguments[0].texts, arguments[1].texts)
    var flags = BufferBuilder<Bool>(capacity: rowCount)
    for row in 0..<rowCount {
      flags.append(one.withBytes(row) { text in other.withBytes(row) { body(text, $0) } })
    }
    return strict(arguments, .bool(flags.finish()))
  }

  /// So many scalars from a position on; what lies outside the text is not there.
  private mutating func substring(_ arguments: [Operand]) -> Column {
    let (text, from) = (arguments[0].texts, arguments[1])
    let counts: Operand? = arguments.count == 3 ? arguments[2] : nil
    return texts(arguments) { row, _ in
      guard case .int(let start) = from.column[row * from.step] else { return nil }
      var count = Int64.max
      if let counts {
        guard case .int(let wanted) = counts.column[row * counts.step] else { return nil }
        count = max(wanted, 0)
      }
      // The window [start, start + count) of positions, cut to those there are.
      let (end, overflow) = start.addingReportingOverflow(count)
      let skipped = max(start, 1) - 1
      let kept = max(0, (overflow ? .max : end) - max(start, 1))
      let scalars = text.string(row).unicodeScalars
      return Array(String(scalars.dropFirst(Int(skipped)).prefix(Int(kept))).utf8)
    }
  }

  private mutating func split(_ arguments: [Operand]) -> Column {
    let (texts, separators) = (arguments[0].texts, arguments[1].texts)
    let complete = arguments.complete(rowCount)
    let parts = ColumnBuilder(.list(.string))
    for row in 0..<rowCount {
      let isComplete = complete.map { $0[row] } ?? true
      let value =
        isComplete
        ? Value.list(
          texts.withBytes(row) { text in
            separators.withBytes(row) { text.split(by: $0).map { .string($0) } }
          }) : .null
      if !parts.append(value) {
        parts.appendNull()
        noteTooLong()
      }
    }
    return parts.finish()
  }

  /// The remainder of the value's hash, which is the one that sketches use and never changes.
  func hashBucket(_ arguments: [Operand]) -> Column {
    guard case .int(let buckets) = arguments[1].column[0] else {
      preconditionFailure("as many buckets as a null")
    }
    let value = arguments[0]
    var result = BufferBuilder<Int64>(capacity: rowCount)
    for row in 0..<rowCount {
      let hash = value.column.stableHash(row * value.step)
      result.append(Int64(hash % UInt64(buckets)))
    }
    return strict([value], .int(result.finish()))
  }
}

extension Column {
  /// The hash of the value in `row` that never changes; a null's is of no use.
  func stableHash(_ row: Int) -> UInt64 {
    switch values {
    case .int(let numbers), .time(let numbers): numbers[row].stableHash
    case .double(let numbers): numbers[row].stableHash
    case .bool(let flags): flags[row].stableHash
    case .string(let texts), .bytes(let texts): texts.withBytes(at: row) { StableHash.of($0) }
    case .dictionary(let texts):
      texts.dictionary.withBytes(at: Int(texts.codes[row])) { StableHash.of($0) }
    case .list, .vector: preconditionFailure("a \(type) is no single value")
    }
  }
}

extension String {
  /// Without the blanks at its ends.
  fileprivate var trimmed: String {
    let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    let rest = unicodeScalars.drop(while: isBlank)
    guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(rest[...last])
  }
}

extension UnsafeRawBufferPointer {
  /// Where `part` begins, from `start` on.
  func firstOccurrence(of part: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard count - start >= part.count else { return nil }
    return (start...count - part.count).first { place in
      self[place..<place + part.count].elementsEqual(part)
    }
  }

  /// Each occurrence of `old`, from the left, replaced; an empty text occurs nowhere.
  fileprivate func replacing(
    _ old: UnsafeRawBufferPointer, with new: UnsafeRawBufferPointer
  ) -> [UInt8] {
    guard !old.isEmpty else { return Array(self) }
    var result: [UInt8] = []
    var start = 0
    while let place = firstOccurrence(of: old, from: start) {
      result += self[start..<place]
      result += new
      start = place + old.count
    }
    return result + self[start...]
  }

  /// The parts between occurrences of `separator`; an empty one occurs nowhere.
  fileprivate func split(by separator: UnsafeRawBufferPointer) -> [String] {
    guard !separator.isEmpty else { return [String(decoding: self, as: UTF8.self)] }
    var parts: [String] = []
    var start = 0
    while let place = firstOccurrence(of: separator, from: start) {
      parts.append(String(decoding: self[start..<place], as: UTF8.self))
      start = place + separator.count
    }
    return parts + [String(decoding: self[start...], as: UTF8.self)]
  }
}
