public import MartletColumns

extension Frames {
  /// How many rows each question sees through window `window`; `nil` where rows are late.
  public func rowCounts(through window: Int) -> Buffer<Int64>? {
    guard late.isEmpty else { return nil }
    let lowers = lowers[window]
    var counts = BufferBuilder<Int64>()
    counts.append(upTo: uppers.count) { room in
      for index in uppers.indices { room[index] = Int64(max(uppers[index] &- lowers[index], 0)) }
      return uppers.count
    }
    return counts.finish()
  }
}
