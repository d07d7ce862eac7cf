import MartletColumns
import MartletDiagnostics
import MartletLanguage
import Testing

struct CompileTests {
  @Test func `the repository's own project compiles without a finding`() {
    let program = compile(Fixture.files)
    #expect(program.findings == [], "\(Fixture.drawing(of: program))")
    let definitions = program.value.definitions
    #expect(definitions.entities.map(\.name) == ["customer", "merchant"])
    #expect(
      definitions.featureSet("customer_spend")?.features.map(\.name) == [
        "spend_1h", "spend_24h", "spend_7d", "spend_30d", "purchases_1h", "purchases_7d",
        "largest_30d", "merchants_30d", "p95_30d", "recent_30d", "lifetime",
      ])
  }

  @Test func `a service knows what its callers must give`() {
    let service = compile(Fixture.files).value.definitions.service("fraud_check")
    #expect(service?.keys.map(\.name) == ["customer_id", "merchant_id"])
    #expect(service?.given.map(\.written) == ["amount: double", "at_hour: int"])
    #expect(
      service?.items.suffix(4).map(\.output) == [
        "customer_profile__country", "merchant_refusals__refused_1h", "spend_ratio", "odd_hour",
      ])
  }

  @Test func `each feature has its type`() {
    let sets = compile(Fixture.files).value.definitions.featureSets
    let types = sets.flatMap { set in set.features.map { ("\(set.name).\($0.name)", "\($0.type)") }
    }
    let typeByName = Dictionary(uniqueKeysWithValues: types)
    #expect(typeByName["customer_spend.spend_1h"] == "double")
    #expect(typeByName["customer_spend.recent_30d"] == "list of int")
    #expect(typeByName["customer_spend.merchants_30d"] == "int")
    #expect(typeByName["customer_profile.country"] == "string")
    #expect(typeByName["checkout_risk.is_odd"] == "bool")
  }

  @Test func `names resolve across files in any order`() {
    let parts = [
      "service s {\n f.*\n}", "features f of e from t {\n n = count()\n}", "entity e(k: int)",
      "events t {\n from pushes\n at w\n k: int\n w: time\n}",
    ]
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
      let files = order.map { TextFile(path: "\($0).martlet", text: parts[$0]) }
      #expect(compile(TextFiles(files)).findings == [])
    }
  }

  @Test func `what leans on a name that was refused is not refused once more`() {
    let program = compile(
      Fixture.files(
        """
        entity e(k: int)

        events t {
            from "t.csv"
            at   w

            k:      int
            amount: double
            w:      time
        }

        features spend of e from t {
            let net = amont * 2.0
            total   = sum(net) over 7d
            most    = max(net) over 7d
        }

        features share given (basket: double, other: double) {
            part    = basket / spend.total_7d
            is_odd  = part > 3.0
            another = other / 2.0
        }

        features above given (limit: double) {
            is_above = share.part > limit
        }

        service s {
            spend.total_7d
            share.is_odd
            above.is_above
        }
        """))
    #expect(program.findings.map(\.title) == ["there is no `amont` in `t`"])
  }

  @Test func `long rows of sets, lets and conditions are walked, not fallen into`() {
    var text = "features c0 given (x: int) {\n    a = x\n}\n"
    for number in 1...3_000 { text += "features c\(number) {\n    a = c\(number - 1).a\n}\n" }
    text += "service s {\n    c3000.a\n}\n"
    #expect(compile(Fixture.files(text)).findings == [])
    let conditions = String(repeating: "    where k > 1\n", count: 3_000)
    let lets = (1...500).map { "    let l\($0) = l\($0 - 1) + l\($0 - 1)\n" }.joined()
    let source = "entity e(k: int)\nevents t {\n from pushes\n at w\n k: int\n w: time\n}\n"
    let set = "features f of e from t {\n    let l0 = k\n\(lets)\(conditions)    n = sum(l500)\n}\n"
    #expect(compile(Fixture.files(source + set)).findings == [])
  }

  @Test func `of a million findings ten thousand are kept`() {
    let count = 12_000
    let text = "service s {\n" + (0..<count).map { "    a\($0).b\n" }.joined() + "}\n"
    let findings = compile(Fixture.files(text)).findings
    #expect(findings.count == 10_001)
    #expect(findings.last?.code == "too-many-findings")
  }

  @Test func `what is said for one call goes before what the project says`() {
    var settings = ProjectSettings()
    settings.zone = "Asia/Tokyo"
    let text = """
      project {
          zone   "Europe/Berlin"
          memory 2GB
      }
      """
    let project = compile(Fixture.files(text), overriding: settings).value.definitions.project
    #expect(project.zone == "Asia/Tokyo" && project.memoryInBytes == 2_000_000_000)
  }

  @Test func `one entity's key is looked up in another's feature`() {
    let program = compile(
      Fixture.files(
        """
        entity user(user_id: int)
        entity land(code: string)
        states users {
            from pushes
            at t
            user_id: int
            code: string
            t: time
        }
        states lands {
            from pushes
            at t
            code: string
            risk: double
            t: time
        }
        features user_file of user from users {
            code
        }
        features land_file of land from lands {
            risk
        }
        service s {
            land_file.risk by user_file.code
            user_file.* by payee_id as payee_*
        }
        """))
    #expect(program.findings == [])
    let service = program.value.definitions.services[0]
    #expect(service.keys.map(\.written) == ["user_id: int", "payee_id: int"])
    #expect(service.items.map(\.output) == ["land_file__risk", "payee_code"])
    #expect(service.items[0].keys == [.feature(set: "user_file", name: "code")])
  }

  @Test(arguments: Fixture.examples)
  func `every example compiles without a finding, in the one layout`(example: String) {
    let folder = "examples/\(example)/featuredefs"
    let texts = Fixture.names(in: folder).sorted().map { Fixture.text("\(folder)/\($0)") }
    let files = texts.map { TextFile(path: folder, text: $0) }
    #expect(Fixture.drawing(of: compile(TextFiles(files))) == "")
    for (file, text) in zip(files, texts) { #expect(format(file).value == text) }
  }

  /// Of every name in every program, an editor can ask what it is, its type, its definition and its
  /// uses.
  @Test(arguments: MeaningPropertyTests.programs.map(\.name))
  func `every name is known by its position`(program name: String) throws {
    let text = try #require(MeaningPropertyTests.programs.first { $0.name == name }?.text)
    let files = Fixture.files(text)
    let names = compile(files).value.names
    for (number, symbol) in names.symbols.enumerated() {
      let uses = names.uses(of: number)
      #expect(uses.contains(symbol.definition))
      let isValue = [.column, .local, .feature, .given].contains(symbol.kind)
      #expect((symbol.type != nil) == isValue, "\(symbol)")
      for use in uses {
        // A feature is named with its window where it is used.
        let written = files.text(in: use).replacing("`", with: "")
        #expect(written == symbol.name || written.hasPrefix(symbol.name + "_"), "\(symbol)")
        for offset in [use.start, use.end - 1] {
          let found = names.symbol(at: Int(offset), in: use.file)
          #expect(found?.range == use)
        }
      }
    }
    // Whatever stands in a condition or a value is among them.
    for tree in compile(files).value.trees {
      for statement in tree.declarations.flatMap({ $0.body?.statements ?? [] }) {
        guard case .let(_, let value) = statement.kind, case .name(let used) = value.kind else {
          continue
        }
        #expect(names.symbol(at: Int(used.range.start), in: used.range.file) != nil)
      }
    }
    #expect(names.symbols.count > 10)
  }

  @Test func `an editor finds what a name stands for and where it is used`() throws {
    let files = Fixture.files
    let program = compile(files).value
    let file = try #require(files.firstIndex { $0.path.hasSuffix("fraud.martlet") })
    let place = try #require(files[file].offset(of: "euros)"))
    let (symbol, range) = try #require(program.names.symbol(at: place + 2, in: UInt32(file)))
    #expect(files.text(in: range) == "euros")
    #expect(program.names.symbols[symbol].kind == .local)
    #expect(program.names.symbols[symbol].type == "double")
    #expect(program.names.uses(of: symbol).count == 5)
  }
}

extension Fixture {
  /// The repository's project.
  static let files = TextFiles(
    names(in: "featuredefs").filter { $0.hasSuffix(".martlet") }
      .map { TextFile(path: "featuredefs/\($0)", text: text("featuredefs/\($0)")) })

  static func files(_ text: String) -> TextFiles {
    TextFiles([TextFile(path: "a.martlet", text: text)])
  }

  static func drawing(of program: Checked<Program>) -> String {
    DiagnosticDrawing(of: program.value.files).draw(program.findings)
  }
}

extension Field {
  /// The field as the language writes it.
  var written: String { "\(name): \(type)" }
}

extension TextFile {
  /// Where `part` first stands.
  func offset(of part: String) -> Int? {
    let part = Array(part.utf8)
    return (0...max(0, bytes.count - part.count)).first { bytes[$0...].starts(with: part) }
  }
}
