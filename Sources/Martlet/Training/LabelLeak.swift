public import MartletColumns

/// A feature that alone tells the label so well that it most likely knows it: it was worked out of what
/// happened afterwards, or is the label by another name.
public struct LabelLeak: Sendable, Equatable {
  /// The feature's column.
  public let feature: String

  /// What gives it away.
  public let evidence: Evidence

  /// What can give a feature away.
  public enum Evidence: Sendable, Equatable {
    /// Of a row of either label drawn at random, the feature tells which is which so often.
    case ranks(Double)

    /// Whoever guesses each value's commonest label is wrong this often of the times that one is who
    /// always guesses the commonest of all.
    case values(Double)
  }
}

/// Looks for features that know the label.
///
/// - A number, flag or time beside a label of two values: the area under the ROC curve, nulls below all
///   values and ties half. From 0.99 on, or to 0.01, it is suspected.
/// - Any other feature beside a label of few values, unless nearly every row has a value of its own: what
///   guessing each value's commonest label leaves of the mistakes. To 1 % it is suspected.
///
/// Of more rows than `mostRows` it looks at as many, evenly spread.
public struct LeakTest: Sendable {
  private let rows: Buffer<Int32>
  private let labels: Buffer<Int32>
  private let labelCounts: [Int]

  static let mostRows = 200_000
  private static let fewestRows = 50
  private static let mostLabels = 100

  /// A test against the rows of `label` that are not null; `nil` where these are too few or too alike to
  /// tell anything, or the label has too many values.
  public init?(label: Column) {
    guard label.type.canBeKey else { return nil }
    let step = max(1, label.count / Self.mostRows)
    let rows = Buffer<Int32>(
      stride(from: 0, to: label.count, by: step).filter { !label.isNull(at: $0) }
        .map { Int32(truncatingIfNeeded: $0) })
    guard rows.count >= Self.fewestRows else { return nil }
    var groups = Grouper([label.type])
    let labels = groups.groups(of: [label.gathered(at: rows.span)])
    guard 2...Self.mostLabels ~= groups.count else { return nil }
    var counts = [Int](repeating: 0, count: groups.count)
    for row in 0..<labels.count { counts[Int(labels[row])] += 1 }
    (self.rows, self.labels, labelCounts) = (rows, labels, counts)
  }

  /// What gives `feature` away, if something does.
  public func leak(_ name: String, _ feature: Column) -> LabelLeak? {
    let values = feature.gathered(at: rows.span)
    if labelCounts.count == 2, let keys = values.orderKeys {
      let area = area(under: keys)
      return area >= 0.99 || area <= 0.01
        ? LabelLeak(feature: name, evidence: .ranks(max(area, 1 - area))) : nil
    }
    guard values.type.canBeKey, let share = shareOfMistakes(values), share <= 0.01 else {
      return nil
    }
    return LabelLeak(feature: name, evidence: .values(share))
  }

  /// The area under the ROC curve: how often a row of the second label has the higher key.
  private func area(under keys: Buffer<Int64>) -> Double {
    let order = RowOrder.by(
      key: keys.span, thenTime: Buffer<Int64>(repeating: 0, count: keys.count).span)
    var (pairs, below, index) = (0.0, 0, 0)
    while index < order.count {
      let key = keys[Int(order[index])]
      var (first, second) = (0, 0)
      while index < order.count, keys[Int(order[index])] == key {
        if labels[Int(order[index])] == 0 { first += 1 } else { second += 1 }
        index += 1
      }
      pairs += Double(second) * (Double(below) + Double(first) / 2)
      below += first
    }
    return pairs / (Double(labelCounts[0]) * Double(labelCounts[1]))
  }

  private func shareOfMistakes(_ values: Column) -> Double? {
    var grouper = Grouper([values.type])
    let groups = grouper.groups(of: [values])
    // Where nearly every row has its own value, each tells its own label and that means nothing.
    guard grouper.count * 10 <= groups.count else { return nil }
    var counts = [Int](repeating: 0, count: grouper.count * labelCounts.count)
    for row in 0..<groups.count {
      counts[Int(groups[row]) * labelCounts.count + Int(labels[row])] += 1
    }
    var right = 0
    for group in 0..<grouper.count {
      let start = group * labelCounts.count
      right += counts[start..<start + labelCounts.count].max() ?? 0
    }
    let always = groups.count - (labelCounts.max() ?? 0)
    return Double(groups.count - right) / Double(max(always, 1))
  }
}

extension Column {
  /// A number for each row that orders them as their values do, nulls first; `nil` of texts and lists.
  fileprivate var orderKeys: Buffer<Int64>? {
    let key: (Int) -> Int64
    switch values {
    case .int(let numbers), .time(let numbers): key = { numbers[$0] }
    case .bool(let flags): key = { flags[$0] ? 1 : 0 }
    case .double(let numbers):
      key = { row in
        // Zeros are equal; below zero the bits ascend as numbers descend.
        let bits = Int64(bitPattern: (numbers[row] + 0.0).bitPattern)
        return bits >= 0 ? bits : Int64.min &- bits
      }
    default: return nil
    }
    return Buffer((0..<count).map { isNull(at: $0) ? .min : key($0) })
  }
}

/// The rows of a training set that a `LeakTest` looks at, gathered while it is built.
public struct LeakSample: Sendable {
  private let step: Int
  private var rowCount = 0
  private var labels: [Column] = []
  private var features: [[Column]] = []

  /// For a training set of `rowCount` rows.
  public init(of rowCount: Int) { step = max(1, rowCount / LeakTest.mostRows) }

  /// Looks at the rows that come next.
  public mutating func add(label: Column, _ columns: [Column]) {
    let first = (step - rowCount % step) % step
    let rows = Buffer<Int32>(
      stride(from: first, to: label.count, by: step).map { Int32(truncatingIfNeeded: $0) })
    rowCount += label.count
    labels.append(label.gathered(at: rows.span))
    features.append(columns.map { $0.gathered(at: rows.span) })
  }

  /// The features called `names` that seem to know the label.
  public func leaks(_ names: [String]) -> [LabelLeak] {
    guard let type = labels.first?.type, let label = Column.concatenated(labels, of: type),
      let test = LeakTest(label: label)
    else { return [] }
    return names.enumerated().compactMap { place, name in
      let parts = features.map { $0[place] }
      guard let joined = Column.concatenated(parts, of: parts[0].type) else { return nil }
      return test.leak(name, joined)
    }
  }
}
