import MartletColumns
import MartletDiagnostics

/// The parts of a request that asks for features, found but not read: the types of the columns are
/// known only once the service is, and that may be named last.
///
///     {"service": "fraud_check", "entities": { … }, "given": { … }}
struct QuestionBody {
  private let bytes: UnsafeRawBufferPointer
  private(set) var service: String?

  /// What is explained, if the request is for an explanation.
  private(set) var feature: String?

  /// Feast's list of `set:feature`, and its name for a service.
  private(set) var features: [String]?
  private(set) var hasFullNames = false

  /// The moment that is asked about, where it is not now.
  private(set) var at: Instant?

  private var entities: Range<Int>?
  private var given: Range<Int>?

  /// Which members there may be.
  enum Shape {
    case martlet
    case explanation
    case feast
  }

  /// Goes through `bytes`, which must outlive it. All of the JSON is judged here, so that later only
  /// kinds of values can be wrong.
  init(_ bytes: UnsafeRawBufferPointer, _ shape: Shape) throws(Problem) {
    self.bytes = bytes
    do {
      var reader = JSONReader(bytes)
      guard try reader.nextKind() == .object else {
        throw Problem.wrong("wrong-type", "the body must be an object", at: nil)
      }
      try reader.beginObject()
      while try reader.nextMember() {
        try note(reader.withText { MemberName($0, shape) }, &reader, shape)
      }
      try reader.end()
    } catch let problem as Problem {
      throw problem
    } catch let error as JSONError {
      throw .malformed(error)
    } catch {
      throw .jsonFailure(error, at: "")
    }
  }

  private mutating func note(
    _ name: MemberName, _ reader: inout JSONReader, _ shape: Shape
  ) throws {
    switch name {
    case .entities: entities = try part(&reader, "entities")
    case .given: given = try part(&reader, "given")
    case .service:
      if shape == .feast, try reader.skipNull() { return }
      service = try text(&reader, shape == .feast ? "feature_service" : "service")
    case .feature: feature = try text(&reader, "feature")
    case .at: at = try moment(&reader)
    case .features:
      if try reader.skipNull() { return }
      features = try texts(&reader, "features")
    case .fullNames:
      guard try reader.nextKind() == .bool else {
        throw Problem.wrong("wrong-type", "true or false is wanted", at: "full_feature_names")
      }
      hasFullNames = try reader.readBool()
    case .other(let name):
      // Feast's clients send switches for what only Feast has.
      if shape == .feast { return try reader.skip() }
      let names =
        shape == .martlet
        ? ["service", "entities", "given", "at"]
        : ["service", "feature", "entities", "given", "at"]
      let near = nearName(to: name, among: names).map { "; is `\($0)` meant?" } ?? ""
      throw Problem.wrong("unknown-member", "the request has no member `\(name)`\(near)", at: name)
    }
  }

  private func part(_ reader: inout JSONReader, _ name: String) throws -> Range<Int> {
    guard try reader.nextKind() == .object else {
      throw Problem.wrong("wrong-type", "an object of arrays is wanted", at: name)
    }
    let start = reader.offset
    try reader.skip()
    return start..<reader.offset
  }

  private func text(_ reader: inout JSONReader, _ name: String) throws -> String {
    guard try reader.nextKind() == .string else {
      throw Problem.wrong("wrong-type", "a text is wanted", at: name)
    }
    return try reader.readString()
  }

  private func moment(_ reader: inout JSONReader) throws -> Instant? {
    if try reader.skipNull() { return nil }
    guard let moment = try? Instant(try text(&reader, "at")) else {  // what it is not is said here
      throw Problem.wrong(
        "wrong-type", "a text with a moment, as 2026-01-31T23:59:59Z, is wanted", at: "at")
    }
    return moment
  }

  private func texts(_ reader: inout JSONReader, _ name: String) throws -> [String] {
    guard try reader.nextKind() == .array else {
      throw Problem.wrong("wrong-type", "an array of texts is wanted", at: name)
    }
    var texts: [String] = []
    try reader.beginArray()
    while try reader.nextElement() { texts.append(try text(&reader, "\(name)[\(texts.count)]")) }
    return texts
  }
}

/// A member's name, told from its bytes, so that none is copied that is known.
private enum MemberName {
  case entities, given, service, at, feature, features, fullNames
  case other(String)

