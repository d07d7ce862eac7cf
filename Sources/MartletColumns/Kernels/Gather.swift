extension Strings {
  /// The texts at `rows`, in that order, in memory of their own.
  public func gathered(at rows: Span<Int32>) -> Strings {
    var result = StringsBuilder(capacity: rows.count)
    for index in rows.indices {
      withBytes(at: Int(rows[index])) { result.append($0) }
    }
    return result.finish()
  }
}
