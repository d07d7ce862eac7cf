extension Column {
  /// The rows that are set in `mask`, in their order.
  public func filtered(by mask: Bitmap) -> Column {
    precondition(mask.count == count, "\(mask.count) bits for \(count) rows")
    let kept = mask.countSetBits()
    if kept == count { return self }
    switch values {
    case .int(let numbers) where validity == nil:
      return Column(.int(numbers.filtered(by: mask, keeping: kept)))
    case .double(let numbers) where validity == nil:
      return Column(.double(numbers.filtered(by: mask, keeping: kept)))
    case .time(let instants) where validity == nil:
      return Column(.time(instants.filtered(by: mask, keeping: kept)))
    case .bool(let flags) where validity == nil:
      return Column(.bool(flags.filtered(by: mask, keeping: kept)))
    case .dictionary(let texts) where validity == nil:
      let codes = texts.codes.filtered(by: mask, keeping: kept)
      return Column(.dictionary(DictionaryStrings(codes: codes, dictionary: texts.dictionary)))
    default:
      return gathered(at: mask.setRows().span)
    }
  }
}

extension Batch {
  /// The rows that are set in `mask`, in their order.
  public func filtered(by mask: Bitmap) -> Batch {
    Batch(schema, columns.map { $0.filtered(by: mask) }, rowCount: mask.countSetBits())
  }

  /// The rows at `rows`, in that order; a negative row gives nulls.
  public func gathered(at rows: Span<Int32>) -> Batch {
    Batch(schema, columns.map { $0.gathered(at: rows) }, rowCount: rows.count)
  }
}

extension Bitmap {
  /// The numbers of the bits that are set, ascending.
  public func setRows() -> Buffer<Int32> {
    var rows = BufferBuilder<Int32>()
    rows.append(upTo: countSetBits()) { room in
      var written = 0
      for index in 0..<wordCount {
        var word = word(index)
        while word != 0 {
          room[written] = Int32(truncatingIfNeeded: index * 64 + word.trailingZeroBitCount)
          written += 1
          word &= word &- 1
        }
      }
      return written
    }
    return rows.finish()
  }
}

extension Buffer {
  /// The values set in `mask`, of which there are `kept`.
  ///
  /// Every value is written and only the kept ones move the end on, so that no branch is there to
  /// be mispredicted; the last of them may be written into the allocation's slack.
  fileprivate func filtered(by mask: Bitmap, keeping kept: Int) -> Buffer {
    var result = BufferBuilder<Element>()
    result.append(upTo: kept) { room in
      guard let end = room.baseAddress else { return 0 }
      var next = end
      withUnsafeBufferPointer { values in
        for index in 0..<mask.wordCount {
          let word = mask.word(index)
          let first = index * 64
          let step = Swift.min(64, mask.count - first)
          if word == 0 { continue }
          for bit in 0..<step {
            next.pointee = values[first &+ bit]
            next += Int(truncatingIfNeeded: word &>> UInt64(bit) & 1)
          }
        }
      }
      return next - end
    }
    return result.finish()
  }
}
