/// Swift source with the parts told apart that matter to a reader who looks for words.
struct SwiftText {
  /// The source with comments and the insides of string literals blanked, line for line.
  let code: String

  init(_ source: String) {
    var scanner = Scanner(rest: Array(source.utf8)[...])
    scanner.run()
    code = String(decoding: scanner.code, as: UTF8.self)
  }

  private struct Scanner {
    enum Place: Equatable {
      case code, lineComment
      case blockComment(depth: Int)
      case string, longString
    }

    var rest: ArraySlice<UInt8>
    var code: [UInt8] = []
    var place = Place.code

    mutating func run() {
      while let byte = rest.first {
        if byte == UInt8(ascii: "\n") { endLine() } else { step() }
      }
    }

    private mutating func endLine() {
      rest.removeFirst()
      code.append(UInt8(ascii: "\n"))
      if place == .lineComment || place == .string { place = .code }
    }

    private mutating func step() {
      switch place {
      case .code:
        if skip("//") {
          place = .lineComment
        } else if skip("/*") {
          place = .blockComment(depth: 1)
        } else if skip("\"\"\"") {
          place = .longString
        } else if skip("\"") {
          place = .string
        } else {
          code.append(rest.removeFirst())
        }
      case .lineComment:
        rest.removeFirst()
      case .blockComment(let depth):
        if skip("/*") {
          place = .blockComment(depth: depth + 1)
        } else if skip("*/") {
          place = depth == 1 ? .code : .blockComment(depth: depth - 1)
        } else {
          rest.removeFirst()
        }
      case .string, .longString:
        if skip(#"\\"#) || skip(#"\""#) { return }
        if skip(place == .string ? "\"" : "\"\"\"") {
          place = .code
        } else {
          rest.removeFirst()
        }
      }
    }

    private mutating func skip(_ text: StaticString) -> Bool {
      let start = text.withUTF8Buffer { rest.starts(with: $0) }
      if start {
        rest.removeFirst(text.utf8CodeUnitCount)
        code.append(UInt8(ascii: " "))
      }
      return start
    }
  }
}
