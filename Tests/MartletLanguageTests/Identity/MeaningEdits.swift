import MartletColumns
import MartletDiagnostics
import MartletLanguage

/// One change of a program's text that is a change of what it means, or of nothing.
struct MeaningEdit: CustomStringConvertible {
  var place: TextRange
  var replacement: String
  var origin: Origin

  /// What the text belongs to.
  enum Origin: Hashable {
    case entity(String)
    /// The rows of a source; or all of it, but not its rows.
    case rows(String)
    case source(String)
    case column(String, String)
    case set(String)
    case local(String, String)
    case given(String, String)
    /// All features of that base name; or the one of that full name.
    case features(String, base: String)
    case feature(String, String)
    case service(String)
    /// What every source without its own `zone` takes from the project; and likewise `retain`.
    case projectZone, projectRetain
    case nothing
  }

  var description: String { "\(place.start)..<\(place.end) `\(replacement)` of \(origin)" }
}

/// Finds every place of a program where a single change changes a meaning, and changes it.
struct MeaningEdits {
  private(set) var edits: [MeaningEdit] = []
  private let files: TextFiles
  private let definitions: Definitions

  init(_ program: Program) {
    files = program.files
    definitions = program.definitions
    for tree in program.trees {
      for declaration in tree.declarations { add(declaration) }
    }
  }

  private mutating func add(
    _ place: TextRange, _ replacement: String, _ origin: MeaningEdit.Origin
  ) {
    if files.text(in: place) != replacement {
      edits.append(MeaningEdit(place: place, replacement: replacement, origin: origin))
    }
  }

  // MARK: Declarations and statements

  private mutating func add(_ declaration: Declaration) {
    let name = declaration.name?.text ?? ""
    switch declaration.kind {
    case .events, .states: add(declaration.keyword, "states", .rows(name))
    case .entity:
      for parameter in declaration.head.parameters { add(parameter.type, .entity(name)) }
    case .features:
      for parameter in declaration.head.parameters {
        add(parameter.type, .given(name, parameter.name.text))
      }
      for column in declaration.head.keyColumns {
        for other in columns(ofSet: name) { add(column.range, other, .set(name)) }
      }
      if let source = declaration.head.source {
        for other in definitions.sources { add(source.range, other.name, .set(name)) }
      }
    case .service, .hook, .project: break
    }
    for statement in declaration.body?.statements ?? [] { add(statement, name, declaration.kind) }
  }

  private mutating func add(_ statement: Statement, _ owner: String, _ kind: Declaration.Kind) {
    func drop(_ origin: MeaningEdit.Origin) { add(statement.range, "", origin) }
    switch statement.kind {
    case .column(let name, let type, let label):
      add(type, .column(owner, name.text))
      if let label { add(label, "", .source(owner)) }
      add(statement.range, "", .column(owner, name.text))
    case .from(.files(let paths, let table)):
      for path in paths { add(path.range, "\"other.parquet\"", .rows(owner)) }
      if let table { add(table.range, "\"other\"", .rows(owner)) }
      add(statement.range, "from pushes", .rows(owner))
    case .from(.pushes): add(statement.range, "from \"some.parquet\"", .rows(owner))
    case .at(let column):
      for other in columns(of: owner) { add(column.range, other, .rows(owner)) }
    case .known(.column(let column)):
      drop(.rows(owner))
      for other in columns(of: owner) { add(column.range, other, .rows(owner)) }
    case .known(.after(let length)):
      drop(.rows(owner))
      longer(length, .rows(owner))
    case .id(let columns):
      drop(.rows(owner))
      if let last = columns.last {
        for other in self.columns(of: owner) { add(last.range, other, .rows(owner)) }
      }
    case .deleted(let condition):
      drop(.rows(owner))
      add(condition, .rows(owner), columns(of: owner))
    case .retain(let length):
      let origin: MeaningEdit.Origin = kind == .project ? .projectRetain : .source(owner)
      drop(origin)
      longer(length, origin)
    case .zone(let zone):
      let origin: MeaningEdit.Origin = kind == .project ? .projectZone : .rows(owner)
      drop(origin)
      add(zone.range, "\"Asia/Tokyo\"", origin)
    case .expect(let condition, let reaction, let word):
      let origin: MeaningEdit.Origin = reaction == .drop ? .rows(owner) : .source(owner)
      drop(origin)
      add(condition, origin, columns(of: owner))
      // A row that was dropped is kept, or the other way round; or it is only said otherwise.
      for other in Statement.Reaction.allCases {
        add(
          word, other.rawValue, other == .drop || reaction == .drop ? .rows(owner) : .source(owner))
      }
    case .where(let condition):
      drop(.set(owner))
      add(condition, .set(owner), names(ofSet: owner))
    case .let(let name, let value): add(value, .local(owner, name.text), names(ofSet: owner))
    case .feature(let feature): add(feature, owner)
    case .keep(let length):
      drop(.set(owner))
      longer(length, .set(owner))
    case .item(let item):
      drop(.service(owner))
      if let alias = item.alias { add(alias.name.range, alias.name.text + "x", .service(owner)) }
    case .every, .cron, .fresh, .owner, .about, .tags, .store, .memory, .onNewData, .on, .of, .run,
      .post:
      drop(.nothing)
    case .broken: break
    }
  }

