import MartletDiagnostics
import MartletLanguage
import SeededRandom
import Testing

struct FormatTests {
  @Test func `the parts of like lines stand below each other`() {
    expectFormat(
      """
      # Who.
      entity a (x:int)
      entity b( y : string,z:int )   # two keys


      events clicks{  # things
      from "x.parquet","y.parquet"
        at t   # when
        known after 2h   # later

        x:int
        weight : list  of double   label
      t:time
        # The rule.
        expect weight  is not null or drop


        expect x>0 and not (x in(1,2)) or fail
        # The end.
      }
      features f of a from clicks by x{
      where   x between 1 and 5 or -x<3
      let long=if x>1 then "a\\"b" else concat_me
      n=count() over 1h,24h
      longer = approx_quantile( x where x!=2,0.5) over 7d step 1d
      z = sum(x)
      }
      service s { f.* except n,z
      f.n_1h by other as n1 }
      # Over.
      """,
      """
      # Who.
      entity a(x: int)
      entity b(y: string, z: int)  # two keys

      events clicks {  # things
          from  "x.parquet", "y.parquet"
          at    t         # when
          known after 2h  # later

          x:      int
          weight: list of double label
          t:      time
          # The rule.
          expect weight is not null or drop

          expect x > 0 and not (x in (1, 2)) or fail
          # The end.
      }

      features f of a from clicks by x {
          where x between 1 and 5 or -x < 3
          let   long = if x > 1 then "a\\"b" else concat_me
          n      = count()                              over 1h, 24h
          longer = approx_quantile(x where x != 2, 0.5) over 7d step 1d
          z      = sum(x)
      }

      service s {
          f.* except n, z
          f.n_1h by other as n1
      }
      # Over.

      """)
  }

  @Test func `the repository's own files are formatted`() {
    for file in Fixture.files {
      expectFormat(
        String(decoding: file.bytes, as: UTF8.self), String(decoding: file.bytes, as: UTF8.self))
    }
  }

  @Test func `long conditions and calls are broken where they join`() {
    let names = (1...12).map { "a_long_name_\($0)" }
    expectFormat(
      "features f {\n a = \(names.joined(separator: " and "))\n}\n",
      "features f {\n    a = \(names.joined(separator: " and\n        "))\n}\n")
    expectFormat(
      "features f {\n a = coalesce(\(names.joined(separator: ",")))\n}\n",
      "features f {\n    a = coalesce(\n        \(names.joined(separator: ",\n        "))\n    )\n}\n"
    )
  }

  @Test func `what cannot be read is not touched`() {
    #expect(format(TextFile(path: "a", text: "entity a(x: int")).value == nil)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `formatting twice changes nothing, and formatting no meaning`(seed: UInt64) {
    var random = SeededGenerator(seed)
    for _ in 0..<20 {
      let text = Fixture.shaken(Fixture.project, using: &random)
      guard let once = format(TextFile(path: "seed \(seed)", text: text)).value else {
        Issue.record("unreadable, seed \(seed): \(text)")
        return
      }
      #expect(format(TextFile(path: "a", text: once)).value == once)
      #expect(comments(once) == comments(text))
      #expect(identities(once) == identities(text))
    }
  }

  private func comments(_ text: String) -> Int { text.filter { $0 == "#" }.count }

  private func identities(_ text: String) -> [String] {
    let definitions = compile(Fixture.files(text)).value.definitions
    return definitions.featureSets.map(\.identity.hexadecimal)
      + definitions.services.map(\.identity.hexadecimal)
      + definitions.sources.map(\.identity.hexadecimal)
  }
}

/// Checks that `text` is formatted as `expected`, and that so it stays.
func expectFormat(
  _ text: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let once = format(TextFile(path: "a.martlet", text: text))
  #expect(
    once.value == expected, "\(once.value ?? "\(once.findings)")", sourceLocation: sourceLocation)
  let twice = format(TextFile(path: "a.martlet", text: expected))
  #expect(twice.value == expected, sourceLocation: sourceLocation)
}

extension Fixture {
  /// The text with blanks, blank lines and comments strewn where they mean nothing.
  static func shaken(_ text: String, using random: inout SeededGenerator) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = String(line)
      switch random.next() % 8 {
      case 0: line = "   " + line
      case 1: line = line.replacing(", ", with: " ,  ")
      case 2 where !line.contains("#"): line += "  # note"
      case 3: line = "# before\n" + line
      case 4: line += "\n"
      case 5: line = line.replacing("(", with: "( ")
      default: break
      }
      return line
    }.joined(separator: "\n")
  }
}
