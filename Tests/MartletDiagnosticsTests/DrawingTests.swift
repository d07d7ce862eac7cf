import MartletDiagnostics
import Testing

struct DrawingTests {
  @Test func `the caret sits on what to change, the dashes on why`() {
    let file = TextFile(
      path: "featuredefs/orders.martlet",
      text: """
        # Refunds.
        events refunds {
            from "refunds.parquet"
            at refunded_at
            retain 60d
        }




        features a of b from refunds {
            refunds = count() over 7d, 90d
        }
        """)
    expectDrawing(
      of: .error(
        "window-outlives-data", "`refunds_90d` looks further back than `refunds` are kept"
      )
      .pointing(at: file.range(of: "90d"), "needs the last 90 days")
      .because(file.range(of: "retain 60d"), "a refund is dropped after 60 days")
      .help("keep refunds for as long as the longest window: `retain 90d`")
      .note("training would count refunds that serving no longer has"),
      in: [file],
      """
      error[window-outlives-data]: `refunds_90d` looks further back than `refunds` are kept
         ┌─ featuredefs/orders.martlet:12:32
         │
       5 │     retain 60d
         │     ---------- a refund is dropped after 60 days
         ·
      12 │     refunds = count() over 7d, 90d
         │                                ^^^ needs the last 90 days
         │
         = help: keep refunds for as long as the longest window: `retain 90d`
         = note: training would count refunds that serving no longer has
      """)
  }

  @Test func `labels of one line hang below it, the rightmost first`() {
    let file = TextFile(path: "a.martlet", text: "total = sum(status) over 7d")
    expectDrawing(
      of: .error("no-sum", "a string has no sum")
        .pointing(at: file.range(of: "sum"), "adds numbers")
        .because(file.range(of: "total"), "for this feature")
        .because(file.range(of: "status"), "a string"),
      in: [file],
      """
      error[no-sum]: a string has no sum
        ┌─ a.martlet:1:9
        │
      1 │ total = sum(status) over 7d
        │ -----   ^^^ ------ a string
        │ │       │
        │ │       adds numbers
        │ for this feature
      """)
  }

  @Test func `labels that overlap keep their messages apart`() {
    let file = TextFile(path: "a.martlet", text: "x = a + b")
    expectDrawing(
      of: .error("types", "these do not add")
        .pointing(at: file.range(of: "+"), "here")
        .because(file.range(of: "a + b"), "the sum"),
      in: [file],
      """
      error[types]: these do not add
        ┌─ a.martlet:1:7
        │
      1 │ x = a + b
        │     --^--
        │     │ │
        │     │ here
        │     the sum
      """)
  }

  @Test func `carets stand under tabs, wide and combining characters`() {
    let file = TextFile(path: "a.martlet", text: "\tlet 顧客 = \"e\u{301}té\" + nmae")
    expectDrawing(
      of: .error("unknown-name", "there is no `nmae`").pointing(at: file.range(of: "nmae"), "this"),
      in: [file],
      """
      error[unknown-name]: there is no `nmae`
        ┌─ a.martlet:1:20
        │
      1 │     let 顧客 = "e\u{301}té" + nmae
        │                        ^^^^ this
      """)
  }

  @Test func `what could turn a terminal's text around is not printed`() {
    let file = TextFile(
      path: "a\u{1B}[2J.martlet", bytes: Array("x \u{202E}= \u{7}y ".utf8) + [0xFF, 0x7A])
    expectDrawing(
      of: .error("odd", "odd `\u{1B}[31m`").pointing(at: file.range(of: "y"), "here"),
      in: [file],
      """
      error[odd]: odd `\u{FFFD}[31m`
        ┌─ a\u{FFFD}[2J.martlet:1:7
        │
      1 │ x \u{FFFD}= \u{FFFD}y \u{FFFD}z
        │       ^ here
      """)
  }

  @Test func `a label over lines is a bracket`() {
    let file = TextFile(
      path: "a.martlet", text: "a\nevents x {\n  from\n  at\n  id\n}\nlet y = (1 +\n 2)")
    expectDrawing(
      of: .error("unclosed", "this never ends")
        .pointing(at: file.range(of: "events x {\n  from\n  at\n  id\n}"), "all of it"),
      in: [file],
      """
      error[unclosed]: this never ends
        ┌─ a.martlet:2:1
        │
      2 │ ╭ events x {
        · │
      6 │ │ }
        │ ╰─^ all of it
      """)
    expectDrawing(
      of: .error("unclosed", "this never ends")
        .pointing(at: file.range(of: "(1 +\n 2)"), "the sum")
        .because(file.range(of: "y"), "in this"),
      in: [file],
      """
      error[unclosed]: this never ends
        ┌─ a.martlet:7:9
        │
      7 │   let y = (1 +
        │       - in this
        │ ╭─────────^
      8 │ │  2)
        │ ╰───^ the sum
      """)
  }

