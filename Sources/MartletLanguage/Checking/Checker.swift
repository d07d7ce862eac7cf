import MartletColumns
import MartletDiagnostics

/// Turns trees into definitions. One pass per kind, in the order in which they lean on each other:
/// entities, sources, feature sets of sources, computed sets as they are asked for, services.
struct Checker {
  let files: TextFiles

  /// Files with unreadable parts: what they may have meant is not held against the others.
  let brokenFiles: Set<UInt32>
  private(set) var findings: [Diagnostic] = []

  /// How many errors and how many findings there are, those left out included.
  private(set) var errorCount = 0
  private(set) var findingCount = 0
  var definitions = Definitions()
  var index = NameIndex()

  var entities: [String: Known<Entity>] = [:]
  var sources: [String: Known<Source>] = [:]
  var sets: [String: KnownSet] = [:]
  var services: [String: Name] = [:]
  var hooks: [String: Name] = [:]

  /// The scope of each source's rows, made once.
  var rowScopes: [String: Scope] = [:]

  /// The sets that are being checked now, each asked for by the one before.
  var underway: [String] = []
  var usedSources: Set<String> = []
  var usedEntities: Set<String> = []

  /// The zones that may be named, and what has been found out about names.
  private let zones: ZoneNames
  private var isKnownZone: [String: Bool] = ["UTC": true]

  /// How many near names have been looked for: hostile files may hold a million wrong ones.
  var suggestionCount = 0

  /// A declaration and, once it has been checked, what it means.
  struct Known<Meaning> {
    var declaration: Declaration
    var name: Name
    var symbol: Int
    var meaning: Meaning?
  }

  struct KnownSet {
    var declaration: Declaration
    var name: Name
    var symbol: Int
    var meaning: FeatureSet?
    var isChecked = false

    /// Whether some of its features could not be understood: a missing one is then no news.
    var isBroken = false

    /// Each feature by its full name: its place in `meaning`, its symbol, the label that it tells of.
    var features: [String: (position: Int, symbol: Int, label: TextRange?)] = [:]
  }

  init(files: TextFiles, brokenFiles: Set<UInt32>, zones: ZoneNames) {
    self.files = files
    self.brokenFiles = brokenFiles
    self.zones = zones
  }

  mutating func check(_ trees: [SyntaxTree]) {
    let declarations = trees.flatMap(\.declarations)
    collect(declarations)
    for declaration in declarations where declaration.kind == .entity { checkEntity(declaration) }
    checkProject(declarations.filter { $0.kind == .project })
    for declaration in declarations { checkSource(declaration) }
    for declaration in declarations where declaration.kind == .features {
      if let name = declaration.name { checkSet(name.text) }
    }
    for declaration in declarations where declaration.kind == .features {
      if let name = declaration.name, let meaning = sets[name.text]?.meaning {
        if sets[name.text]?.name == name { definitions.featureSets.append(meaning) }
      }
    }
    for declaration in declarations where declaration.kind == .service { checkService(declaration) }
    for declaration in declarations where declaration.kind == .hook { checkHook(declaration) }
    reportUnused()
    index.seal()
  }

  // MARK: Names of declarations

  private mutating func collect(_ declarations: [Declaration]) {
    var first: [String: Name] = [:]
    for declaration in declarations {
      guard let name = declaration.name else { continue }
      // Sources, sets and services share a namespace with entities: a name has one meaning.
      if let earlier = first[name.text] {
        report(.duplicate(name, earlier, what: "`\(name.text)` is declared twice"))
        continue
      }
      first[name.text] = name
      switch declaration.kind {
      case .entity:
        entities[name.text] = Known(
          declaration: declaration, name: name, symbol: index.define(.entity, name))
      case .events, .states:
        sources[name.text] = Known(
          declaration: declaration, name: name, symbol: index.define(.source, name))
      case .features:
        reportUnfit(name)
        sets[name.text] = KnownSet(
          declaration: declaration, name: name, symbol: index.define(.featureSet, name))
      case .service:
        services[name.text] = name
        _ = index.define(.service, name)
      case .hook:
        hooks[name.text] = name
        _ = index.define(.hook, name)
      case .project: break
      }
    }
  }

  /// A set and a feature are told apart in `set__feature`.
  mutating func reportUnfit(_ name: Name) {
    if name.text.contains("__") { report(.unfitName(name)) }
  }

  // MARK: Findings

  /// The most findings that are kept: hostile files may deserve a million.
  static let findingLimit = 10_000

  mutating func report(_ finding: Diagnostic) {
    findingCount += 1
    if finding.severity == .error { errorCount += 1 }
    if findingCount <= Checker.findingLimit {
      findings.append(finding)
    } else if findingCount == Checker.findingLimit + 1, let place = finding.primary?.range {
      findings.append(.tooManyFindings(at: place))
    }
  }

  /// The near name among `names`; after a hundred questions there is no answer any more.
  mutating func near(_ written: String, _ names: some Sequence<String>) -> String? {
    suggestionCount += 1
    return suggestionCount > 100 ? nil : nearName(to: written, among: names)
  }

  // MARK: Entities and the project

