import MartletAggregates
import MartletColumns
import MartletOnline

extension ByteQueue {
  /// Appends the answer to a question in Martlet's own shape.
  mutating func append(
    _ answer: FeatureAnswer, to question: FeatureQuestion, of version: String
  ) {
    // Growing by doubling would copy a large answer several times: about what values and statuses take.
    reserve(question.service.outputs.count * (question.rowCount * 30 + 80))
    append(question.service.wording.opening)
    append(quoted: version)
    append(",\"at\":")
    append(question.at)
    append(",\"rows\":")
    append(Int64(question.rowCount))
    append(",\"features\":{")
    let outputs = question.service.outputs
    for index in outputs.indices {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(outputs[index].opening)
      append(values: answer.columns[index])
      append(UInt8(ascii: "]"))
    }
    append("},\"statuses\":{")
    for index in outputs.indices {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(outputs[index].opening)
      append(statuses: answer.statuses[index])
      append(UInt8(ascii: "]"))
    }
    append("}}")
  }

  private mutating func append(statuses: [ValueStatus]) {
    if statuses.allSatisfy({ $0 == .present }) { return append(presentTimes: statuses.count) }
    for row in statuses.indices {
      if row > 0 { append(UInt8(ascii: ",")) }
      append(statuses[row])
    }
  }

  /// Most values are present, and many stand side by side.
  private mutating func append(presentTimes count: Int) {
    var rest = count
    while rest > 0 {
      let part = min(rest, Self.presentTimes)
      // Each with its comma, which the last one of all goes without.
      let size = part * Self.present.count - (part == rest ? 1 : 0)
      Self.manyPresent.withUnsafeBytes { append(UnsafeRawBufferPointer(rebasing: $0[..<size])) }
      rest -= part
    }
  }

  private static let present = Array("\"present\",".utf8)
  private static let presentTimes = 256
  private static let manyPresent = Array(repeatElement(present, count: presentTimes).joined())

  private mutating func append(_ status: ValueStatus) {
    switch status {
    case .present: append("\"present\"")
    case .null: append("\"null\"")
    case .expired: append("\"expired\"")
    case .missing: append("\"missing\"")
    }
  }

  /// Appends the answer about one entity, the same as above, from where its values lie.
  mutating func append(
    _ lookup: PlainLookup, answered row: borrowing OnlineRow, of version: String
  ) {
    let wording = lookup.service.wording
    append(wording.opening)
    append(quoted: version)
    append(",\"at\":")
    append(lookup.moment)
    append(",\"rows\":1,\"features\":{")
    wording.names.withUnsafeBytes { names in
      row.forEach { index, value in
        append(UnsafeRawBufferPointer(rebasing: names[wording.before[index]]))
        append(value)
      }
    }
    if row.statuses.allSatisfy({ $0 == .present }) { return append(wording.presentEnding) }
    append("]},\"statuses\":{")
    let outputs = lookup.service.outputs
    for index in outputs.indices {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(outputs[index].opening)
      append(row.statuses[index])
      append(UInt8(ascii: "]"))
    }
    append("}}")
  }

  private mutating func append(_ value: OnlineRow.Lent) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .int(let number): append(number)
    case .double(let number): append(number)
    case .time(let microseconds): append(Instant(microseconds: microseconds))
    case .string(let text): append(quoted: text)
    case .bytes(let bytes): append(base64: bytes)
    case .other(let value): append(value)
    }
  }

  /// Appends the answer in Feast's shape: entity keys first, then the features in the order in which
  /// they were asked for.
  mutating func append(
    feast answer: FeatureAnswer, to question: FeatureQuestion, fullNames: Bool
  ) {
    let service = question.service
    append("{\"metadata\":{\"feature_names\":[")
    for (index, key) in service.keys.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(quoted: key.name)
    }
    for (index, output) in service.outputs.enumerated() {
      if index > 0 || !service.keys.isEmpty { append(UInt8(ascii: ",")) }
      append(quoted: output.feastName(isFull: fullNames))
    }
    append("]},\"results\":[")
    for (index, column) in question.keys.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      append("{\"values\":[")
      append(values: column)
      append("],\"statuses\":[")
      for row in 0..<column.count {
        if row > 0 { append(UInt8(ascii: ",")) }
        append("\"PRESENT\"")
      }
      append("],\"event_timestamps\":[")
      append(times: nil, statuses: nil, count: column.count)
      append("]}")
    }
    for index in service.outputs.indices {
      if index > 0 || !question.keys.isEmpty { append(UInt8(ascii: ",")) }
      append("{\"values\":[")
      append(values: answer.columns[index])
      append("],\"statuses\":[")
      append(feastStatuses: answer.statuses[index])
      append("],\"event_timestamps\":[")
      append(
        times: answer.times?[index], statuses: answer.statuses[index], count: question.rowCount)
      append("]}")
    }
    append("]}")
  }

  private mutating func append(feastStatuses statuses: [ValueStatus]) {
    for row in statuses.indices {
      if row > 0 { append(UInt8(ascii: ",")) }
      switch statuses[row] {
      case .present: append("\"PRESENT\"")
      case .null: append("\"NULL_VALUE\"")
      case .expired: append("\"OUTSIDE_MAX_AGE\"")
      case .missing: append("\"NOT_FOUND\"")
      }
    }
  }

  /// Feast's clients expect a moment for every value, and the beginning of 1970 where there is none.
  private mutating func append(times: Column?, statuses: [ValueStatus]?, count: Int) {
    for row in 0..<count {
      if row > 0 { append(UInt8(ascii: ",")) }
      if let times, case .time(let instants) = times.values, !times.isNull(at: row) {
        append(Instant(microseconds: instants[row]))
      } else {
        append("\"1970-01-01T00:00:00Z\"")
      }
    }
  }
}

extension ServedService.Output {
  /// The name that Feast's clients know it by.
  func feastName(isFull: Bool) -> String { isFull ? "\(set)__\(feature)" : feature }
}