  @Test func `files follow each other, that of the caret first`() {
    let one = TextFile(path: "one.martlet", text: "entity a(x: int)")
    let two = TextFile(path: "two.martlet", text: "\nentity a(y: int)")
    expectDrawing(
      of: .error("twice", "`a` is defined twice")
        .because(one.range(of: "a"), "first here")
        .pointing(at: two.range(of: "a", file: 1), "and again here"),
      in: [one, two],
      """
      error[twice]: `a` is defined twice
        ┌─ two.martlet:2:8
        │
      2 │ entity a(y: int)
        │        ^ and again here
        ┌─ one.martlet:1:8
        │
      1 │ entity a(x: int)
        │        - first here
      """)
  }

  @Test func `the end of the text can be pointed at`() {
    let file = TextFile(path: "a.martlet", text: "events x {\n")
    expectDrawing(
      of: .error("unclosed", "the file ends inside `x`")
        .pointing(at: TextRange(file: 0, start: 11, end: 11), "a `}` belongs here")
        .because(file.range(of: "{"), "opened here"),
      in: [file],
      """
      error[unclosed]: the file ends inside `x`
        ┌─ a.martlet:2:1
        │
      1 │ events x {
        │          - opened here
      2 │
        │ ^ a `}` belongs here
      """)
  }

  @Test func `of a very long line only the labelled part is drawn`() {
    let file = TextFile(
      path: "a.martlet",
      text: String(repeating: "abcd ", count: 20_000) + "here"
        + String(repeating: " efg", count: 500))
    let drawing = DiagnosticDrawing(of: TextFiles([file])).draw(
      .error("x", "long").pointing(at: file.range(of: "here"), "this"))
    let lines = drawing.split(separator: "\n")
    #expect(lines[3].count < 260)
    #expect(lines[3].contains("abcd here efg"))
    let caret = lines[4].distance(from: lines[4].startIndex, to: lines[4].firstIndex(of: "^")!)
    #expect(Array(lines[3])[caret...].starts(with: "here"))
  }

  @Test func `colour only when asked`() {
    let file = TextFile(path: "a.martlet", text: "x = y")
    let finding = Diagnostic.warning("unused", "unused").pointing(at: file.range(of: "x"), "this")
    let files = TextFiles([file])
    #expect(!DiagnosticDrawing(of: files).draw(finding).contains("\u{1B}"))
    let colourful = DiagnosticDrawing(of: files, paint: .ansi).draw(finding)
    #expect(colourful.contains("\u{1B}[1;33mwarning[unused]\u{1B}[0m"))
    #expect(withoutColour(colourful) == DiagnosticDrawing(of: files).draw(finding))
  }

  @Test func `findings come in file order, and as found where they tie`() {
    let place = { (file: UInt32, start: UInt32) in TextRange(file: file, start: start, end: start) }
    let found = [
      Diagnostic.error("c", "").pointing(at: place(1, 0)),
      .error("b", "").pointing(at: place(0, 9)),
      .error("a", "").because(place(0, 1), "").pointing(at: place(0, 9)),
      .error("z", ""),
    ]
    #expect(found.inFileOrder().map(\.code) == ["z", "b", "a", "c"])
  }
}

/// Checks that `diagnostic` is drawn as `expected`, trailing line's end aside.
func expectDrawing(
  of diagnostic: Diagnostic, in files: [TextFile], _ expected: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let drawing = DiagnosticDrawing(of: TextFiles(files)).draw(diagnostic)
  #expect(drawing == expected + "\n", "\(drawing)", sourceLocation: sourceLocation)
}

extension TextFile {
  /// Where `part` first stands.
  func range(of part: String, file: UInt32 = 0) -> TextRange {
    let part = Array(part.utf8)
    let start = (0...(bytes.count - part.count)).first { bytes[$0...].starts(with: part) }!
    return TextRange(file: file, start: UInt32(start), end: UInt32(start + part.count))
  }
}

private func withoutColour(_ text: String) -> String {
  var result = ""
  var isCode = false
  for character in text {
    if character == "\u{1B}" { isCode = true }
    if !isCode { result.append(character) }
    if character == "m" { isCode = false }
  }
  return result
}
