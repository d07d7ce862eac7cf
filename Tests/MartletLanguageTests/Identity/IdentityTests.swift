import MartletDiagnostics
import MartletLanguage
import Testing

struct IdentityTests {
  static let text = """
    entity user(user_id: int)
    events clicks {
        from "clicks.parquet"
        at   t
        known after 2h

        user_id: int
        weight:  double
        page:    string
        t:       time

        expect weight >= 0.0 or drop
    }
    features clicking of user from clicks {
        where page != "home"
        let half = weight * 0.5

        sum_half = sum(half) over 1h, 7d
        recent   = last(page, 3) over 7d step 1d
        every 1h
        owner "me"
    }
    service s {
        clicking.sum_half_1h
        clicking.recent_7d as recent
    }
    """

  @Test(arguments: [
    ("layout", "    where page != \"home\"", "  where   page   !=   \"home\" # not home"),
    ("a blank line and a comment", "events clicks {", "# Clicks.\n\nevents clicks {"),
    ("an owner", "owner \"me\"", "owner \"you\""),
    ("a description", "owner \"me\"", "about \"Clicks.\""),
    ("a schedule", "every 1h", "every 2h"),
    ("parentheses", "weight * 0.5", "(weight * (0.5))"),
    ("how a number is written", "0.5", "0.50"),
    ("how a length is written", "over 7d step 1d", "over 7d step 24h"),
    ("a let's name", "half = weight * 0.5", "half2 = weight * 0.5"),
    (
      "the order of columns", "    user_id: int\n    weight:  double",
      "    weight:  double\n    user_id: int"
    ),
  ])
  func `no meaning changes with`(what: String, old: String, new: String) throws {
    var changed = IdentityTests.text.replacing(old, with: new)
    if what == "a let's name" { changed.replace("sum(half)", with: "sum(half2)") }
    #expect(changed != IdentityTests.text)
    #expect(try identities(changed) == identities(IdentityTests.text), "\(what)")
  }

  @Test(arguments: [
    (
      "a filter", "!= \"home\"", "== \"home\"",
      ["clicking", "clicking.sum_half_1h", "clicking.sum_half_7d", "clicking.recent_7d", "s"]
    ),
    (
      "a let", "weight * 0.5", "weight * 0.25",
      ["clicking", "clicking.sum_half_1h", "clicking.sum_half_7d", "s"]
    ),
    ("a count", "last(page, 3)", "last(page, 4)", ["clicking", "clicking.recent_7d", "s"]),
    ("a step", "step 1d", "step 2d", ["clicking", "clicking.recent_7d", "s"]),
    (
      "an aggregate", "sum(half)", "max(half)",
      ["clicking", "clicking.sum_half_1h", "clicking.sum_half_7d", "s"]
    ),
    (
      "an arrival", "after 2h", "after 3h",
      [
        "clicks", "clicking", "clicking.sum_half_1h", "clicking.sum_half_7d", "clicking.recent_7d",
        "s",
      ]
    ),
    (
      "an expectation", "weight >= 0.0", "weight > 0.0",
      [
        "clicks", "clicking", "clicking.sum_half_1h", "clicking.sum_half_7d", "clicking.recent_7d",
        "s",
      ]
    ),
    (
      "a place", "clicks.parquet", "click.parquet",
      [
        "clicks", "clicking", "clicking.sum_half_1h", "clicking.sum_half_7d", "clicking.recent_7d",
        "s",
      ]
    ),
    (
      "a column that nothing uses", "    t:       time", "    t:       time\n    extra: int",
      ["clicks"]
    ),
    ("an output", "as recent", "as latest", ["s"]),
    (
      "an order", "    clicking.sum_half_1h\n    clicking.recent_7d as recent",
      "    clicking.recent_7d as recent\n    clicking.sum_half_1h", ["s"]
    ),
  ])
  func `a meaning changes with`(what: String, old: String, new: String, reached: [String]) throws {
    let before = try identities(IdentityTests.text)
    let after = try identities(IdentityTests.text.replacing(old, with: new))
    #expect(before.keys == after.keys)
    #expect(before.keys.filter { before[$0] != after[$0] }.sorted() == reached.sorted(), "\(what)")
  }

  private func identities(_ text: String) throws -> [String: String] {
    let program = compile(Fixture.files(text))
    try #require(!program.findings.containError, "\(Fixture.drawing(of: program))")
    let definitions = program.value.definitions
    var result: [String: String] = [:]
    for entity in definitions.entities { result[entity.name] = entity.identity.hexadecimal }
    for source in definitions.sources { result[source.name] = source.identity.hexadecimal }
    for set in definitions.featureSets {
      result[set.name] = set.identity.hexadecimal
      for feature in set.features {
        result["\(set.name).\(feature.name)"] = feature.identity.hexadecimal
      }
    }
    for service in definitions.services { result[service.name] = service.identity.hexadecimal }
    return result
  }
}
