import MartletDiagnostics
import Testing

struct JSONTests {
  @Test func `members keep their order, text is escaped, doubles are shortest`() {
    let document: JSON = [
      "b": 1, "a": [true, nil, 0.1, 1e300, 5.0], "text": "say \"hé\"\n\\\u{1}\u{7F}", "none": [:],
    ]
    #expect(
      document.text == #"""
        {"b":1,"a":[true,null,0.1,1e+300,5.0],"text":"say \"hé\"\n\\\u0001\u007f","none":{}}
        """#)
    #expect(
      JSON.array([.double(.nan), .double(-.infinity), .double(-0.0)]).text == "[null,null,-0.0]")
  }

  @Test func `indented, each member has its line`() {
    let document: JSON = ["a": [1, ["b": 2]], "c": []]
    #expect(
      document.indentedText == """
        {
          "a": [
            1,
            {
              "b": 2
            }
          ],
          "c": []
        }
        """)
  }

  @Test func `a finding says for machines what it says for people`() {
    let file = TextFile(path: "a.martlet", text: "x =\n yy")
    let finding = Diagnostic.error("unknown-name", "there is no `yy`")
      .pointing(at: file.range(of: "yy"), "this").help("`y`").note("n")
    #expect(
      finding.json(in: TextFiles([file])).text == #"""
        {"severity":"error","code":"unknown-name","title":"there is no `yy`","labels":[{"role":"primary",\#
        "file":"a.martlet","start":{"line":2,"column":2},"end":{"line":2,"column":4},"bytes":[5,7],\#
        "message":"this"}],"help":["`y`"],"notes":["n"]}
        """#)
  }
}
