import MartletDiagnostics
import MartletLanguage
import SeededRandom
import Testing

struct ParserTests {
  @Test func `one missing brace is one finding, and what follows is still read`() {
    let (tree, codes) = parsed(
      """
      events clicks {
          at when_clicked
          when_clicked: time

      entity user(user_id: int)
      service shown {
          clicks.*
      }
      """)
    #expect(codes == ["unclosed"])
    #expect(tree.declarations.map { $0.name?.text } == ["clicks", "user", "shown"])
  }

  @Test func `one brace too many is one finding`() {
    #expect(parsed("entity a(x: int)\n}\nentity b(x: int)\n").codes == ["stray-brace"])
  }

  @Test func `an open parenthesis does not swallow the next line`() {
    let (tree, codes) = parsed(
      "features f of e from s {\n  a = sum((x + 1 over 7d\n  b = count() over 7d\n  owner \"me\"\n}\n"
    )
    #expect(codes == ["unclosed"])
    #expect(tree.declarations[0].body?.statements.count == 3)
  }

  @Test(arguments: [
    "entity", "entity a", "entity a(", "entity a(x", "entity a(x:", "events", "events e {",
    "events e { at",
    "features f", "features f of", "features f {\n a =", "features f {\n a = sum(",
    "service s {\n a.",
    "features f {\n a = if x then", "features f {\n a = x between 1", "features f {\n a = not",
    "features f {\n a = count() over", "features f {\n a = [1,", "}", "{", "((((", "\"", "`", "'",
    "\\",
    "\0\0\0", "events e {\n expect x or\n}", "features f given (a: vector(", "a b c { d { e } } }",
  ])
  func `what is cut off anywhere is found, not fallen over`(text: String) {
    #expect(!parsed(text).codes.isEmpty)
  }

  @Test(arguments: ["(", "[", "-", "not ", "if ", "f(", "x + (", "a.", "{", "list of "])
  func `nesting without end is one finding`(part: String) {
    let text = "features f {\n a = " + String(repeating: part, count: 100_000)
    #expect((1...3).contains(parsed(text).codes.count))
  }

  @Test func `a thousand operands of one operator are not too deep, a tower is`() {
    let wide = (0..<1000).map { "x\($0)" }.joined(separator: " or ")
    #expect(parsed("features f {\n a = \(wide)\n}\n").codes == [])
    let tower = (0..<1000).map { "x\($0)" }.joined(separator: " + ")
    #expect(parsed("features f {\n a = \(tower)\n}\n").codes == ["too-deep"])
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
  func `any bytes at all give a tree`(seed: UInt64) {
    var random = SeededGenerator(seed)
    let pieces = Array(Fixture.project.utf8)
    for _ in 0..<40 {
      var bytes = pieces
      for _ in 0..<(random.next() % 8) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 40))
        default:
          bytes.insert(contentsOf: Array("({[\"`\n}])=,.".utf8.shuffled(using: &random)), at: place)
        }
      }
      _ = parse(TextFile(path: "seed \(seed)", bytes: bytes), number: 0)
    }
  }

  private func parsed(_ text: String) -> (tree: SyntaxTree, codes: [String]) {
    let result = parse(TextFile(path: "a.martlet", text: text), number: 0)
    return (result.value, result.findings.map(\.code))
  }
}
