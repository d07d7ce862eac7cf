import MartletDiagnostics
import Testing

struct TextFileTests {
  @Test func `every offset finds its line and column`() {
    let file = TextFile(path: "a", text: "ab\r\nçd\n\nx")
    #expect(file.lineCount == 4)
    #expect(file.position(at: 0) == TextPosition(line: 1, column: 1))
    #expect(file.position(at: 4) == TextPosition(line: 2, column: 1))
    #expect(file.position(at: 6) == TextPosition(line: 2, column: 2))
    #expect(file.position(at: 8) == TextPosition(line: 3, column: 1))
    #expect(file.position(at: 9) == TextPosition(line: 4, column: 1))
    #expect(file.position(at: 10) == TextPosition(line: 4, column: 2))
    #expect(file.bounds(ofLine: 0) == 0..<2)
    #expect(file.bounds(ofLine: 3) == 9..<10)
  }

  @Test func `a terminal's columns are counted, not letters`() {
    #expect("abc".displayWidth == 3)
    #expect("顧客".displayWidth == 4)
    #expect("e\u{301}".displayWidth == 1)
    #expect("한".displayWidth == 2)
    #expect("🦜".displayWidth == 2)
    #expect("a\u{200B}b".displayWidth == 2)
  }
}