  init(_ name: UnsafeRawBufferPointer, _ shape: QuestionBody.Shape) {
    let span = Span<UInt8>(_unsafeBytes: name)
    func isCalled(_ word: StaticString) -> Bool {
      // Names know case, unlike fields of heads; `equals` expects the word in lower case.
      FieldSyntax.equals(span, 0..<name.count, word) && name.allSatisfy { $0 == 0x5F || $0 >= 0x61 }
    }
    switch (name.count, shape) {
    case (8, _) where isCalled("entities"): self = .entities
    case (5, .martlet) where isCalled("given"), (5, .explanation) where isCalled("given"):
      self = .given
    case (7, .martlet) where isCalled("service"), (7, .explanation) where isCalled("service"),
      (15, .feast) where isCalled("feature_service"):
      self = .service
    case (2, .martlet) where isCalled("at"), (2, .explanation) where isCalled("at"): self = .at
    case (7, .explanation) where isCalled("feature"): self = .feature
    case (8, .feast) where isCalled("features"): self = .features
    case (18, .feast) where isCalled("full_feature_names"): self = .fullNames
    default: self = .other(String(decoding: name, as: UTF8.self))
    }
  }
}

extension QuestionBody {
  /// The question to `service`, whose columns are read as what it says they are.
  ///
  /// - Parameter entitiesHoldGiven: Feast's clients send both together.
  func question(
    to service: ServedService, at now: Instant, rowLimit: Int, entitiesHoldGiven: Bool = false
  ) throws(Problem) -> FeatureQuestion {
    var keys = FoundColumns(service.keys, in: "entities", code: "entity")
    var givens = FoundColumns(service.given, in: "given", code: "given")
    if let entities {
      if entitiesHoldGiven {
        var both = FoundColumns(service.keys + service.given, in: "entities", code: "entity")
        try both.read(part(entities))
        keys.columns = Array(both.columns.prefix(service.keys.count))
        givens.columns = Array(both.columns.suffix(service.given.count))
      } else {
        try keys.read(part(entities))
      }
    }
    if let given { try givens.read(part(given)) }

    let keyColumns = try keys.all()
    let givenColumns = try givens.all()
    let rowCount = (keyColumns.first ?? givenColumns.first)?.count ?? 0
    try keys.check(rowCount, against: keys, givens)
    try givens.check(rowCount, against: keys, givens)
    if rowCount > rowLimit { throw .tooManyRows(rowCount, limit: rowLimit) }
    for (field, column) in zip(service.keys, keyColumns) where column.validity != nil {
      let row = (0..<column.count).first { column.isNull(at: $0) } ?? 0
      throw .wrong(
        "null-key", "a key cannot be null: there is no such entity",
        at: "entities.\(field.name)[\(row)]")
    }
    return FeatureQuestion(
      service, keys: keyColumns, given: givenColumns, rowCount: rowCount, at: now)
  }

  private func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[range])
  }
}

/// Columns of one part of a request, each at the place of its field.
private struct FoundColumns {
  let fields: [Field]
  let part: StaticString
  let code: StaticString
  var columns: [Column?]

  init(_ fields: [Field], in part: StaticString, code: StaticString) {
    self.fields = fields
    self.part = part
    self.code = code
    columns = Array(repeating: nil, count: fields.count)
  }

  mutating func read(_ bytes: UnsafeRawBufferPointer) throws(Problem) {
    do {
      var reader = JSONReader(bytes)
      try reader.beginObject()
      while try reader.nextMember() {
        guard let index = reader.withText({ name in fields.firstIndex { $0.isCalled(name) } })
        else {
          throw unknown(reader.withText { String(decoding: $0, as: UTF8.self) })
        }
        let field = fields[index]
        columns[index] = try Column(
          reading: &reader, as: field.type, at: "\(part).\(field.name)")
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw .jsonFailure(error, at: "\(part)")
    }
  }

  private func unknown(_ name: String) -> Problem {
    let near = nearName(to: name, among: fields.map(\.name)).map { "; is `\($0)` meant?" } ?? ""
    return .wrong("unknown-\(code)", "the service takes no `\(name)`\(near)", at: "\(part).\(name)")
  }

  /// The columns, if all are there.
  func all() throws(Problem) -> [Column] {
    var all: [Column] = []
    for (field, column) in zip(fields, columns) {
      guard let column else {
        throw .wrong(
          "missing-\(code)", "the service needs `\(field.name)`, an array of \(field.type)",
          at: "\(part).\(field.name)")
      }
      all.append(column)
    }
    return all
  }

  func check(
    _ rowCount: Int, against keys: FoundColumns, _ given: FoundColumns
  ) throws(Problem) {
    for (field, column) in zip(fields, columns) {
      guard let column, column.count != rowCount else { continue }
      let first = (keys.fields.first ?? given.fields.first)?.name ?? ""
      throw .wrong(
        "unequal-lengths",
        "`\(field.name)` has \(column.count) values and `\(first)` has \(rowCount)",
        at: "\(part).\(field.name)")
    }
  }
}

extension Field {
  fileprivate func isCalled(_ name: UnsafeRawBufferPointer) -> Bool {
    self.name.utf8.count == name.count && self.name.utf8.elementsEqual(name)
  }
}
