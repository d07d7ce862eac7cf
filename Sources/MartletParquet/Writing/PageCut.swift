import MartletColumns

/// What goes into one page: whole rows, with their slots and the values that are there.
struct PageCut {
  var rows: Range<Int>
  var slots: Range<Int>
  var values: Range<Int>
}

extension Leaf {
  /// The leaf cut into pages of `rowsPerPage` rows; none where there are no rows.
  func cut(every rowsPerPage: Int) -> [PageCut] {
    var cuts: [PageCut] = []
    var slot = 0
    var value = 0
    for row in stride(from: 0, to: rowCount, by: rowsPerPage) {
      let rows = row..<min(row + rowsPerPage, rowCount)
      let (slotEnd, present) = extent(
        of: rows.count, from: slot, isLast: rows.upperBound == rowCount)
      cuts.append(PageCut(rows: rows, slots: slot..<slotEnd, values: value..<value + present))
      slot = slotEnd
      value += present
    }
    return cuts
  }

  /// Where the slots of `count` rows from `slot` on end, and how many of them hold a value.
  private func extent(of count: Int, from slot: Int, isLast: Bool) -> (end: Int, present: Int) {
    switch levels {
    case .none: return (slot + count, count)
    case .flat(let validity):
      let slots = slot..<slot + count
      return (slots.upperBound, validity?.slice(slots).countSetBits() ?? count)
    case .nested(let nested):
      var left = count
      var present = 0
      var end = slot
      while end < nested.repetitions.count {
        if nested.repetitions[end] == 0 {
          if left == 0 { break }
          left -= 1
        }
        if Int(nested.definitions[end]) == nested.deepestDefinition { present += 1 }
        end += 1
      }
      return (end, present)
    }
  }

  /// Appends the levels of `slots`, each kind behind its size.
  func appendLevels(of slots: Range<Int>, to output: inout BufferBuilder<UInt8>) {
    switch levels {
    case .none: break
    case .flat(let validity):
      var bytes = BufferBuilder<UInt8>()
      RunLengths.append(validity: validity?.slice(slots), count: slots.count, to: &bytes)
      output.append(littleEndian: UInt32(bytes.count))
      output.append(contentsOf: bytes.span)
    case .nested(let nested):
      if nested.deepestRepetition > 0 {
        append(nested.repetitions.slice(slots), upTo: nested.deepestRepetition, to: &output)
      }
      append(nested.definitions.slice(slots), upTo: nested.deepestDefinition, to: &output)
    }
  }

  private func append(
    _ levels: Buffer<UInt8>, upTo deepest: Int, to output: inout BufferBuilder<UInt8>
  ) {
    var bytes = BufferBuilder<UInt8>()
    let width = BitPacking.width(of: UInt64(deepest))
    levels.withUnsafeBufferPointer { RunLengths.append($0, width: width, to: &bytes) }
    output.append(littleEndian: UInt32(bytes.count))
    output.append(contentsOf: bytes.span)
  }
}
