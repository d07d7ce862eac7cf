/// The page that explains a kind of finding: what it is about, a program that has it, what is then
/// said, and a program that is understood.
public struct FindingPage: Sendable {
  /// The code of the finding.
  public var code: String

  /// The page, in Markdown.
  public var text: String

  init(_ code: String, _ text: String) {
    self.code = code
    self.text = text
  }
}

extension FindingPage {
  /// The page about the findings with that code.
  public static func about(_ code: String) -> FindingPage? { all.first { $0.code == code } }
}
