import MartletDiagnostics
import MartletLanguage
import Testing

/// What hands write that know SQL or pandas is said once, with how it is written here.
struct ForeignWordTests {
  /// A line of a feature set, the findings it earns, and what each of them would have written.
  struct Habit: CustomTestStringConvertible, Sendable {
    var line: String
    var codes: [String]
    var helps: [String]

    var testDescription: String { line }

    init(_ line: String, _ code: String = "foreign-spelling", _ helps: String...) {
      self.line = line
      codes = helps.map { _ in code }
      self.helps = helps
    }
  }

  static let habits: [Habit] = [
    Habit("x = count(where weight > 0.0 AND ok) over 7d", "foreign-spelling", "`and`"),
    Habit("x = count(where ok\n AND weight > 0.0) over 7d", "foreign-spelling", "`and`"),
    Habit("where ok OR weight > 0.0\n x = count() over 7d", "foreign-spelling", "`or`"),
    Habit("x = count(where NOT ok) over 7d", "foreign-spelling", "`not`"),
    Habit("x = count(where NOT (ok)) over 7d", "foreign-spelling", "`not`"),
    Habit("x = count(where ok == TRUE) over 7d", "foreign-spelling", "`true`"),
    Habit("x = any(if ok then FALSE else ok) over 7d", "foreign-spelling", "`false`"),
    Habit("x = count(where page is NULL) over 7d", "foreign-spelling", "`null`"),
    Habit("x = count(where page IS not null) over 7d", "foreign-spelling", "`is`"),
    Habit("x = count(where page NOT in (\"a\")) over 7d", "foreign-spelling", "`not`"),
    Habit("x = count(where page not IN (\"a\")) over 7d", "foreign-spelling", "`in`"),
    Habit("x = count(where weight BETWEEN 1.0 and 2.0) over 7d", "foreign-spelling", "`between`"),
    Habit("x = count() OVER 7d", "foreign-spelling", "`over`"),
    Habit("x = sum(weight WHERE ok) over 7d", "foreign-spelling", "`where`"),
    Habit(
      "x = sum(case when ok then 1 else 0 end) over 7d", "foreign-spelling",
      "`if ok then 1 else 0`"),
    Habit(
      "x = sum(CASE page\n WHEN \"a\" THEN 1\n WHEN \"b\" THEN 2\n END) over 7d",
      "foreign-spelling", "`if page == \"a\" then 1 else if page == \"b\" then 2 else null`"),
    Habit("x = sum(case when ok 1 end) over 7d", "foreign-spelling", "`if … then … else …`"),
    Habit("x = count(*) over 7d", "foreign-spelling", "`count()`"),
    Habit("x = COUNT(*) over 7d", "foreign-spelling", "`count()`"),
    Habit("x = count(DISTINCT page) over 7d", "foreign-spelling", "`distinct(page)`"),
    Habit("x = sum(cast(ok as int)) over 7d", "foreign-spelling", "`int(ok)`"),
    Habit(
      "x = count(where page like \"a%\") over 7d", "foreign-spelling", "`starts_with(page, \"a\")`"),
    Habit("x = count(where page == 'a') over 7d", "foreign-spelling", "`\"a\"`"),
    Habit("x = count(where page <> \"a\") over 7d", "foreign-spelling", "`!=`"),
    Habit("x = count(where page = \"a\") over 7d", "single-equals", "`==`"),
    Habit("-- every click\n x = count() over 7d", "foreign-spelling", ForeignWordTests.comment),
    Habit("x = count() over 7d -- every click", "foreign-spelling", ForeignWordTests.comment),
    Habit("x = count() over 7d --every click", "foreign-spelling", ForeignWordTests.comment),
    Habit("x = count() over 7d // every click", "foreign-spelling", ForeignWordTests.comment),
    Habit(
      "/* every\n click */\n x = count() over 7d", "foreign-spelling", ForeignWordTests.comment),
    Habit(
      "x = count() over 7d;", "unexpected-character", "leave it out: a statement ends with its line"
    ),
    Habit("x = mean(weight) over 7d", "unknown-function", "here it is `avg(value)`"),
    Habit(
      "x = median(weight) over 7d", "unknown-function",
      "here it is `approx_quantile(value, 0.5)`"),
    Habit("x = sum(len(page)) over 7d", "unknown-function", "here it is `length(value)`"),
    Habit("x = count() over 7d\n every hour", "bad-length", "`1h`"),
    Habit("x = count() over 7d\n every 1 hour", "bad-length", "`1h`"),
    Habit("x = count() over 7 days", "bad-length", "`7d`"),
    Habit("x = count() over 7days", "bad-length", "`7d`"),
    Habit("x = count() over \"7d\"", "bad-length", "`7d`"),
    Habit("x = count() over 1d 7d 30d", "unexpected", "`over 1d, 7d, 30d`"),
    Habit(
      "where ok\n and weight > 0.0\n x = count() over 7d", "unexpected",
      "an expression goes on where its line ends with an operator: end the line above with `and`"),
  ]

  private static let comment = "`#`, and what stands behind it up to the line's end"

  @Test(arguments: habits)
  func `a habit is one finding, with how it is written here`(habit: Habit) {
    let program = compile(Self.files(habit.line))
    #expect(program.findings.map(\.code) == habit.codes, "\(Fixture.drawing(of: program))")
    #expect(program.findings.flatMap(\.helps) == habit.helps)
  }

  @Test func `a comment that nothing closes ends with its line`() {
    let lines = "/* one */ /* two\n x = count() over 7d\n /* three\n y = count() over 30d"
    let program = compile(Self.files(lines))
    #expect(program.findings.map(\.code) == Array(repeating: "foreign-spelling", count: 3))
  }

  @Test func `several habits of one line are one finding each`() {
    let line = "x = count(where page IS NOT NULL AND weight > 0.0 OR NOT ok) over 7d"
    let helps = compile(Self.files(line)).findings.flatMap(\.helps)
    #expect(helps == ["`is`", "`not`", "`null`", "`and`", "`or`", "`not`"])
  }

  @Test func `names that are words of other languages stay names`() {
    let program = compile(
      Fixture.files(
        """
        entity e(k: int)

        events t {
            from pushes
            at   w

            k:    int
            NOT:  bool
            AND:  int
            case: int
            TRUE: bool
            hour: int
            w:    time
        }

        features f of e from t {
            a = sum(AND - -case) over 7d
            b = count(where NOT and TRUE) over 7d
            c = max(hour) over 7d
        }
        """))
    #expect(program.findings == [], "\(Fixture.drawing(of: program))")
  }

  @Test(arguments: ["case when ", "CASE x WHEN y THEN ", "NOT ", "IF ", "cast(", "x like "])
  func `habits inside each other without end are a few findings`(part: String) {
    let text = "features f {\n a = " + String(repeating: part, count: 10_000)
    #expect(!parse(TextFile(path: "a.martlet", text: text), number: 0).findings.isEmpty)
  }

  private static func files(_ line: String) -> TextFiles {
    Fixture.files(
      """
      entity user(user_id: int)

      events clicks {
          from "clicks.parquet"
          at   clicked_at

          user_id:    int
          page:       string
          weight:     double
          ok:         bool
          clicked_at: time
      }

      features clicking of user from clicks {
       \(line)
      }
      """)
  }
}
