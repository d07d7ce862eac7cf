import MartletColumns
import MartletPlan

/// Rows of a source, each known a while after it happened, as they come one after the other.
struct ReplayRows {
  private(set) var clock: Int64 = 0

  /// The next rows of `source`, all of them known by the new time of the clock.
  mutating func next(
    _ count: Int, of source: SourcePlan, using random: inout ReplayNumbers
  ) -> Batch {
    clock += Int64.random(in: 0...6, using: &random)
    var rows = (0..<count).map { _ in
      let lag = ([0, 0, 0, 1, 2, 8, 25] as [Int64]).randomElement(using: &random) ?? 0
      let ahead = Int.random(in: 0...12, using: &random) == 0
      let time = ahead ? clock + Int64.random(in: 0...5, using: &random) : clock - lag
      return Row(time: time, known: clock, using: &random)
    }
    if let row = rows.randomElement(using: &random), Bool.random(using: &random) {
      rows.append(row)
    }
    let columns = source.schema.fields.map { field in
      Column.made(of: rows.map { $0.value(of: field.name) }, for: field)
    }
    return Batch(source.schema, columns, rowCount: rows.count)
  }

  private struct Row {
    var time: Int64
    var known: Int64
    var values: [String: Value]

    init(time: Int64, known: Int64, using random: inout ReplayNumbers) {
      self.time = time
      self.known = known
      func maybe(_ value: Value, _ random: inout ReplayNumbers) -> Value {
        Int.random(in: 0...5, using: &random) == 0 ? .null : value
      }
      let x = [1.5, -0.0, 0.0, .nan, .infinity, 1e300, -1e300, 0.1].randomElement(using: &random)
      let s = ["", "a", "b", "a\0", "ab", "é"].randomElement(using: &random)
      values = [
        "name": .string(ReplayEntities.names.randomElement(using: &random) ?? ""),
        "area": maybe(.int(Int64.random(in: -1...1, using: &random)), &random),
        "tap": .int(Int64.random(in: 0...60, using: &random)),
        "gone": .bool(Int.random(in: 0...5, using: &random) == 0),
        "n": maybe(.int(Int64.random(in: -5...4, using: &random)), &random),
        "x": maybe(.double(x ?? 0), &random),
        "s": maybe(.string(s ?? ""), &random),
        "b": maybe(.bool(Bool.random(using: &random)), &random),
      ]
    }

    func value(of column: String) -> Value {
      switch column {
      case "at_time": .time(Instant(microseconds: time))
      case "seen_time": .time(Instant(microseconds: known))
      default: values[column] ?? .null
      }
    }
  }
}

/// The entities that rows are of.
enum ReplayEntities {
  static let names = ["a", "b", "", "a\0b", "日本"]
}

extension Column {
  /// `values` as a column of `field`'s type, which they are of.
  static func made(of values: [Value], for field: Field) -> Column {
    guard let column = Column(field.type, values) else {
      preconditionFailure("\(values) are no values of \(field)")
    }
    return column
  }
}
