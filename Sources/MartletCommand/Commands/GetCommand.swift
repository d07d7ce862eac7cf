import Martlet
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletOnline
import MartletPlan
import MartletRegistry

extension Command {
  /// `martlet get`
  static let get = Command(
    "get", "Look a service's features up online, for one entity.",
    about: """
      Answers from the online store what training would: the same values and statuses, to the last \
      bit. With --json the answer is the one that HTTP gives.
      """,
    operands: [service, keys], flags: [given, moment],
    examples: [
      Example("martlet get fraud_check customer_id=c1 --given amount=12.5 --given at_hour=3"),
      Example("martlet get fraud_check customer_id=c1 --at 2025-01-31T12:00:00Z --json"),
    ],
    run: getFeatures)
}

private let service = Operand.required(.text("SERVICE"), "The service whose features are wanted.")
private let keys = Operand.rest(.assignment, "The entity's keys.")
private let given = Flag.repeated("given", .assignment, "A value that the caller gives.")
private let moment = Flag.optional("at", .instant, "As of this moment; else now.")

private func getFeatures(_ invocation: Invocation) throws -> ExitCode {
  let (project, registry, version) = try Project.applied(of: invocation, threads: 1)
  let plan = try project.service(invocation[service], for: invocation)
  let at = invocation[moment] ?? .now
  let values = Dictionary(
    (invocation[keys] + invocation[given]).map { ($0.name, $0.text) },
    uniquingKeysWith: { _, last in last })
  for name in values.keys.sorted()
  where !(plan.keys + plan.given).contains(where: { $0.name == name }) {
    throw CommandError.usage(
      invocation.path, "`\(plan.name)` takes no `\(name)`",
      help: [
        "it takes " + (plan.keys + plan.given).map { "`\($0.name)`" }.joined(separator: ", ")
      ])
  }
  let answers = try withProjectErrors {
    let online = try OnlineData(project, registry)
    let times = Column(.time(Buffer(repeating: at.microseconds, count: 1)))
    return try online.features.answers(of: plan, at: times) { field in
      try values.column(of: field, invocation)
    }.answers
  }
  switch invocation.form {
  case .json:
    func object(_ value: (Int) -> JSON) -> JSON {
      .object(
        plan.outputs.enumerated().map { JSON.Member($1.name, .array([value($0)])) })
    }
    let document: JSON = [
      "service": .string(plan.name), "version": .string("\(version)"), "at": .string("\(at)"),
      "rows": 1, "features": object { answers.columns[$0][0].json },
      "statuses": object { .string("\(answers.statuses[$0][0])") },
    ]
    try invocation.output.line(document.text)
  case .text:
    var table = Table(.left("Feature"), .left("Value"), .left("Status"))
    for (place, output) in plan.outputs.enumerated() {
      table.append(
        output.name, answers.columns[place][0].shown, "\(answers.statuses[place][0])")
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return .done
}

extension [String: String] {
  /// The value of `field` as a column of one row.
  fileprivate func column(of field: Field, _ invocation: Invocation) throws -> Column {
    guard let text = self[field.name] else {
      throw CommandError.usage(
        invocation.path, "`\(field.name)` is missing",
        help: ["write `\(field.name)=VALUE`; it is a value of type \(field.type)"])
    }
    guard let value = MartletColumns.Value(text, as: field.type),
      let column = Column(field.type, [value])
    else {
      throw CommandError.usage(
        invocation.path, "`\(field.name)` takes a value of type \(field.type), not `\(text)`")
    }
    return column
  }
}

extension Value {
  /// The value of `type` that `text` spells; `nil` where it spells none.
  fileprivate init?(_ text: String, as type: ColumnType) {
    switch type {
    case .bool:
      self = .bool(text == "true")
      if text != "true", text != "false" { return nil }
    case .int:
      guard let number = Int64(text) else { return nil }
      self = .int(number)
    case .double:
      guard let number = Double(text) else { return nil }
      self = .double(number)
    case .string: self = .string(text)
    case .time:
      // That it is none is all there is to say.
      guard let instant = try? Instant(text) else { return nil }
      self = .time(instant)
    case .bytes, .list, .vector: return nil
    }
  }
}

/// A name and what it is to be: `customer_id=c1`.
struct Assignment: Sendable {
  var name: String
  var text: String
}

extension ValueKind where Value == Assignment {
  /// `NAME=VALUE`.
  static var assignment: Self {
    ValueKind(placeholder: "NAME=VALUE", completion: .nothing) { text throws(WrongValue) in
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw WrongValue(expected: "a name, `=` and a value, as in `customer_id=c1`")
      }
      return Assignment(
        name: String(text[..<sign]), text: String(text[text.index(after: sign)...]))
    }
  }
}

extension Project {
  /// The plan of the service called `name`.
  func service(_ name: String, for invocation: Invocation) throws(CommandError) -> ServicePlan {
    if let plan = plan.service(name) { return plan }
    let near = nearName(to: name, among: plan.services.map(\.name))
    throw CommandError.failed(
      invocation.path.spelled,
      "there is no service `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
  }
}
