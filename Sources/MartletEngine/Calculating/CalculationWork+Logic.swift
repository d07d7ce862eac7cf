import MartletColumns
import MartletLanguage

// SQL's three values: null is "not known", and `and` and `or` know what the other side decides.

extension CalculationWork {
  func logic(_ operation: Operation, _ arguments: [Operand]) -> Column {
    // Two bitmaps carry it: the rows that are surely true, and those that are surely false.
    var (isTrue, isFalse) = truth(arguments[0])
    for argument in arguments.dropFirst() {
      let other = truth(argument)
      if operation == .and {
        isTrue = isTrue.intersection(other.isTrue)
        isFalse = isFalse.union(other.isFalse)
      } else {
        isTrue = isTrue.union(other.isTrue)
        isFalse = isFalse.intersection(other.isFalse)
      }
    }
    let known = isTrue.union(isFalse)
    let validity = known.countSetBits() == rowCount ? nil : known
    return Column(.bool(isTrue.flags), validity: validity)
  }

  private func truth(_ operand: Operand) -> (isTrue: Bitmap, isFalse: Bitmap) {
    let flags = Bitmap(mapped(operand.flags, rowCount) { $0 })
    // A null's slot is false, so that true is what the flags say.
    guard let known = [operand].complete(rowCount) else { return (flags, flags.complement()) }
    return (flags.intersection(known), flags.complement().intersection(known))
  }

  func isNull(_ operand: Operand) -> Column {
    let nulls =
      [operand].complete(rowCount)?.complement() ?? Bitmap(repeating: false, count: rowCount)
    return Column(.bool(nulls.flags))
  }

  /// Condition, then, else: what is not known is not true.
  func choice(_ arguments: [Operand]) -> Column {
    let isTrue = truth(arguments[0]).isTrue
    return picked(Array(arguments.dropFirst())) { isTrue[$0] ? 0 : 1 }
  }

  /// The first that is not null.
  func coalesce(_ arguments: [Operand]) -> Column {
    let complete = arguments.map { [$0].complete(rowCount) }
    return picked(arguments) { row in
      complete.firstIndex { $0.map { $0[row] } ?? true } ?? 0
    }
  }

  func nullif(_ arguments: [Operand]) -> Column {
    let isEqual = comparison(.equal, arguments)
    guard case .bool(let flags) = isEqual.values else { return isEqual }
    // Where the comparison is null its slot is false: nothing says that they are equal.
    let kept = Bitmap(flags).complement()
    let first =
      arguments[0].isConstant ? arguments[0].column.repeated(rowCount) : arguments[0].column
    return first.keeping(kept)
  }

  func extreme(_ name: String, _ arguments: [Operand]) -> Column {
    var best = arguments[0]
    for argument in arguments.dropFirst() {
      let isBetter = comparison(name == "least" ? .less : .greater, [argument, best])
      guard case .bool(let flags) = isBetter.values else { break }
      let picked = picked([argument, best]) { flags[$0] ? 0 : 1 }
      best = .column(picked)
    }
    let column = best.isConstant ? best.column.repeated(rowCount) : best.column
    return arguments.complete(rowCount).map { column.keeping($0) } ?? column
  }

  /// Of each row the value of the operand that `choose` names.
  private func picked(_ operands: [Operand], _ choose: (Int) -> Int) -> Column {
    var starts: [Int] = []
    var total = 0
    for operand in operands {
      starts.append(total)
      total += operand.column.count
    }
    guard let all = Column.concatenated(operands.map(\.column), of: operands[0].type) else {
      return .nulls(of: operands[0].type, count: rowCount)
    }
    var rows = BufferBuilder<Int32>(capacity: rowCount)
    for row in 0..<rowCount {
      let choice = choose(row)
      rows.append(Int32(truncatingIfNeeded: starts[choice] + row * operands[choice].step))
    }
    let places = rows.finish()
    return all.gathered(at: places.span)
  }

  // MARK: Lists of values

  /// Whether the first is one of the others: null where that hangs on a null.
  func isIn(_ arguments: [Operand]) -> Column {
    logic(.or, arguments.dropFirst().map { .column(comparison(.equal, [arguments[0], $0])) })
  }

  func isBetween(_ arguments: [Operand]) -> Column {
    logic(
      .and,
      [
        .column(comparison(.greaterEqual, [arguments[0], arguments[1]])),
        .column(comparison(.lessEqual, [arguments[0], arguments[2]])),
      ])
  }

  /// A list of the arguments' values, nulls among them.
  func list(_ arguments: [Operand]) -> Column {
    let width = arguments.count
    let elements = interleaved(arguments)
    let offsets = Buffer((0...rowCount).map { Int32(clamping: $0 * width) })
    return Column(.list(Lists(offsets: offsets, elements: elements)))
  }

  private func interleaved(_ arguments: [Operand]) -> Column {
    guard let all = Column.concatenated(arguments.map(\.column), of: arguments[0].type) else {
      return .nulls(of: arguments[0].type, count: rowCount * arguments.count)
    }
    var starts: [Int] = []
    var total = 0
    for argument in arguments {
      starts.append(total)
      total += argument.column.count
    }
    var rows = BufferBuilder<Int32>(capacity: rowCount * arguments.count)
    for row in 0..<rowCount {
      for (start, argument) in zip(starts, arguments) {
        rows.append(Int32(truncatingIfNeeded: start + row * argument.step))
      }
    }
    let places = rows.finish()
    return all.gathered(at: places.span)
  }
}

extension Bitmap {
  /// The bits as bools.
  var flags: Buffer<Bool> {
    var flags = BufferBuilder<Bool>(capacity: count)
    for row in 0..<count { flags.append(self[row]) }
    return flags.finish()
  }

  /// A bit for each of `flags`.
  init(_ flags: Buffer<Bool>) {
    var bits = BitmapBuilder(capacity: flags.count)
    var row = 0
    while row < flags.count {
      let step = Swift.min(64, flags.count - row)
      var word: UInt64 = 0
      for bit in 0..<step where flags[row + bit] { word |= 1 &<< UInt64(bit) }
      bits.append(word: word, count: step)
      row += step
    }
    self = bits.finish()
  }
}
