import MartletDiagnostics

extension Parser {
  /// Reads one statement of a block of `kind`.
  mutating func statement(in kind: Declaration.Kind) -> Statement.Kind {
    if let word = statementWord() {
      let keyword = here
      guard word.places.contains(kind) else {
        report(.misplaced(word, at: keyword, in: kind))
        skipLine()
        return .broken
      }
      advance()
      return statement(word, keyword) ?? broken()
    }
    switch kind {
    case .events, .states: return column() ?? broken()
    case .features: return feature() ?? broken()
    case .service: return item() ?? broken()
    case .entity, .hook, .project:
      reportUnknownStatement(in: kind)
      return broken()
    }
  }

  private mutating func broken() -> Statement.Kind {
    skipLine()
    return .broken
  }

  /// The statement that the next word begins. Such a word is a name all the same where it stands
  /// like one: before `:`, `=`, `.`, a comma or the line's end.
  private func statementWord() -> StatementWord? {
    let word: String
    switch token.kind {
    case .where: return .where
    case .word: word = text(token)
    default: return nil
    }
    switch following.kind {
    case .colon, .equals, .dot, .newline, .end, .closeBrace: return nil
    default: return StatementWord(rawValue: word)
    }
  }

  private mutating func statement(_ word: StatementWord, _ keyword: TextRange) -> Statement.Kind? {
    switch word {
    case .from: return origin().map { .from($0) }
    case .at: return name("the column with the time").map { .at($0) }
    case .known:
      if skip(word: "after") != nil {
        return length("how long after its time a row is known").map { .known(.after($0)) }
      }
      return name("a column, or `after` and a length").map { .known(.column($0)) }
    case .id: return .id(names("a column"))
    case .deleted:
      guard skip(word: "when") != nil else {
        reportExpected("`when` and a condition", help: "`deleted when closed`")
        return nil
      }
      return .deleted(when: expression())
    case .retain: return length("how long rows are kept").map { .retain($0) }
    case .zone:
      return textLiteral("the name of a time zone", help: "`zone \"Europe/Berlin\"`").map {
        .zone($0)
      }
    case .expect: return expectation(keyword)
    case .where: return .where(expression())
    case .let:
      guard let name = name("a name") else { return nil }
      guard skipEquals() else { return nil }
      return .let(name, expression())
    case .keep: return length("how long a value holds").map { .keep($0) }
    case .every: return length("how often to run").map { .every($0) }
    case .cron:
      guard let text = textLiteral("a cron line in quotes", help: "`cron \"0 3 * * *\"`") else {
        return nil
      }
      guard skip(word: "zone") != nil else { return .cron(text, zone: nil) }
      return .cron(text, zone: textLiteral("the name of a time zone"))
    case .fresh: return length("how old a value may be").map { .fresh($0) }
    case .on: return occasion()
    case .of: return .of(names("a feature set or a service"))
    case .run:
      return textLiteral("a command in quotes", help: "`run \"scripts/tell\"`").map { .run($0) }
    case .post:
      return textLiteral("an address in quotes", help: "`post \"http://localhost:9000/told\"`").map
      {
        .post($0)
      }
    case .store: return textLiteral("a folder in quotes").map { .store($0) }
    case .memory:
      guard token.kind == .quantity || token.kind == .int else {
        reportExpected("a size", help: "`memory 2GB`")
        return nil
      }
      return .memory(quantity(.bytes, advance()))
    case .owner: return textLiteral("who it is, in quotes").map { .owner($0) }
    case .about: return textLiteral("what it is, in quotes").map { .about($0) }
    case .tags: return .tags(texts("a tag in quotes"))
    }
  }

  /// `new data`, or what a hook waits for.
  private mutating func occasion() -> Statement.Kind? {
    if isNext(word: "new"), has(following, "data") {
      advance()
      advance()
      return .onNewData
    }
    var events: [HookEventSyntax] = []
    repeat {
      guard let name = name("an event, such as `failure`") else { return nil }
      var event = HookEventSyntax(name: name)
      if skip(.over) != nil {
        guard token.kind == .int else {
          reportExpected("a number", help: "`rejects over 100`")
          return nil
        }
        event.limitRange = here
        event.limit = Int(text(advance()).filter { $0 != "_" }) ?? Int.max
      }
      events.append(event)
    } while skip(.comma) != nil
    return .on(events)
  }

  private mutating func texts(_ what: String) -> [TextLiteral] {
    var texts: [TextLiteral] = []
    repeat {
      guard let text = textLiteral(what) else { break }
      texts.append(text)
    } while skip(.comma) != nil
    return texts
  }

  private mutating func origin() -> Statement.Origin? {
    if skip(word: "pushes") != nil { return .pushes }
    let paths = texts("a path in quotes, or `pushes`")
    guard !paths.isEmpty else { return nil }
    guard skip(word: "table") != nil else { return .files(paths, table: nil) }
    return .files(paths, table: textLiteral("the name of the table in quotes"))
  }

  private mutating func expectation(_ keyword: TextRange) -> Statement.Kind? {
    let condition = expression()
    if case .broken = condition.kind { return nil }
    guard skip(.or) != nil else {
      let words = Statement.Reaction.allCases.map(\.rawValue)
      report(.expectationSaysNothing(keyword.through(condition.range), words: words))
      return nil
    }
    let token = advance()
    // The expression ended only because one of the three words follows.
    guard let reaction = Statement.Reaction(rawValue: text(token)) else { return nil }
    return .expect(condition, reaction, range(token))
  }

