import MartletAggregates
public import MartletColumns
public import MartletDiagnostics
public import MartletOnline
public import MartletServing
import Synchronization

/// A store without a disk: every value is worked out from the entity's key, so that whoever asks can
/// tell what the answer must be. For tests, for clients' tests, and for measuring what a server adds.
///
/// `c17` is customer 17, whose features are 17, 18, …; a key that is no such name is an entity that
/// nobody knows.
public final class ExampleStore: ServedStore {
  private let state: Mutex<State>

  private struct State {
    var edition: ExampleEdition?
    var hindrances: [String] = []
    var pushed: [String: [Batch]] = [:]
  }

  /// - Parameter waits: Whether answers come from a worker's thread, as from a disk.
  public init(version: Int = 1, waits: Bool = false) {
    state = Mutex(State(edition: ExampleEdition(version: version, waits: waits)))
  }

  public var edition: (any ServedEdition)? { state.withLock { $0.edition } }

  public var hindrances: [String] { state.withLock { $0.hindrances } }

  public var gauges: [Gauge] {
    [
      Gauge("martlet_online_bytes", "The online store's size.", value: 4_096),
      Gauge(
        "martlet_staleness_seconds", "Since the newest row of a feature set.",
        labels: [("set", "spend")], value: 1.5),
    ]
  }

  /// Serves another version from now on; `nil` is none.
  public func apply(version: Int?, waits: Bool = false) {
    state.withLock { $0.edition = version.map { ExampleEdition(version: $0, waits: waits) } }
  }

  /// Is not ready, and says why.
  public func hinder(_ hindrances: [String]) { state.withLock { $0.hindrances = hindrances } }

  /// What was pushed to a source so far.
  public func pushed(to source: String) -> [Batch] { state.withLock { $0.pushed[source] ?? [] } }

  public func push(_ rows: Batch, to source: String) throws(StoreRefusal) -> PushReceipt {
    guard source != "profiles" else {
      throw StoreRefusal(.conflict, "profiles takes no pushed rows")
    }
    state.withLock { $0.pushed[source, default: []].append(rows) }
    return PushReceipt(accepted: rows.rowCount)
  }
}

/// One version of the example: its number is added to every whole value, so that an answer tells
/// which version it is of.
public struct ExampleEdition: ServedEdition {
  let number: Int
  let waits: Bool
  private let services: [String: ServedService]

  init(version: Int, waits: Bool) {
    number = version
    self.waits = waits
    let all = [Self.fraudCheck, Self.wide, Self.kinds]
    services = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  }

  /// One key, two given values, ten features.
  public static let fraudCheck = ServedService(
    name: "fraud_check", keys: [Field("customer_id", .string)],
    given: [Field("amount", .double), Field("at_hour", .int)],
    outputs: (0..<10).map { index in
      let type: ColumnType = index % 3 == 0 ? .double : index % 3 == 1 ? .int : .string
      return .init(Field("spend__f\(index)", type), set: "spend", feature: "f\(index)")
    })

  /// One key, fifty doubles.
  public static let wide = ServedService(
    name: "wide", keys: [Field("customer_id", .string)], given: [],
    outputs: (0..<50).map {
      .init(Field("wide__f\($0)", .double), set: "wide", feature: "f\($0)")
    })

  /// A given value of every type, given back.
  public static let kinds = ServedService(
    name: "kinds", keys: [Field("id", .int)], given: kindFields,
    outputs: kindFields.map { .init($0, set: "kinds", feature: $0.name) })

  private static let kindFields = [
    Field("flag", .bool), Field("whole", .int), Field("real", .double), Field("text", .string),
    Field("moment", .time), Field("raw", .bytes), Field("list", .list(.int)),
    Field("vector", .vector(width: 2)),
  ]

  public var version: String { "v\(number)" }

  public func service(named name: String) -> ServedService? { services[name] }

  public var serviceNames: [String] { services.keys.sorted() }

  public func service(of features: [FeatureName]) throws(StoreRefusal) -> ServedService {
    var outputs: [ServedService.Output] = []
    for name in features {
      guard
        let output = Self.fraudCheck.outputs.first(where: {
          $0.set == name.set && $0.feature == name.feature
        })
      else { throw StoreRefusal(.unknown, "there is no feature \(name.set):\(name.feature)") }
      outputs.append(output)
    }
    return ServedService(name: "", keys: Self.fraudCheck.keys, given: [], outputs: outputs)
  }