  private mutating func add(_ feature: FeatureSyntax, _ set: String) {
    let base = feature.name.text
    if let value = feature.value { add(value, .features(set, base: base), names(ofSet: set)) }
    guard let over = feature.over else { return }
    for window in over.windows { longer(window, .feature(set, "\(base)_\(window.written)")) }
    if let step = over.step { longer(step, .features(set, base: base)) }
  }

  private mutating func longer(_ length: Quantity, _ origin: MeaningEdit.Origin) {
    add(length.range, "3\(length.written)", origin)
  }

  private mutating func add(_ type: TypeSyntax, _ origin: MeaningEdit.Origin) {
    for other in ["int", "double", "string", "bool", "time", "bytes", "list of int", "vector(3)"] {
      add(type.range, other, origin)
    }
  }

  // MARK: Names in reach

  private func columns(of source: String) -> [String] {
    definitions.source(source)?.columns.map(\.name) ?? []
  }

  private func columns(ofSet name: String) -> [String] {
    guard case .stored(let stored) = definitions.featureSet(name)?.kind else { return [] }
    return columns(of: stored.source)
  }

  private func names(ofSet name: String) -> [String] {
    guard let set = definitions.featureSet(name) else { return [] }
    let read = definitions.featureSets.flatMap { other in
      other.features.prefix(2).map { "\(other.name).\($0.name)" }
    }
    let isStored = !columns(ofSet: name).isEmpty
    return columns(ofSet: name) + set.locals.map(\.name) + set.given.map(\.name)
      + (isStored ? [] : read)
  }

  // MARK: Expressions

  private mutating func add(
    _ syntax: ExpressionSyntax, _ origin: MeaningEdit.Origin, _ names: [String]
  ) {
    switch syntax.kind {
    case .null: add(syntax.range, "1", origin)
    case .bool(let value): add(syntax.range, "\(!value)", origin)
    case .int(let value): add(syntax.range, "\(value + 1)", origin)
    case .double(let value, _): add(syntax.range, "\(value / 2 + 0.125)", origin)
    case .string(let text):
      // A zone stays a zone.
      add(syntax.range, text.contains("/") ? "\"Asia/Tokyo\"" : "\"\(text)x\"", origin)
    case .length(let length): longer(length, origin)
    case .name, .member: for other in names { add(syntax.range, other, origin) }
    case .list(let parts): for part in parts { add(part, origin, names) }
    case .call(let call):
      let others = AggregateFunction.allCases.map(\.rawValue) + Function.table.keys.sorted()
      for other in others { add(call.function.range, other, origin) }
      for argument in call.arguments { add(argument, origin, names) }
      if let filter = call.filter { add(filter, origin, names) }
    case .parenthesized(let inner): add(inner, origin, names)
    case .unary(_, let operand):
      add(syntax.range, "(\(files.text(in: operand.range)))", origin)
      add(operand, origin, names)
    case .binary(_, let left, let right, let sign):
      for other in ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "||"] {
        add(sign, other, origin)
      }
      add(left, origin, names)
      add(right, origin, names)
    case .chain(let sign, let operands):
      let texts = operands.map { "(\(files.text(in: $0.range)))" }
      add(syntax.range, texts.joined(separator: sign == .and ? " or " : " and "), origin)
      for operand in operands { add(operand, origin, names) }
    case .isNull(let operand, let isNegated):
      add(
        syntax.range, "\(files.text(in: operand.range)) is \(isNegated ? "" : "not ")null", origin)
      add(operand, origin, names)
    case .isIn(let operand, let values, let isNegated):
      let list = values.map { files.text(in: $0.range) }.joined(separator: ", ")
      add(
        syntax.range, "\(files.text(in: operand.range)) \(isNegated ? "" : "not ")in (\(list))",
        origin)
      for part in [operand] + values { add(part, origin, names) }
    case .isBetween(let operand, let low, let high, let isNegated):
      let parts = [operand, low, high].map { files.text(in: $0.range) }
      add(
        syntax.range, "\(parts[0]) \(isNegated ? "" : "not ")between \(parts[1]) and \(parts[2])",
        origin)
      for part in [operand, low, high] { add(part, origin, names) }
    case .choice(let condition, let first, let second):
      let parts = [condition, second, first].map { files.text(in: $0.range) }
      add(syntax.range, "if \(parts[0]) then \(parts[1]) else \(parts[2])", origin)
      for part in [condition, first, second] { add(part, origin, names) }
    case .broken: break
    }
  }
}
