import MartletColumns

// Functions of lists and vectors, and those of texts that lists have as well.

extension CalculationWork {
  mutating func ofMany(_ name: String, _ arguments: [Operand]) -> Column {
    switch name {
    case "length": length(arguments)
    case "contains": contains(arguments)
    case "element": element(arguments)
    case "dot": strict(arguments, .double(dots(arguments[0], arguments[1])))
    default: cosine(arguments)
    }
  }

  private func length(_ arguments: [Operand]) -> Column {
    let (column, step) = (arguments[0].column, arguments[0].step)
    var lengths = BufferBuilder<Int64>(capacity: rowCount)
    for row in 0..<rowCount {
      switch column.values {
      case .bytes(let bytes): lengths.append(Int64(bytes.range(row * step).count))
      case .list(let lists): lengths.append(Int64(lists.range(row * step).count))
      case .dictionary(let texts):
        let code = Int(texts.codes[row * step])
        lengths.append(texts.dictionary.withBytes(at: code) { $0.scalarCount })
      case .string(let texts):
        lengths.append(texts.withBytes(at: row * step) { $0.scalarCount })
      default: preconditionFailure("a \(column.type) has no length")
      }
    }
    return strict(arguments, .int(lengths.finish()))
  }

  /// Of texts, whether one is inside the other; of lists, whether an element is the value.
  private func contains(_ arguments: [Operand]) -> Column {
    let (column, step) = (arguments[0].column, arguments[0].step)
    guard case .list(let lists) = column.values else {
      return tested(arguments) { $0.firstOccurrence(of: $1, from: 0) != nil }
    }
    let wanted = arguments[1]
    var flags = BufferBuilder<Bool>(capacity: rowCount)
    for row in 0..<rowCount {
      let value = wanted.column[row * wanted.step]
      flags.append(lists.range(row * step).contains { lists.elements[$0].isAlike(value) })
    }
    return strict(arguments, .bool(flags.finish()))
  }

  /// The element at a position; null where the list ends before it.
  private func element(_ arguments: [Operand]) -> Column {
    let (column, step) = (arguments[0].column, arguments[0].step)
    guard case .list(let lists) = column.values else { preconditionFailure("no list") }
    let positions = arguments[1]
    let complete = arguments.complete(rowCount)
    var rows = BufferBuilder<Int32>(capacity: rowCount)
    for row in 0..<rowCount {
      let range = lists.range(row * step)
      guard complete.map({ $0[row] }) ?? true,
        case .int(let position) = positions.column[row * positions.step], position >= 1,
        position <= Int64(range.count)
      else {
        rows.append(-1)
        continue
      }
      rows.append(Int32(truncatingIfNeeded: range.lowerBound + Int(position) - 1))
    }
    let places = rows.finish()
    return lists.elements.gathered(at: places.span)
  }

  // MARK: Vectors

  /// Products are exact in doubles; they are added in the order of the elements.
  private func dots(_ one: Operand, _ other: Operand) -> Buffer<Double> {
    guard case .vector(let first) = one.column.values,
      case .vector(let second) = other.column.values
    else { preconditionFailure("no vectors") }
    var sums = BufferBuilder<Double>(capacity: rowCount)
    for row in 0..<rowCount {
      let (mine, theirs) = (first[row * one.step], second[row * other.step])
      var sum = 0.0
      for index in 0..<mine.count { sum += Double(mine[index]) * Double(theirs[index]) }
      sums.append(sum)
    }
    return sums.finish()
  }

  private mutating func cosine(_ arguments: [Operand]) -> Column {
    let products = dots(arguments[0], arguments[1])
    let (one, other) = (
      dots(arguments[0], arguments[0]), dots(arguments[1], arguments[1])
    )
    let lengths = mapped(Lane(one, step: 1), Lane(other, step: 1), rowCount) {
      $0.squareRoot() * $1.squareRoot()
    }
    let attempt = attempted(Lane(products, step: 1), Lane(lengths, step: 1), rowCount, zero: 0) {
      $1 == 0 ? nil : $0 / $1
    }
    return strict(arguments, attempt, or: .noSuchNumber) { .double($0) }
  }
}

extension UnsafeRawBufferPointer {
  /// How many Unicode scalars the text has: the bytes that begin one.
  fileprivate var scalarCount: Int64 {
    reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }
}
