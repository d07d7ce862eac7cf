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
    #expect(page.joined(separator: "\n\n") == expected + "\n", sourceLocation: sourceLocation)
  }

  private func path(_ names: String) -> CommandPath {
    names.split(separator: " ").reduce(CommandPath(Tea.command)) { path, name in
      path.command.commands.first { $0.name == name }.map(path.appending) ?? path
    }
  }
}
