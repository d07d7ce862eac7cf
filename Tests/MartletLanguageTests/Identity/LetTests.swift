import MartletDiagnostics
import MartletLanguage
import Testing

/// A `let` is a name for a value: written out in its place, the value means the same.
struct LetTests {
  /// What stands between the braces of a set, once with `let`s and once without.
  static let pairs: [(with: String, without: String)] = [
    ("let half = weight * 0.5\nf = sum(half)", "f = sum(weight * 0.5)"),
    ("let rate = 0.5\nlet half = weight * rate\nf = sum(half)", "f = sum(weight * 0.5)"),
    // An int beside a double is meant as a double, wherever it is written.
    ("let two = 2\nf = sum(weight * two)", "f = sum(weight * 2)"),
    ("let two = 2\nf = count(where weight > two)", "f = count(where weight > 2)"),
    ("let two = 2\nf = count(where two in (weight, 3))", "f = count(where 2 in (weight, 3))"),
    (
      "let two = 2\nf = sum(if clicked then weight else two)",
      "f = sum(if clicked then weight else 2)"
    ),
    ("let two = 2\nf = sum(coalesce(weight, two))", "f = sum(coalesce(weight, 2))"),
    ("let two = 2\nf = sum(pow(weight, two))", "f = sum(pow(weight, 2))"),
    ("let two = 2\nf = sum(-two)", "f = sum(-2)"),
    ("let minus = -2\nf = sum(minus)", "f = sum(-(2))"),
    ("let w = weight\nf = sum(w)", "f = sum(weight)"),
    (
      "let c = clicked and number > 1\nwhere c and weight > 1.0\nf = count()",
      "where clicked and number > 1 and weight > 1.0\nf = count()"
    ),
    ("where clicked\nwhere number > 1\nf = count()", "where number > 1 and clicked\nf = count()"),
    (
      "let c = clicked or number > 1\nwhere c or weight > 1.0\nf = count()",
      "where weight > 1.0 or (clicked or number > 1)\nf = count()"
    ),
    ("let unused = weight * 0.5\nf = sum(number)", "f = sum(number)"),
  ]

  @Test(arguments: pairs)
  func `a value written out means what its let means`(pair: (with: String, without: String)) throws
  {
    #expect(try meaning(pair.with) == meaning(pair.without), "\(pair.without)")
  }

  static let differing: [(String, String)] = [
    ("f = sum(number)", "f = sum(number + 0)"),
    ("f = count(where number > 2)", "f = count(where number > 3)"),
    // An int and a double are not the same where nothing makes one of the other.
    ("f = last(2)", "f = last(2.0)"),
    ("f = last(string(2))", "f = last(string(2.0))"),
    // Joined otherwise.
    (
      "f = count(where clicked and (number > 1 or weight > 1.0))",
      "f = count(where (clicked and number > 1) or weight > 1.0)"
    ),
    ("f = count(where clicked and clicked and number > 1)", "f = count(where clicked)"),
    ("f = sum(if clicked then 1 else 2)", "f = sum(if not clicked then 1 else 2)"),
    (
      "let a = number\nlet b = number + 1\nf = sum(a)",
      "let a = number + 1\nlet b = number\nf = sum(a)"
    ),
  ]

  @Test(arguments: differing)
  func `what is another value means another thing`(pair: (String, String)) throws {
    #expect(try meaning(pair.0) != meaning(pair.1), "\(pair)")
  }

  @Test func `a computed feature means what the features mean that it reads, lets between them`()
    throws
  {
    let base = "a = e.n * 2\nlet l = a + 1\nb = l\nc = 1"
    let before = try computed(base)
    #expect(try computed("a = e.n * 2\nb = a + 1\nc = 1") == before)
    let after = try computed("a = e.n * 3\nlet l = a + 1\nb = l\nc = 1")
    #expect(before.keys.filter { before[$0] != after[$0] }.sorted() == ["a", "b"])
    let below = try computed(base, aggregate: "max(number)")
    #expect(before.keys.filter { before[$0] != below[$0] }.sorted() == ["a", "b"])
  }

  /// The identities of the features of a computed set `f` that reads the set `e`.
  private func computed(
    _ statements: String, aggregate: String = "sum(number)"
  ) throws -> [String: String] {
    let sets =
      "features e of user from clicks {\nn = \(aggregate)\n}\nfeatures f {\n\(statements)\n}\n"
    let program = compile(Fixture.files(Self.sources + sets))
    try #require(!program.findings.containError, "\(Fixture.drawing(of: program))")
    let features = program.value.definitions.featureSet("f")?.features ?? []
    return Dictionary(
      features.map { ($0.name, $0.identity.hexadecimal) }, uniquingKeysWith: { one, _ in one })
  }

  private func meaning(_ statements: String) throws -> String? {
    let program = compile(
      Fixture.files(Self.sources + "features e of user from clicks {\n\(statements)\n}\n"))
    try #require(!program.findings.containError, "\(Fixture.drawing(of: program))")
    return program.value.definitions.featureSet("e")?.identity.hexadecimal
  }

  private static let sources = """
    entity user(user_id: int)
    events clicks {
        from "clicks.parquet"
        at   t
        user_id: int
        number:  int
        weight:  double
        clicked: bool
        t:       time
    }

    """
}
