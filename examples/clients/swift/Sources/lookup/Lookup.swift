import MartletServing

/// Asks for the same without a server, from Swift: `lookup PROJECT`.
@main
enum Lookup {
  static func main() throws {
    let project = try EmbeddedProject(CommandLine.arguments[1])
    let question = #"""
      {"service": "checkout", "entities": {"customer": ["c1", "c9"]}, "given": {"amount": [25, 25]}}
      """#
    let answer = Array(question.utf8).withUnsafeBytes { project.questions.get($0) }
    print(answer.status, answer.text)
  }
}
