import Testing

@testable import MartletCommand

struct TableTests {
  @Test func `columns are as wide as what a terminal shows`() {
    expectTable(
      columns: nil,
      """
      Name   Rows  About
      a         1  short
      日本  12345  wide signs
      é         7  a combining sign
      """)
  }

  @Test func `the widest column makes room`() {
    expectTable(
      columns: 24,
      """
      Name   Rows  About
      a         1  short
      日本  12345  wide signs
      é         7  a combinin…
      """)
  }

  @Test func `a terminal too narrow for anything gets what can be shown`() {
    expectTable(
      columns: 1,
      """
      …  …  …
      a  1  …
      …  …  …
      é  7  …
      """)
  }

  @Test func `what would disturb a terminal is not sent to it`() {
    var table = Table(.left("Name"))
    table.append("a\u{1B}[2Jb\n")
    #expect(table.lines(columns: 80) == ["Name", "a\u{FFFD}[2Jb\u{FFFD}"])
  }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"),
    ("日本語", 4, "日…"), ("abc", 1, "…"), ("abc", 0, ""), ("", 0, ""),
  ])
  func `text is cut by columns`(text: String, columns: Int, cut expected: String) {
    #expect(cut(text, toColumns: columns) == expected)
  }

  private func expectTable(
    columns: Int?, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var table = Table(.left("Name"), .right("Rows"), .left("About"))
    table.append("a", "1", "short")
    table.append("日本", "12345", "wide signs")
    table.append("e\u{301}", "7", "a combining sign")
    #expect(
      table.lines(columns: columns).joined(separator: "\n") == expected,
      sourceLocation: sourceLocation)
  }
}
