import Glibc
import MartletDiagnostics
import MartletLanguage
import SeededRandom
import Testing

/// Every place of some programs is changed, one at a time: the identities that change are just those
/// of the definitions that lean on the place.
struct MeaningPropertyTests {
  /// Each program's files as one text, by what they are called.
  static let programs: [(name: String, text: String)] =
    [
      ("everything", everything),
      ("the reference", LanguagePageTests.page.blocks.joined(separator: "\n")),
      ("the project", Fixture.project),
    ]
    + Fixture.examples.map { example in
      let folder = "examples/\(example)/featuredefs"
      return (
        example,
        Fixture.names(in: folder).sorted().map { Fixture.text("\(folder)/\($0)") }.joined()
      )
    }

  /// How many changes of one place that compile are looked at.
  private static let perPlace = getenv("MARTLET_NIGHTLY") == nil ? 1 : 4

  @Test(arguments: programs.map(\.name))
  func `each single change of a meaning changes just what leans on it`(
    name: String
  ) throws {
    let program = try #require(Self.programs.first { $0.name == name })
    let before = compile(Fixture.files(program.text))
    try #require(!before.findings.containError, "\(Fixture.drawing(of: before))")
    let standing = before.value.definitions.identitiesByName
    let dependents = Dependents(before.value.definitions)
    var counts: [TextRange: (tried: Int, understood: Int)] = [:]
    var tried = 0
    var random = SeededGenerator(7)
    for edit in MeaningEdits(before.value).edits.shuffled(using: &random) {
      // A few changes of one place say as much as all.
      let (triedHere, understood) = counts[edit.place, default: (0, 0)]
      guard understood < Self.perPlace, triedHere < 6 * Self.perPlace else { continue }
      counts[edit.place] = (triedHere + 1, understood)
      let after = compile(Fixture.files(program.text.with(edit)))
      if after.findings.containError { continue }
      counts[edit.place] = (triedHere + 1, understood + 1)
      tried += 1
      let now = after.value.definitions.identitiesByName
      let names = Set(standing.keys).union(now.keys)
      // A window's change is another name: one feature goes, one comes.
      let changed = names.filter { standing[$0] != now[$0] }
      var expected = dependents.reached(from: edit.origin)
      // A service asks its callers for all that its sets need.
      for service in before.value.definitions.services {
        let asked = after.value.definitions.service(service.name)
        if asked?.keys != service.keys || asked?.given != service.given {
          expected.insert("service \(service.name)")
        }
      }
      for name in names where standing[name] == nil {
        #expect(expected.contains { $0.isOf(name) }, "\(name) came with \(edit)")
        expected.insert(name)
      }
      #expect(
        changed.sorted() == expected.sorted(),
        "\(program.name): \(edit) for `\(before.value.files.text(in: edit.place))`")
    }
    // Of a program with few places, most.
    #expect(tried > min(30, counts.count / 2), "\(program.name)")
  }

  /// Statements change places, names of `let`s change, and what is said for people goes: no hash
  /// minds.
  @Test(arguments: programs.map(\.name))
  func `no arrangement changes a meaning`(name: String) throws {
    let program = try #require(Self.programs.first { $0.name == name })
    let before = compile(Fixture.files(program.text))
    let standing = before.value.definitions.identitiesByName
    let lines = program.text.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    var tried = 0
    for tree in before.value.trees {
      for declaration in tree.declarations
      where [.events, .states, .features].contains(declaration.kind) {
        let statements = declaration.body?.statements ?? []
        for (one, other) in zip(statements, statements.dropFirst()) {
          let place = one.range.through(other.range)
          let texts = [one, other].map { before.value.files.text(in: $0.range) }
          let edit = MeaningEdit(
            place: place, replacement: "\(texts[1])\n\(texts[0])", origin: .nothing)
          let after = compile(Fixture.files(program.text.with(edit)))
          if after.findings.containError { continue }
          tried += 1
          // A service that gives all of a set gives it in another order then.
          let now = after.value.definitions.identitiesByName
          let changed = standing.keys.filter {
            !$0.hasPrefix("service") && standing[$0] != now[$0]
          }
          #expect(changed == [], "\(program.name): \(edit)")
        }
      }
      let reversed = tree.declarations.reversed().map { before.value.files.text(in: $0.range) }
      let turned = compile(Fixture.files(reversed.joined(separator: "\n\n")))
      #expect(turned.value.definitions.identitiesByName == standing)
    }
    for (symbol, number) in zip(before.value.names.symbols, 0...) where symbol.kind == .local {
      var text = program.text
      for use in before.value.names.uses(of: number).sorted(by: >) {
        text = text.with(MeaningEdit(place: use, replacement: "renamed", origin: .nothing))
      }
      tried += 1
      #expect(compile(Fixture.files(text)).value.definitions.identitiesByName == standing)
    }
    let annotated = lines.map { $0.isEmpty ? "# note" : "  " + $0 }.joined(separator: "\n\n")
    #expect(compile(Fixture.files(annotated)).value.definitions.identitiesByName == standing)
    #expect(tried > 3, "\(program.name)")
  }

  /// A program that says everything that can be said.
  static let everything = """
    entity user(user_id: int, region: string)
    entity land(code: string)
    project {
        zone   "Europe/Berlin"
        memory 2GB
        retain 5y
    }
    events clicks {
        from  "clicks/*.parquet", "more.db" table "clicks"
        at    t
        known arrived
        id    click, page
        retain 2y
        user_id: int
        region:  string
        referrer: int
        click:   int
        number:  int
        weight:  double
        price:   double
        page:    string
        is_new:  bool
        is_sold: bool label
        tags:    list of string
        shape:   vector(4)
        t:       time
        arrived: time
        seen:    time
        expect weight >= 0.0 or drop
        expect number > 0 or warn
        expect page is not null or fail
    }
    states homes {
        from pushes
        at   since
        known after 2h
        deleted when closed or reason == "moved"
        zone "America/Lima"
        user_id: int
        region:  string
        code:    string
        closed:  bool
        reason:  string
        size:    double
        floor:   int
        since:   time
        until:   time
    }
    states lands {
        from "lands.csv"
        at   since
        code:  string
        risk:  double
        since: time
    }
    features clicking of user from clicks {
        where page != "home" and weight between 0.5 and 9.5
        where not is_new or number in (1, 2, 3)
        let half  = weight * 0.5
        let both  = half + price - 1
        let local = hour(t, "Europe/Paris") + weekday(t)
        total   = sum(both)                         over 1h, 7d
        typical = approx_quantile(half where number > 2, 0.5) over 7d step 1d
        recent  = last(page, 3)                     over 30d
        early   = count(where local < 12)           over 1d
        faded   = decayed_sum(price, 3d)           over 2d
        long    = max(length(page || "x"))          over 2d
        near    = avg(distance_km(weight, price, 52.5, 13.4)) over 2d
        alike   = max(cosine(shape, shape))         over 2d
        chosen  = sum(if is_new then number else -number) over 2d
        late    = count(where arrived > t + 1h)     over 2d
        lists   = count(where contains(tags, "a") or "b" in ("c", page)) over 2d
        every 1h
        fresh 2h
        owner "me"
        about "Clicks."
        tags  "a", "b"
    }
    features referring of user from clicks by referrer, region {
        best = min(coalesce(weight, price, 0.0)) over 3d
        rest = max(number % 7)  over 3d
    }
    features homing of user from homes {
        code
        size
        large = size > 100.0 and floor is not null
        keep 90d
        cron "0 3 * * *" zone "Europe/Berlin"
    }
    features landing of land from lands {
        risk
        doubled = risk * 2
    }
    features asked given (amount: double, hour_now: int) {
        let share = amount / nullif(clicking.total_7d, 0.0)
        ratio  = share + 1
        odd    = ratio > 3.0 and hour_now < 6
        parity = hash_bucket(homing.code, 16)
        gap    = seconds_between(time("2025-01-31T00:00Z"), now())
    }
    service model {
        clicking.* except recent, typical
        homing.code
        landing.risk by homing.code
        asked.* as a_*
        referring.best_3d as finest
        fresh 2h
        owner "me"
    }
    service small {
        asked.odd
    }
    """
}

extension Definitions {
  /// Each definition's identity by its kind and name.
  var identitiesByName: [String: Identity] {
    var result: [String: Identity] = [:]
    for entity in entities { result["entity \(entity.name)"] = entity.identity }
    for source in sources { result["source \(source.name)"] = source.identity }
    for set in featureSets {
      result["features \(set.name)"] = set.identity
      for feature in set.features {
        result["feature \(set.name).\(feature.name)"] = feature.identity
      }
    }
    for service in services { result["service \(service.name)"] = service.identity }
    return result
  }
}

extension String {
  /// The text after `edit`.
  fileprivate func with(_ edit: MeaningEdit) -> String {
    let bytes = Array(utf8)
    return String(
      decoding: bytes[..<Int(edit.place.start)] + Array(edit.replacement.utf8)
        + bytes[Int(edit.place.end)...], as: UTF8.self)
  }

  /// Whether this feature and `other` are windows of one.
  fileprivate func isOf(_ other: String) -> Bool {
    split(separator: "_").dropLast() == other.split(separator: "_").dropLast()
  }
}
