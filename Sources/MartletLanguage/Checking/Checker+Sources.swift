import MartletColumns
import MartletDiagnostics

extension Checker {
  mutating func checkSource(_ declaration: Declaration) {
    guard let name = declaration.name, sources[name.text]?.name == name,
      let kind = Source.Kind(rawValue: declaration.kind.rawValue)
    else { return }
    let statements = declaration.body?.statements ?? []
    var scope = Scope(.row, of: name.text)
    var source = Source(
      name: name.text, kind: kind, origin: .pushes, at: "", id: [], columns: [], labels: [],
      expectations: [], description: description(of: declaration), identity: Identity(bytes: []))
    addColumns(statements, to: &source, &scope)
    var seen = Seen()
    for statement in statements {
      seen.note(statement, &self)
      check(statement, of: &source, &scope)
    }
    // Rows without a value that is demanded are gone before anything else sees them.
    for expectation in source.expectations where expectation.reaction != .warn {
      for column in expectation.condition.columnsKnownNotNull { scope.excludeNull(of: column) }
    }
    rowScopes[name.text] = scope
    source.retain = source.retain ?? definitions.project.retain
    source.zone = source.zone ?? definitions.project.zone
    if !brokenFiles.contains(name.range.file) {
      if seen.range(.from) == nil { report(.missingFrom(name)) }
      if seen.range(.at) == nil {
        let times = source.columns.filter { $0.type == .time }.map(\.name)
        report(.missingAt(name, candidates: times))
      }
    }
    source.identity = Identity.of(source)
    sources[name.text]?.meaning = source
    definitions.sources.append(source)
  }

  private mutating func addColumns(
    _ statements: [Statement], to source: inout Source, _ scope: inout Scope
  ) {
    for statement in statements {
      // What could not be read begins with a name, if it was to be a column.
      guard case .broken = statement.kind else { continue }
      let written = files.text(in: statement.range)
      scope.refuse(String(written.prefix { $0.isLetter || $0.isNumber || $0 == "_" }))
    }
    var first: [String: Name] = [:]
    for case .column(let name, let syntax, let label) in statements.lazy.map(\.kind) {
      if let earlier = first.updateValue(name, forKey: name.text) {
        report(.duplicateColumn(name, of: source.name, earlier))
        continue
      }
      guard let type = columnType(syntax) else {
        scope.refuse(name.text)
        continue
      }
      source.columns.append(Field(name.text, type))
      if label != nil { source.labels.insert(name.text) }
      let symbol = index.define(.column, name, type: type.description)
      scope.add(
        name.text,
        Scope.Entry(
          kind: .column(name.text), type: type, canBeNull: true, symbol: symbol,
          label: label == nil ? nil : name.range))
    }
  }

  private mutating func check(
    _ statement: Statement, of source: inout Source, _ scope: inout Scope
  ) {
    switch statement.kind {
    case .from(.pushes): source.origin = .pushes
    case .from(.files(let paths, let table)):
      for path in paths {
        if let scheme = path.text.scheme { report(.remoteSource(path, scheme, of: source.name)) }
      }
      source.origin = .files(paths.map(\.text), table: table?.text)
    case .at(let column):
      if timeColumn(column, "at", &scope) { source.at = column.text }
    case .known(.column(let column)):
      if column.text == source.at { report(.knownIsAt(column)) }
      if timeColumn(column, "known", &scope) { source.known = .column(column.text) }
    case .known(.after(let length)):
      source.known = length.amount.map { .after(TimeLength(microseconds: $0)) }
    case .id(let columns):
      for column in columns where use(column, &scope) != nil { source.id.append(column.text) }
    case .deleted(let condition):
      source.deletedWhen = self.condition(condition, &scope, "deleted when")
    case .retain(let length): source.retain = positive(length)
    case .zone(let zone): source.zone = checkedZone(zone)
    case .expect(let syntax, let reaction, _):
      guard let condition = self.condition(syntax, &scope, "expect") else { return }
      source.expectations.append(
        Source.Expectation(
          condition: condition, reaction: reaction, written: files.text(in: syntax.range)))
    default: break
    }
  }

  private mutating func timeColumn(_ column: Name, _ word: String, _ scope: inout Scope) -> Bool {
    guard let entry = use(column, &scope) else { return false }
    if entry.type == .time { return true }
    report(.notATime(column, entry.type, word, index.symbols[entry.symbol].definition))
    return false
  }

  /// The entry of a column that is named by itself.
  mutating func use(_ name: Name, _ scope: inout Scope) -> Scope.Entry? {
    guard let entry = scope.use(name.text) else {
      if scope.refused.contains(name.text) {
        // Nor is it news when others do not find what leans on it.
        if let reader = underway.last { sets[reader]?.isBroken = true }
      } else {
        reportUnknown(name, scope)
      }
      return nil
    }
    index.refer(name.range, to: entry.symbol)
    return entry
  }

  mutating func reportUnknown(_ name: Name, _ scope: Scope) {
    let word = name.text.lowercased()
    if Token.reservedWords[word] != nil {
      report(.foreignSpelling(name.range, instead: word))
    } else {
      report(.unknownName(name, in: scope.owner, near: near(name.text, scope.names)))
    }
  }
}

extension String {
  /// What stands before `://`, where it is an address and no path.
  fileprivate var scheme: Substring? {
    let letters = prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    return !letters.isEmpty && self[letters.endIndex...].hasPrefix("://") ? letters : nil
  }
}

extension Expression {
  /// The columns that cannot be null where this is true.
  var columnsKnownNotNull: [String] {
    switch kind {
    case .call(.and, let operands): operands.flatMap(\.columnsKnownNotNull)
    case .call(.not, let operands):
      if case .call(.isNull, let inner) = operands[0].kind, case .column(let name) = inner[0].kind {
        [name]
      } else {
        []
      }
    default: []
    }
  }
}