  /// Steps over the `=` of a definition.
  private mutating func skipEquals() -> Bool {
    if skip(.equals) != nil { return true }
    if token.kind == .equal || token.kind == .colon {
      report(.foreignSpelling(here, instead: "="))
      advance()
      return true
    }
    reportExpected("`=`")
    return false
  }

  // MARK: Columns, features, items

  private mutating func column() -> Statement.Kind? {
    guard [.word, .quotedWord].contains(token.kind), following.kind == .colon else {
      reportUnknownStatement(in: .events)
      return nil
    }
    guard let name = name("a column") else { return nil }
    advance()
    guard let type = type() else { return nil }
    return .column(name, type, label: skip(word: "label"))
  }

  private mutating func feature() -> Statement.Kind? {
    guard [.word, .quotedWord].contains(token.kind),
      [.equals, .equal, .colon, .newline, .end, .closeBrace].contains(following.kind)
    else {
      reportUnknownStatement(in: .features)
      return nil
    }
    guard let name = name("a feature") else { return nil }
    guard ![.newline, .end, .closeBrace].contains(token.kind) else {
      return .feature(FeatureSyntax(name: name, value: nil, over: nil))
    }
    guard skipEquals() else { return nil }
    let value = expression()
    if case .broken = value.kind {
      skipLine()
      return .feature(FeatureSyntax(name: name, value: value, over: nil))
    }
    guard let over = skip(.over) else {
      return .feature(FeatureSyntax(name: name, value: value, over: nil))
    }
    return .feature(FeatureSyntax(name: name, value: value, over: windows(over)))
  }

  private mutating func windows(_ over: TextRange) -> FeatureSyntax.Over? {
    var result = FeatureSyntax.Over(windows: [], all: nil, step: nil, range: over)
    if let all = skip(word: "all") {
      result.all = all
    } else {
      var lacksComma = false
      repeat {
        continueLine()
        guard let window = length("a window, as in `7d`, or `all`") else { return nil }
        result.windows.append(window)
        if token.kind == .quantity, !lacksComma {
          reportMissingComma(behind: result.windows)
          lacksComma = true
        }
      } while skip(.comma) != nil || token.kind == .quantity
    }
    if skip(word: "step") != nil { result.step = length("a length, as in `1d`") }
    result.range = over.through(behind)
    return result
  }

  private mutating func item() -> Statement.Kind? {
    guard [.word, .quotedWord].contains(token.kind), following.kind == .dot else {
      reportUnknownStatement(in: .service)
      return nil
    }
    guard let set = name("a feature set") else { return nil }
    advance()
    let star = skip(.star)
    let feature = star == nil ? name("a feature, or `*`") : nil
    guard let featureRange = star ?? feature?.range else { return nil }
    var item = ServiceItemSyntax(set: set, feature: feature, featureRange: featureRange)
    if skip(word: "except") != nil { item.except = names("a feature") }
    if skip(word: "by") != nil { item.keys = keys() }
    if skip(word: "as") != nil {
      guard let name = name("a name") else { return nil }
      item.alias = ServiceItemSyntax.Alias(name: name, hasStar: skip(.star) != nil)
    }
    return .item(item)
  }

  private mutating func keys() -> [ServiceItemSyntax.KeySyntax] {
    var keys: [ServiceItemSyntax.KeySyntax] = []
    repeat {
      guard let first = name("a key, or a feature that holds it") else { break }
      if skip(.dot) != nil {
        guard let second = name("a feature") else { break }
        keys.append(ServiceItemSyntax.KeySyntax(set: first, name: second))
      } else {
        keys.append(ServiceItemSyntax.KeySyntax(set: nil, name: first))
      }
    } while skip(.comma) != nil
    return keys
  }

  /// Says that commas stand between windows, once for all that follow without one.
  private mutating func reportMissingComma(behind windows: [Quantity]) {
    var all = windows.map(\.written)
    var count = 0
    while token(ahead: count).kind == .quantity {
      all.append(text(token(ahead: count)))
      count += 1
    }
    reportExpected("`,`", help: "`over \(all.joined(separator: ", "))`")
  }

  private mutating func reportUnknownStatement(in kind: Declaration.Kind) {
    if let word = Token.reservedWords[text(token).lowercased()], word == .and || word == .or {
      let help =
        "an expression goes on where its line ends with an operator: end the line above with `\(word)`"
      return reportExpected("a statement of \(kind.spokenBlock)", help: help)
    }
    guard token.kind == .word else {
      return reportExpected("a statement of \(kind.spokenBlock)")
    }
    let words = StatementWord.allCases.filter { $0.places.contains(kind) }.map(\.rawValue)
    let near = nearName(to: text(token), among: words)
    report(.unknownStatement(text(token), at: here, in: kind, near: near, words: words))
  }
}

extension Declaration.Kind {
  /// The kind as a sentence calls its block.
  var spokenBlock: String {
    switch self {
    case .entity: "an entity"
    case .events: "events"
    case .states: "states"
    case .features: "a feature set"
    case .service: "a service"
    case .hook: "a hook"
    case .project: "the project"
    }
  }
}
