import MartletDiagnostics
import MartletLanguage
import Testing

/// `docs/language.md` is the reference, and its examples are one program.
struct LanguagePageTests {
  static let page = Fixture.text("docs/language.md")

  @Test func `the examples compile without a finding`() {
    let program = compile(Fixture.files(Self.page.blocks.joined(separator: "\n")))
    #expect(program.findings == [], "\(Fixture.drawing(of: program))")
    #expect(program.value.definitions.services.count == 1)
  }

  @Test func `every aggregate and every function is told of`() {
    for name in AggregateFunction.allCases.map(\.rawValue) + Function.table.keys {
      #expect(Self.page.contains(name), "\(name)")
    }
  }
}
