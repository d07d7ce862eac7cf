public import MartletColumns

extension Column {
  /// The column as one of `type` once more, that was written to a Parquet file as such: a vector comes back as
  /// a list of numbers. `nil` where it cannot have been one.
  public func restored(as type: ColumnType) -> Column? {
    guard case .vector(let width) = type else { return self }
    guard case .list(let lists) = values, case .double(let numbers) = lists.elements.values else {
      return nil
    }
    var floats = BufferBuilder<Float>(capacity: lists.count * width)
    for row in 0..<lists.count {
      if isNull(at: row) {
        floats.append(repeating: 0, count: width)
        continue
      }
      let places = lists.range(row)
      guard places.count == width else { return nil }
      for place in places {
        guard !lists.elements.isNull(at: place) else { return nil }
        // Each was a float, and is one exactly.
        floats.append(Float(numbers[place]))
      }
    }
    let vectors = Vectors(width: width, count: lists.count, floats: floats.finish())
    return Column(.vector(vectors), validity: validity)
  }
}

extension Schema {
  /// The schema of a Parquet file with this one's rows: a vector is a list there.
  var asStored: Schema {
    let fields = fields.map { field in
      if case .vector = field.type { Field(field.name, .list(.double)) } else { field }
    }
    guard let schema = Schema(fields) else { preconditionFailure("names changed") }
    return schema
  }
}
