import MartletDiagnostics
import MartletLanguage
import Testing

/// What was refused once is not refused again wherever something leans on it.
struct FollowingFindingTests {
  /// A mistake in the project below, and all that is to be said.
  struct Mistake: CustomTestStringConvertible, Sendable {
    var right: String
    var wrong: String
    var code: String

    var testDescription: String { wrong }
  }

  static let mistakes = [
    Mistake(right: "weight:     double", wrong: "weight:     doubel", code: "unknown-type"),
    Mistake(right: "weight:     double", wrong: "weight double", code: "unknown-statement"),
    Mistake(right: "clicked_at: time", wrong: "clicked_at: timey", code: "unknown-type"),
    Mistake(right: "user_id:    int", wrong: "user_id:    intt", code: "unknown-type"),
    Mistake(right: "user(user_id: int)", wrong: "user(user_id: intt)", code: "unknown-type"),
    Mistake(right: "(limit: double)", wrong: "(limit: duble)", code: "unknown-type"),
    Mistake(right: "weight * 2.0", wrong: "if ok then weight", code: "unexpected"),
    Mistake(right: "sum(weight)", wrong: "sum(if ok then weight)", code: "unexpected"),
    Mistake(
      right: "clicking.x_7d > limit", wrong: "if clicking.x_7d > limit then 1", code: "unexpected"),
    Mistake(right: "page\n", wrong: "pages\n", code: "unknown-name"),
  ]

  @Test(arguments: mistakes)
  func `one mistake is one finding`(mistake: Mistake) {
    #expect(Self.project.contains(mistake.right))
    let program = compile(Fixture.files(Self.project.replacing(mistake.right, with: mistake.wrong)))
    #expect(program.findings.map(\.code) == [mistake.code], "\(Fixture.drawing(of: program))")
  }

  @Test func `the project without a mistake is understood`() {
    #expect(compile(Fixture.files(Self.project)).findings == [])
  }

  private static let project = """
    entity user(user_id: int)

    events clicks {
        from "clicks.parquet"
        at   clicked_at

        user_id:    int
        weight:     double
        ok:         bool
        clicked_at: time

        expect weight >= 0.0 or drop
    }

    states seen {
        from "seen.parquet"
        at   seen_at

        user_id: int
        page:    string
        seen_at: time
    }

    features clicking of user from clicks {
        let w = weight * 2.0
        x = sum(weight)     over 7d
        y = sum(w)          over 7d
        z = count(where ok) over 7d
    }

    features last of user from seen {
        page
    }

    features above given (limit: double) {
        is_above = clicking.x_7d > limit
        is_below = not is_above
    }

    service s {
        clicking.*
        clicking.x_7d as again
        last.page
        above.is_below
    }

    """
}