  public func withRow(
    of service: ServedService, keys: UnsafeBufferPointer<OnlineRow.Lent>,
    given: UnsafeBufferPointer<OnlineRow.Lent>, at moment: Instant,
    _ body: (borrowing OnlineRow) -> Void
  ) throws(StoreRefusal) -> Bool {
    guard !waits, service.name != Self.kinds.name, case .string(let key)? = keys.first else {
      return false
    }
    var row = OnlineRow(capacity: service.outputs.count)
    let customer = customer(key)
    for (index, output) in service.outputs.enumerated() {
      guard let customer else {
        row.append(.null, .missing)
        continue
      }
      switch output.field.type {
      case .double: row.append(.double(Double(customer + index) + 0.25), .present)
      case .int: row.append(.int(Int64(customer + index + number)), .present)
      default: row.append(.string(version), .present)
      }
    }
    body(row)
    return true
  }

  public func answerAtOnce(_ question: FeatureQuestion) throws(StoreRefusal) -> FeatureAnswer? {
    waits ? nil : values(for: question)
  }

  public func answer(_ question: FeatureQuestion) throws(StoreRefusal) -> FeatureAnswer {
    values(for: question)
  }

  private func values(for question: FeatureQuestion) -> FeatureAnswer {
    if question.service.name == Self.kinds.name {
      return FeatureAnswer(
        columns: question.given,
        statuses: question.given.map { column in
          (0..<column.count).map { column.isNull(at: $0) ? .null : .present }
        })
    }
    let numbers = customers(question.keys[0])
    let known = Bitmap(numbers.map { $0 != nil })
    let validity = numbers.contains { $0 == nil } ? known : nil
    let statuses: [ValueStatus] = numbers.map { $0 == nil ? .missing : .present }
    let columns = question.service.outputs.enumerated().map { index, output in
      column(output.field.type, numbers, index, validity)
    }
    return FeatureAnswer(
      columns: columns, statuses: Array(repeating: statuses, count: columns.count))
  }

  private func customers(_ keys: Column) -> [Int?] {
    guard case .string(let names) = keys.values else { return [] }
    return (0..<keys.count).map { row in
      names.withBytes(at: row) { (name) -> Int? in customer(name) }
    }
  }

  private func customer(_ name: UnsafeRawBufferPointer) -> Int? {
    guard name.count > 1, name.count < 10, name[0] == UInt8(ascii: "c") else { return nil }
    var number = 0
    for byte in name.dropFirst() {
      guard byte &- 0x30 < 10 else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  private func column(
    _ type: ColumnType, _ numbers: [Int?], _ index: Int, _ validity: Bitmap?
  ) -> Column {
    switch type {
    case .double:
      var values = BufferBuilder<Double>(capacity: numbers.count)
      for customer in numbers { values.append(customer.map { Double($0 + index) + 0.25 } ?? 0) }
      return Column(.double(values.finish()), validity: validity)
    case .int:
      var values = BufferBuilder<Int64>(capacity: numbers.count)
      for customer in numbers { values.append(customer.map { Int64($0 + index + number) } ?? 0) }
      return Column(.int(values.finish()), validity: validity)
    default:
      var values = StringsBuilder(capacity: numbers.count)
      for customer in numbers { values.append(customer == nil ? "" : version) }
      return Column(.string(values.finish()), validity: validity)
    }
  }

  public func columns(ofSource name: String) -> Schema? {
    switch name {
    case "transactions", "profiles":
      Schema([
        Field("transaction_id", .string), Field("customer_id", .string),
        Field("amount", .double), Field("event_time", .time),
      ])
    default: nil
    }
  }

  public func source(behind name: String) -> PushedSource? {
    guard name == "wide" || sourceNames.contains(name) else { return nil }
    return PushedSource(
      name: name == "wide" ? "transactions" : name, columns: ["event_timestamp": "event_time"])
  }

  public var sourceNames: [String] { ["profiles", "transactions"] }

  public func sourceNames(feeding name: String) -> Set<String> {
    name == Self.wide.name ? ["transactions"] : name == Self.fraudCheck.name ? ["profiles"] : []
  }

  public var catalog: JSON { ["version": .string(version), "services": .strings(serviceNames)] }

  public func lineage(of name: String) -> JSON? {
    services[name] == nil ? nil : ["name": .string(name), "from": ["transactions"]]
  }

  public func explanation(
    of feature: String, for question: FeatureQuestion
  ) throws(StoreRefusal) -> JSON {
    ["feature": .string(feature), "rows": .count(question.rowCount)]
  }
}
