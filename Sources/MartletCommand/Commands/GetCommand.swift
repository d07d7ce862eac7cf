import Martlet
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletOnline
import MartletPlan
import MartletRegistry
import MartletServing

extension Command {
  /// `martlet get`
  static let get = Command(
    "get", "Look a service's features up online, for one entity.",
    about: """
      Answers from the online store what training would: the same values and statuses, to the last \
      bit. Where a server holds the store it is asked, with the token in MARTLET_TOKEN if it wants one. \
      With --json the answer is the one that HTTP gives. An older version of the data is answered from \
      the offline store.
      """,
    operands: [service, keys], flags: [given, moment, DataVersion.number, DataVersion.moment],
    examples: [
      Example("martlet get fraud_check customer_id=c1 --given amount=12.5 --given at_hour=3"),
      Example("martlet get fraud_check customer_id=c1 --at 2025-01-31T12:00:00Z --json"),
      Example("martlet get fraud_check customer_id=c1 --data 7", "What was known then:"),
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
  let values = try plan.values(of: invocation[keys] + invocation[given], for: invocation)
  let entity = try plan.keys.map { ($0.name, try values.column(of: $0, invocation)) }
  let told = try plan.given.map {
    ($0.name, try values.column(of: $0, behind: "--given ", invocation))
  }
  let answer: String
  if let data = try invocation.dataVersion(in: registry) {
    let columns = Dictionary(entity + told) { first, _ in first }
    answer = try project.answer(
      of: plan, about: columns, at: invocation[moment] ?? .now, version, data: data, registry)
  } else {
    let question = BodyText.question(
      to: plan.name, entities: entity, given: told, at: invocation[moment])
    answer = try project.answer(of: plan, to: question, version, registry, invocation)
  }
  switch invocation.form {
  case .json: try invocation.output.line(answer)
  case .text:
    let document = try JSON(reading: answer)
    var table = Table(.left("Feature"), .left("Value"), .left("Status"))
    for output in plan.outputs {
      table.append(
        output.name, document.first(of: output.name, in: "features"),
        document.first(of: output.name, in: "statuses"))
    }
    let columns = invocation.terminal.output.columns
    for line in table.lines(columns: columns, paint: invocation.paint) {
      try invocation.output.line(line)
    }
  }
  return .done
}

extension Project {
  /// The answer of whoever holds the online store.
  fileprivate func answer(
    of plan: ServicePlan, to question: [UInt8], _ version: Int, _ registry: Registry,
    _ invocation: Invocation
  ) throws -> String {
    let attempt = "asking for `\(plan.name)`"
    return try withProjectErrors {
      try withOnlineStore(of: self, registry, invocation) { online in
        let store = OnlineServedStore()
        try store.serve("\(version)", definitions, self.plan, over: online.store, zones: zones)
        let answer = question.withUnsafeBytes { InProcess(store).get($0) }
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200 else {
          // Nobody else is at it: what is not there now will not come by waiting.
          throw CommandError(
            answer.status, text, attempting: attempt, whenUnavailable: .failed)
        }
        return text
      } there: { server in
        let body = try server.post("/v1/get", "application/json", question, attempting: attempt)
        return String(decoding: body, as: UTF8.self)
      }
    }
  }

  /// The answer of version `data` of what is stored offline.
  fileprivate func answer(
    of plan: ServicePlan, about columns: [String: Column], at moment: Instant, _ version: Int,
    data: Int, _ registry: Registry
  ) throws -> String {
    try withProjectErrors {
      let stored = try StoredData(self, registry, at: data)
      let times = Column(.time([moment.microseconds]))
      let (answers, _) = try stored.answers(of: plan, at: times) { field in
        guard let column = columns[field.name] else {
          preconditionFailure("nobody gave `\(field.name)`")
        }
        return column
      }
      let body = InProcess.body(of: answers, from: plan, at: moment, version: "\(version)")
      return String(decoding: body, as: UTF8.self)
    }
  }
}

extension JSON {
  /// The first value of a column of an answer, as a cell of a table shows it.
  fileprivate func first(of name: String, in part: String) -> String {
    guard case .array(let values)? = member(part)?.member(name), let value = values.first else {
      return ""
    }
    return value.shown
  }

  private func member(_ name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  private var shown: String {
    switch self {
    case .string(let text): text
    case .array(let values): "[\(values.map(\.shown).joined(separator: ", "))]"
    default: text
    }
  }
}

extension ServicePlan {
  /// What the caller said, by name; a name that the service does not take is refused.
  func values(
    of assignments: [Assignment], for invocation: Invocation
  ) throws(CommandError) -> [String: String] {
    var values: [String: String] = [:]
    for assignment in assignments
    where values.updateValue(assignment.text, forKey: assignment.name) != nil {
      throw CommandError.usage(invocation.path, "`\(assignment.name)` is given twice")
    }
    let taken = (keys + given).map(\.name)
    for name in values.keys.sorted() where !taken.contains(name) {
      throw CommandError.usage(
        invocation.path, "`\(self.name)` takes no `\(name)`",
        help: ["it takes " + taken.map { "`\($0)`" }.joined(separator: ", ")])
    }
    return values
  }
}

extension [String: String] {
  /// The value of `field` as a column of one row; `flag` is what is written before it.
  func column(
    of field: Field, behind flag: String = "", _ invocation: Invocation
  ) throws -> Column {
    guard let text = self[field.name] else {
      throw CommandError.usage(
        invocation.path, "`\(field.name)` is missing",
        help: ["write `\(flag)\(field.name)=VALUE`; it is a value of type \(field.type)"])
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
      guard let number = Double(text), number.isFinite || !text.contains(where: \.isNumber) else {
        // A number too large for a double is none.
        return nil
      }
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
    let names = plan.services.map(\.name)
    let near = nearName(to: name, among: names)
    var error = CommandError.failed(
      invocation.path.spelled,
      "there is no service `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
    if near == nil, !names.isEmpty {
      error.help.append(
        "the services are " + names.prefix(10).map { "`\($0)`" }.joined(separator: ", "))
    }
    throw error
  }
}
