/// An `import` in Swift source, whatever stands before or after the module's name.
///
///     @testable import X      public import X      @_exported public import X
///     import struct X.Y       @_spi(Name) import X      import X; import Y
struct ImportLine: Equatable {
  var number: Int
  var module: String

  static func all(in file: String) -> [ImportLine] {
    var found: [ImportLine] = []
    let lines = SwiftText(file).code.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      for statement in line.split(separator: ";") {
        if let module = module(importedBy: statement) {
          found.append(ImportLine(number: index + 1, module: module))
        }
      }
    }
    return found
  }

  private static let access: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private", "open",
  ]
  private static let kinds: Set<Substring> = [
    "actor", "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
  ]

  private static func module(importedBy statement: Substring) -> String? {
    var words = statement.split(whereSeparator: \.isWhitespace)[...]
    words = words.drop { $0.hasPrefix("@") || access.contains($0) }
    guard words.popFirst() == "import" else { return nil }
    if let kind = words.first, kinds.contains(kind) { words.removeFirst() }
    return words.first.flatMap { $0.split(separator: ".").first }.map(String.init)
  }
}
