import MartletDiagnostics
import SeededRandom
import Testing

struct LineDiffTests {
  @Test func `what changed stands among the lines around it`() {
    let old = (1...9).map { "line \($0)\n" }.joined()
    let new = old.replacing("line 5", with: "LINE 5").replacing("line 9\n", with: "")
    #expect(
      drawn(LineDiff(from: old, to: new, context: 1)) == """
        @4,4
         line 4
        -line 5
        +LINE 5
         line 6
        @8,8
         line 8
        -line 9

        """)
  }

  @Test func `equal texts have nothing to show, and from nothing all is new`() {
    #expect(LineDiff(from: "a\nb\n", to: "a\nb\n").stretches.isEmpty)
    #expect(drawn(LineDiff(from: "", to: "a\nb")) == "@1,1\n+a\n+b\n")
  }

  /// Whoever takes out and puts in what a diff says comes from the one text to the other.
  @Test func `a diff leads from the old text to the new`() {
    var random = SeededGenerator(99)
    for _ in 0..<300 {
      let old = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        "\(Int.random(in: 0..<4, using: &random))"
      }
      let new = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        "\(Int.random(in: 0..<4, using: &random))"
      }
      let diff = LineDiff(
        from: old.map { "\($0)\n" }.joined(), to: new.map { "\($0)\n" }.joined(), context: 100)
      let lines = diff.stretches.flatMap(\.lines)
      if old != new {
        #expect(lines.compactMap(\.inOld) == old)
        #expect(lines.compactMap(\.inNew) == new)
      } else {
        #expect(lines.isEmpty)
      }
    }
  }

  private func drawn(_ diff: LineDiff) -> String {
    diff.stretches.map { stretch in
      "@\(stretch.oldLine),\(stretch.newLine)\n"
        + stretch.lines.map { line in
          switch line {
          case .kept(let text): " \(text)\n"
          case .removed(let text): "-\(text)\n"
          case .added(let text): "+\(text)\n"
          }
        }.joined()
    }.joined()
  }
}

extension LineDiff.Line {
  fileprivate var inOld: String? {
    switch self {
    case .kept(let text), .removed(let text): text
    case .added: nil
    }
  }

  fileprivate var inNew: String? {
    switch self {
    case .kept(let text), .added(let text): text
    case .removed: nil
    }
  }
}
