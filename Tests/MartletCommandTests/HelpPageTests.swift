import Glibc
import Testing

@testable import MartletCommand

struct HelpPageTests {
  @Test func `a command's page`() {
    expectPage(
      "pour",
      """
      Pour tea into cups.

      Tea is poured into each cup in turn, from the left to the right, until nothing
      is left in the pot or nobody is left at the table.

      A cup that is full stays full.

      Usage: tea pour [CUP…] [flags]

      Operands:
        CUP  Where it goes.

      Flags:
        -c, --cups N  How many cups. [default: 1]
        --milk KIND   Which milk.
        --sugar LUMP  A lump of sugar. [may be repeated]
        -H, --hot     Heat it.

      Examples:
        # Two cups, one for each of us.
        tea pour --cups 2 red.cup blue.cup
        tea pour --hot
      """)
  }

  @Test func `a group's page leaves out what is hidden`() {
    expectPage(
      "",
      """
      Make tea.

      Usage: tea COMMAND [flags]

      Commands:
        pour  Pour tea into cups.
        cup   Look after cups.

      `tea COMMAND --help` says more about a command.
      """)
  }

  @Test func `the program's page parts its commands by what they are for`() {
    let page = HelpPage(CommandPath(.martlet)).text
    #expect(page.contains("\nDefine features:\n  init ") && page.contains("\nTrain:\n  train "))
    #expect(!page.contains("\nCommands:\n"))
    for command in Command.martlet.commands where command.visibility == .listed {
      #expect(page.contains("\n  \(command.name) "), "\(command.name)")
    }
  }

  @Test func `the manual page has every command, and nothing that roff would stumble over`() throws
  {
    let page = ManualPage(.martlet).text
    let requests = ["TH", "SH", "SS", "PP", "TP", "B", "I", "RS", "RE", "nf", "fi"].map { "." + $0 }
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
    }
    #expect(page.contains("\n.SS martlet file convert IN OUT [flags]\n"))
    #expect(page.contains("\n.B \\-\\-json\n"))
    guard isInstalled("groff") else { return }
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    let file = try #require(fopen("\(folder)/martlet.1", "w"))
    fputs(page, file)
    fclose(file)
    let words = ["-ww", "-man", "-Kutf8", "-Tutf8", "\(folder)/martlet.1"]
    let groff = try RunningProgram("groff", words, environment: ["PATH": "/usr/bin:/bin"]).end()
    #expect(groff.exit == 0 && groff.talk.isEmpty, "\(groff.talk)")
  }

  @Test func `required flags stand in the usage line`() {
    #expect(path("cup wash").usage == "tea cup wash CUP [TOWEL] --soap N [flags]")
  }

  @Test func `every page of martlet fits in 80 columns, and every command has an example`() {
    expectSound(CommandPath(.martlet))
  }

  private func expectSound(_ path: CommandPath) {
    for line in HelpPage(path).text.split(separator: "\n") where !line.hasPrefix("  martlet ") {
      #expect(line.count <= 80, "\(path.spelled): \(line)")
    }
    if case .action(let action) = path.command.kind {
      #expect(!action.examples.isEmpty, "\(path.spelled)")
    }
    for command in path.command.commands { expectSound(path.appending(command)) }
  }

  /// The page but for the flags of every command, which the whole program's pages share.
  private func expectPage(
    _ names: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let sections = HelpPage(path(names)).text.split(separator: "\n\n")
    let page = sections.filter { !$0.hasPrefix("Flags of every command:") }
    var text = page.joined(separator: "\n\n")
    if !text.hasSuffix("\n") { text += "\n" }  // the flags of every command stood last
    #expect(text == expected + "\n", sourceLocation: sourceLocation)
  }

  private func path(_ names: String) -> CommandPath {
    names.split(separator: " ").reduce(CommandPath(Tea.command)) { path, name in
      path.command.commands.first { $0.name == name }.map(path.appending) ?? path
    }
  }
}