  private mutating func checkEntity(_ declaration: Declaration) {
    guard let name = declaration.name, entities[name.text]?.name == name else { return }
    var keys: [Field] = []
    for parameter in declaration.head.parameters {
      guard let type = columnType(parameter.type) else { continue }
      if ![.int, .string, .bool, .time, .bytes].contains(type) {
        report(.unfitKey(parameter, type))
      } else if keys.contains(where: { $0.name == parameter.name.text }) {
        report(.duplicateColumn(parameter.name, of: name.text, nil))
      } else {
        keys.append(Field(parameter.name.text, type))
      }
    }
    if declaration.head.parameters.isEmpty {
      if declaration.head.parametersRange != nil { report(.entityWithoutKeys(name)) }
      return
    }
    guard keys.count == declaration.head.parameters.count else { return }
    let meaning = Entity(
      name: name.text, keys: keys, description: description(of: declaration),
      identity: Identity.of(entity: name.text, keys))
    entities[name.text]?.meaning = meaning
    definitions.entities.append(meaning)
  }

  private mutating func checkProject(_ declarations: [Declaration]) {
    var written = ProjectSettings()
    for (number, declaration) in declarations.enumerated() {
      if number > 0 {
        report(.secondProject(declaration.keyword, declarations[0].keyword))
        continue
      }
      var seen = Seen()
      for statement in declaration.body?.statements ?? [] {
        seen.note(statement, &self)
        switch statement.kind {
        case .store(let text): written.store = text.text
        case .memory(let size): written.memoryInBytes = size.amount
        case .retain(let length): written.retain = positive(length)
        case .zone(let zone): written.zone = checkedZone(zone)
        default: break
        }
      }
    }
    definitions.project = definitions.project.before(written)
  }

  // MARK: Shared parts

  /// What is said for people.
  mutating func description(of declaration: Declaration) -> Description {
    var result = Description(text: declaration.range)
    for statement in declaration.body?.statements ?? [] {
      switch statement.kind {
      case .owner(let text): result.owner = text.text
      case .about(let text): result.about = text.text
      case .tags(let texts): result.tags = texts.map(\.text)
      default: break
      }
    }
    return result
  }

  mutating func columnType(_ syntax: TypeSyntax) -> ColumnType? {
    switch syntax {
    case .named(let name):
      if let type = ColumnType.simple[name.text] { return type }
      let names = Array(ColumnType.simple.keys) + ["vector", "list"]
      report(
        .unknownType(
          name, near: near(name.text, names) ?? ForeignNames.types[name.text.lowercased()]))
      return nil
    case .list(let element, let range):
      guard let type = columnType(element) else { return nil }
      switch type {
      case .list, .vector:
        report(.nestedList(range, type))
        return nil
      default: return .list(type)
      }
    case .vector(let width, let range):
      guard 1...65_536 ~= width else {
        report(.badWidth(range))
        return nil
      }
      return .vector(width: width)
    }
  }

  /// The length, if it is longer than nothing.
  mutating func positive(_ quantity: Quantity) -> TimeLength? {
    guard let amount = quantity.amount else { return nil }
    if amount <= 0 {
      report(.emptyLength(quantity))
      return nil
    }
    return TimeLength(microseconds: amount)
  }

  /// The zone, if there is one of that name.
  mutating func checkedZone(_ zone: TextLiteral) -> String? {
    let parts = zone.text.split(separator: "/", omittingEmptySubsequences: false)
    let isFit = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { $0.continuesWord || "+-".utf8.contains($0) }
    }
    guard isFit, parts.count > 1 || zone.text == "UTC" else {
      report(.badZone(zone))
      return nil
    }
    reportUnknownZone(zone.text, zone.range)
    return zone.text
  }

  mutating func reportUnknownZone(_ name: String, _ place: TextRange) {
    let isKnown = isKnownZone[name] ?? zones.isKnown(name)
    isKnownZone[name] = isKnown
    if !isKnown { report(.unknownZone(place, name, near: near(name, zones.all()))) }
  }
}

extension ColumnType {
  fileprivate static let simple: [String: ColumnType] = [
    "bool": .bool, "int": .int, "double": .double, "string": .string, "time": .time,
    "bytes": .bytes,
  ]
}

/// Which statements a block has already made: most may be made once.
struct Seen {
  private var first: [StatementWord: TextRange] = [:]

  mutating func note(_ statement: Statement, _ checker: inout Checker) {
    guard let word = statement.kind.word, word != .let, word != .expect, word != .where else {
      return
    }
    if let earlier = first[word] {
      checker.report(.duplicateStatement(word, statement.range, earlier))
    } else {
      first[word] = statement.range
    }
  }

  func range(_ word: StatementWord) -> TextRange? { first[word] }
}

extension Statement.Kind {
  /// The word that begins it.
  var word: StatementWord? {
    switch self {
    case .from: .from
    case .at: .at
    case .known: .known
    case .id: .id
    case .deleted: .deleted
    case .retain: .retain
    case .zone: .zone
    case .expect: .expect
    case .where: .where
    case .let: .let
    case .keep: .keep
    case .every: .every
    case .cron: .cron
    case .fresh: .fresh
    case .onNewData, .on: .on
    case .of: .of
    case .run: .run
    case .post: .post
    case .store: .store
    case .memory: .memory
    case .owner: .owner
    case .about: .about
    case .tags: .tags
    case .column, .feature, .item, .broken: nil
    }
  }
}
